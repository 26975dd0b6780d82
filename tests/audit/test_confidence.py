"""Who may see which line, and what nobody learns of themselves."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ledger import rfc
from tests.ledger.sealing import write
from tests.screening.conftest import Travel
from tests.screening.declaring import Office, gift, line

from .conftest import Auditor, Headers, digest

Keys = Callable[..., Awaitable[str]]
TELLING = {"inquiry.opened", "finding.raised", "review.opened", "declaration.screened"}


@pytest.fixture
async def official_auditor(office: Office, make_key: Keys) -> Headers:
    """An auditor who is the official under inquiry."""
    return {"Authorization": f"Bearer {await make_key('audit:read', 'declarations:write', person=office.official)}"}


async def raised(office: Office, declaration: str) -> None:
    """A reviewer's confidential finding."""
    basis = [{"instrument": "条例", "since": "2020-01-01"}]
    body = {"declaration": declaration, "ban": 4, "level": "notice", "title": "须说明", "message": "须核实。", "basis": basis}
    assert (await office.client.post("/v1/findings", json=body, headers=office.commission)).status_code == 201


async def returned(office: Office) -> dict[str, Any]:
    """A gift that went back long after it came, which an inquiry puts in another light."""
    return await office.file(gift("2026-06-01", line(action="returned", on="2026-09-20")))


async def test_the_ledger_is_for_auditors(auditor: Auditor, office: Office) -> None:
    await write(auditor.sealer.database)
    one = (await auditor.get("lines", limit=1))["items"][0]["id"]
    for path in ("checkpoint", "lines", f"lines/{one}", "consistency?first=0&second=1", "tile/0/000.p/1", "tile/entries/000.p/1"):
        for by in (office.declarant, office.hr, office.commission):
            assert await auditor.refused(path, by) == (403, "scope-missing")
    for by in (office.declarant, office.hr, office.commission):
        assert await auditor.refused(f"lines/{one}/proof", by) == (404, "not-found")
        assert (await auditor.ask("key", by)).status_code == 200


async def test_who_holds_a_receipt_proves_it(auditor: Auditor, office: Office) -> None:
    declared = await office.file(gift("2026-10-01"))
    receipt = declared["receipt"]
    for by in (office.declarant, office.delegate, office.commission):
        proof = await auditor.get(f"lines/{receipt['line']}/proof", by)
        assert proof["leaf_hash"] == receipt["leaf_hash"]
        hashes = [digest(one) for one in proof["hashes"]]
        held = (digest(receipt["leaf_hash"]), proof["leaf_index"], proof["tree_size"], hashes, digest(proof["root"]))
        assert rfc.is_included(*held)
        assert proof["checkpoint"]
    for by in (office.stranger, office.sister_commission, office.hr):
        assert await auditor.refused(f"lines/{receipt['line']}/proof", by) == (404, "not-found")
    assert await auditor.refused(f"lines/{receipt['line']}/proof", office.declarant, size=proof["tree_size"]) == (403, "scope-missing")


async def test_the_receipt_of_every_act_can_be_proved_and_that_of_a_judgement_cannot(auditor: Auditor, office: Office) -> None:
    draft = await office.file(gift("2026-10-01"), by=office.declarant, status="draft")
    path, match = f"/v1/declarations/{draft['id']}", {**office.declarant, "If-Match": "*"}
    for method, below, body in (
        ("PATCH", "", {"note": "甲"}),
        ("POST", "/submission", None),
        ("PATCH", "", {"note": "乙"}),
        ("POST", "/withdrawal", {"reason": "重复"}),
    ):
        answer = await office.client.request(method, path + below, json=body, headers=match)
        assert answer.status_code == 200, answer.text
    lines = (await auditor.get("lines", subject=draft["id"]))["items"]
    provable = {one["action"]: (await auditor.ask(f"lines/{one['id']}/proof", office.declarant)).status_code for one in lines}
    assert {action for action, status in provable.items() if status == 200} == {
        f"declaration.{done}" for done in ("drafted", "redrafted", "submitted", "amended", "withdrawn")
    }
    assert provable["declaration.screened"] == 404


async def test_a_declarant_s_proof_does_not_move_when_an_inquiry_is_opened(auditor: Auditor, office: Office, travel: Travel) -> None:
    receipt = (await returned(office))["receipt"]
    path = f"lines/{receipt['line']}/proof"
    kept = await auditor.get(path, office.declarant)
    travel("2026-10-20T13:00:00+08:00")
    await office.inquire("2026-08-01")
    assert await auditor.get(path, office.declarant) == kept
    assert (await auditor.get(path))["tree_size"] > kept["tree_size"]


async def test_nothing_of_the_commission_s_can_be_proved_by_those_whom_it_concerns(auditor: Auditor, office: Office) -> None:
    declared = await returned(office)
    discovered = await office.discover(gift("2026-07-01"))
    await office.inquire("2026-08-01")
    await raised(office, str(declared["id"]))
    lines = (await auditor.get("lines", limit=200))["items"]
    assert {one["action"] for one in lines} >= TELLING
    theirs = [one for one in lines if one["action"] in TELLING or one["subject"] == discovered["id"]]
    for one in theirs:
        assert await auditor.refused(f"lines/{one['id']}/proof", office.declarant) == (404, "not-found")
        assert await auditor.refused(f"lines/{one['id']}", office.declarant) == (403, "scope-missing")


async def test_an_auditor_who_is_an_official_sees_no_line_that_may_come_of_an_inquiry(
    auditor: Auditor, office: Office, official_auditor: Headers
) -> None:
    declared = await returned(office)
    await office.inquire("2026-08-01")
    await raised(office, str(declared["id"]))
    everything = (await auditor.get("lines", limit=200))["items"]
    seen = await auditor.get("lines", official_auditor, limit=200, count=True)
    assert [one["id"] for one in seen["items"]] == [one["id"] for one in everything if one["action"] not in TELLING]
    assert seen["count"] == len(seen["items"]) < len(everything)
    for one in everything:
        hidden = one["action"] in TELLING
        for below in ("", "/proof"):
            assert (await auditor.ask(f"lines/{one['id']}{below}", official_auditor)).status_code == (404 if hidden else 200)
    for action in TELLING:
        assert (await auditor.get("lines", official_auditor, action=action, count=True))["count"] == 0
    assert await auditor.refused("tile/entries/000.p/1", official_auditor) == (403, "key-without-person-needed")
    assert (await auditor.ask("tile/0/000.p/1", official_auditor)).status_code == 200
