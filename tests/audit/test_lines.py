"""What auditors read of the lines."""

import hashlib
from typing import Any

from app.kit import clock
from tests.ledger.sealing import write
from tests.screening.conftest import Travel
from tests.screening.declaring import Office, gift

from .conftest import Auditor, digest


async def test_every_write_is_found_with_the_text_that_was_hashed(auditor: Auditor, office: Office) -> None:
    declared = await office.file(gift("2026-10-01"))
    about = await auditor.get("lines", subject=declared["id"], count=True)
    assert [line["action"] for line in about["items"]] == ["declaration.screened", "declaration.submitted"]
    assert (about["count"], about["next"]) == (2, None)
    line = about["items"][-1]
    assert (line["id"], line["leaf_hash"], line["recorded_at"]) == tuple(
        declared["receipt"][name] for name in ("line", "leaf_hash", "recorded_at")
    )
    assert digest(line["leaf_hash"]) == hashlib.sha256(b"\x00" + line["leaf"].encode()).digest()
    assert await auditor.get(f"lines/{line['id']}") == line


async def test_pages_go_back_without_a_gap(auditor: Auditor) -> None:
    await write(auditor.sealer.database, 7)
    page = await auditor.get("lines", limit=3)
    seen = page["items"]
    while page["next"]:
        page = await auditor.get("lines", limit=3, after=page["next"])
        seen += page["items"]
    assert [line["position"] for line in seen] == list(range(len(seen)))[::-1]
    assert len(seen) >= 7


async def test_lines_are_found_by_act_actor_and_time(auditor: Auditor, office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-01"))
    everything = (await auditor.get("lines", limit=200))["items"]
    submitted = await auditor.get("lines", action="declaration.submitted")
    assert [line["action"] for line in submitted["items"]] == ["declaration.submitted"]
    by = submitted["items"][0]["actor"]
    assert {line["actor"] for line in (await auditor.get("lines", actor=by))["items"]} == {by}
    travel("2026-10-21")
    then = clock.now().isoformat()
    assert (await auditor.get("lines", since=then))["items"] == []
    await write(auditor.sealer.database)
    assert [line["action"] for line in (await auditor.get("lines", since=then))["items"]] == ["thing.done"]
    assert len(everything) == (await auditor.get("lines", count=True, limit=1))["count"] - 1


async def test_what_waits_to_be_sealed_is_not_listed_and_says_so_by_its_id(auditor: Auditor) -> None:
    await auditor.sealer.seal()
    (line,) = await write(auditor.sealer.database)
    listed = await auditor.client.get("/v1/ledger/lines", headers=auditor.headers)
    assert str(line) not in [one["id"] for one in listed.json()["items"]]
    for below in ("", "/proof"):
        answer = await auditor.client.get(f"/v1/ledger/lines/{line}{below}", headers=auditor.headers)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "line-not-sealed", "1")
    assert (await auditor.get(f"lines/{line}"))["action"] == "thing.done"


async def test_bad_questions_name_the_field(auditor: Auditor) -> None:
    params: dict[str, Any]
    for params in (
        {"since": "2026-10-01"},
        {"since": "2026-10-01T00:00:00"},
        {"since": "0.5"},
        {"since": "2026-13-01T00:00:00Z"},
        {"subject": "x"},
        {"action": "A"},
        {"actor": ""},
    ):
        answer = await auditor.ask("lines", None, **params)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/query/{next(iter(params))}")
