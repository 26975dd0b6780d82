"""Who may export what, and how it is asked for."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.exports import service
from app.kit import clock
from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import reading
from tests.conftest import Make
from tests.people.asking import faults_of
from tests.reports.test_past import amend
from tests.screening.conftest import Travel
from tests.screening.declaring import Office, gift, line, meal, rules

from .exporting import PATH, Desk, as_csv, as_ndjson


async def exported(desk: Desk, by: dict[str, str], **asked: Any) -> list[str]:
    """The ids of what an export holds, which is what the list shows."""
    _, items = as_ndjson(await desk.file(by, format="ndjson", **asked))
    filters, as_at = asked.get("filters", {}), {"as_at": asked["as_at"]} if "as_at" in asked else {}
    listed = await desk.office.get(f"/v1/{asked.get('of', 'declarations')}", by, limit=200, **filters, **as_at)
    assert items == listed["items"]
    return [item["id"] for item in items]


@pytest.mark.parametrize("who", ["declarant", "delegate", "hr", "stranger"])
async def test_who_does_not_read_for_the_commission_exports_nothing(desk: Desk, office: Office, who: str) -> None:
    answer = await desk.post(getattr(office, who))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    assert "declarations:read / reviews:write" in answer.json()["detail"]
    for path in ("", f"/{new_id()}", f"/{new_id()}/file"):
        assert (await office.client.get(PATH + path, headers=getattr(office, who))).status_code == 403


async def test_an_export_holds_what_its_caller_reads_and_nothing_else(desk: Desk, office: Office, make_person: Make) -> None:
    sister = await make_person(office.sister)
    ours = await office.file(gift("2026-10-05"), by=office.declarant)
    await office.file(gift("2026-10-05"), by=office.declarant, status="draft")
    theirs = await office.file(gift("2026-10-05"), declarant=sister["id"])
    assert await exported(desk, office.commission) == [theirs["id"], ours["id"]]
    assert await exported(desk, office.sister_commission) == [theirs["id"]]


async def test_nobody_exports_what_is_confidential_about_themselves(desk: Desk, office: Office, make_key: Make) -> None:
    on_commission = {
        "Authorization": f"Bearer {await make_key('declarations:read', 'declarations:write', 'reviews:write', person=office.official)}"
    }
    await office.inquire("2026-10-01")
    filed = await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")), by=office.declarant)
    discovered = await office.discover(gift("2026-10-06"))
    assert await exported(desk, on_commission) == [filed["id"]]
    assert await exported(desk, on_commission, of="findings") == []
    assert as_csv(await desk.file(on_commission)).column("疑点规则") == [""]
    assert await exported(desk, office.commission) == [discovered["id"], filed["id"]]
    assert any("gift.returned-after-inquiry" in cell for cell in as_csv(await desk.file(office.commission)).column("疑点规则"))


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": "gift"}, {"kind": "meal"}, {"status": "submitted"}, {"min_worth": "500"}, {"rule": "gift.not-surrendered"}, {"ban": 7},
        {"min_level": "breach"}, {"q": "恒远"}, {"q": "恒达"}, {"occurred_from": "2026-10-06"}, {"occurred_until": "2026-10-05"},
    ],
)  # fmt: skip
async def test_filters_mean_what_they_mean_in_the_list(desk: Desk, office: Office, filters: dict[str, Any]) -> None:
    await office.file(gift("2026-10-05"), by=office.declarant)
    await office.file(gift("2026-10-10", line(worth="900", action="kept"), giver={"name": "恒大有限公司"}), by=office.declarant)
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    ready = await desk.made(office.commission, filters=filters)
    assert ready["rows"] == ready["expected"] == len(await exported(desk, office.commission, filters=filters))
    assert ready["filters"] == filters


async def test_the_reach_is_that_of_the_moment_of_asking(desk: Desk, office: Office, make_person: Make, make_key: Make) -> None:
    member, filed = await make_person(office.bureau), await office.file(gift("2026-10-05"), by=office.declarant)
    by = {"Authorization": f"Bearer {await make_key('declarations:read', person=member)}"}
    waiting = await desk.asked(by, format="ndjson")
    elsewhere, headers = {"unit": office.sister["id"]}, {**office.root, "If-Match": "*"}
    assert (await office.client.patch(f"/v1/persons/{member['id']}", json=elsewhere, headers=headers)).status_code == 200
    assert await office.found(by) == []
    await desk.maker.work_off()
    _, items = as_ndjson((await desk.download(waiting, by)).content)
    assert [item["id"] for item in items] == [filed["id"]]


async def test_nobody_else_learns_of_an_export(desk: Desk, office: Office, make_key: Make) -> None:
    ready = await desk.made(office.commission)
    colleague = {"Authorization": f"Bearer {await make_key('declarations:read', 'reviews:write', unit=office.city)}"}
    for by in (colleague, office.root):
        await desk.read(ready, by, 404)
        assert (await desk.download(ready, by)).status_code == 404
        gone = await office.client.delete(f"{PATH}/{ready['id']}", headers={**by, "If-Match": "*"})
        assert gone.status_code == 404
        assert (await office.get(PATH, by, count=True)) == {"items": [], "next": None, "count": 0}
    assert (await desk.read(ready, office.commission))["state"] == "ready"


async def test_one_s_own_are_listed_page_by_page(desk: Desk, office: Office) -> None:
    ids = [(await desk.asked(office.commission))["id"] for _ in range(3)]
    first = await office.get(PATH, office.commission, limit=2, count=True)
    second = await office.get(PATH, office.commission, limit=2, after=first["next"])
    assert ([one["id"] for one in [*first["items"], *second["items"]]], first["count"], second["next"]) == (ids[::-1], 3, None)


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ({"format": "pdf"}, [("/format", "enum")]),
        ({"of": "persons"}, [("/of", "enum")]),
        ({"filters": {"kind": "bribe"}}, [("/filters/kind", "enum")]),
        ({"filters": {"min_worth": "1e3"}}, [("/filters/min_worth", "string-pattern-mismatch")]),
        ({"filters": {"colour": "red"}}, [("/filters/colour", "extra-forbidden")]),
        ({"filters": {"ban": 12}}, [("/filters/ban", "less-than-equal")]),
        ({"of": "findings", "as_at": "2026-10-01T00:00:00Z"}, [("/as_at", "extra-forbidden")]),
        ({"as_at": "2027-10-01T00:00:00Z"}, [("/as_at", "instant-in-the-future")]),
        (
            {"as_at": "2026-10-01T00:00:00Z", "filters": {"q": "恒远", "rule": "x"}},
            [("/filters/rule", "not-kept-of-the-past"), ("/filters/q", "not-kept-of-the-past")],
        ),
    ],
)
async def test_what_is_wrong_is_named_field_by_field(
    desk: Desk, office: Office, asked: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    assert faults_of(await desk.post(office.commission, **asked)) == faults
    assert await desk.maker.work_off() == 0


async def test_too_many_rows_are_refused_before_any_work(app: FastAPI, desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    monkeypatch.setattr(service, "XLSX_ROWS", 1)
    refused = await desk.post(office.commission, format="xlsx")
    assert faults_of(refused) == [("/filters", "too-many-rows")]
    assert "csv" in refused.json()["errors"][0]["message"]
    assert (await desk.post(office.commission)).status_code == 202
    app.state.settings.export_rows = 1
    assert faults_of(await desk.post(office.commission)) == [("/filters", "too-many-rows")]
    assert (await desk.post(office.commission, filters={"kind": "gift"})).status_code == 202


async def test_one_caller_has_only_so_many_at_a_time(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    first = await desk.made(office.commission)
    answer = await desk.post(office.commission)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-exports")
    assert (await desk.post(office.sister_commission)).status_code == 202
    gone = await office.client.delete(f"{PATH}/{first['id']}", headers={**office.commission, "If-Match": "*"})
    assert gone.status_code == 204
    assert (await desk.post(office.commission)).status_code == 202


async def test_a_repeated_request_makes_one_export(desk: Desk, office: Office) -> None:
    keyed = {**office.commission, "Idempotency-Key": "eins"}
    first, again = await desk.post(keyed), await desk.post(keyed)
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    assert again.headers["idempotent-replayed"] == "true"
    assert await desk.maker.work_off() == 1


async def test_the_register_is_exported_as_it_stood(desk: Desk, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05", line(worth="300.00")), by=office.declarant)
    travel("2026-10-21")
    before = clock.now().isoformat()
    travel("2026-10-22")
    await amend(office, filed, {"items": [line(worth="900.00")], "giver": {"name": "乙公司"}}, office.declarant)
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    assert await exported(desk, office.commission, as_at=before) == [filed["id"]]
    stood = as_csv(await desk.file(office.commission, as_at=before, filters={"kind": "gift"}))
    assert (stood.column("已知价值"), stood.column("版本"), stood.column("往来对象")) == (["300.00"], ["1"], ["恒远建设有限公司"])
    assert stood.manifest["as_at"] == "2026-10-21T04:00:00Z"[:17] + before[17:].replace("+00:00", "Z")
    assert stood.column("疑点规则")[0].split() == list(rules(filed))


async def test_the_ledger_tells_of_each_step_and_nothing_of_anybody(desk: Desk, office: Office, app: FastAPI) -> None:
    ready = await desk.made(office.commission, filters={"declarant": office.official["id"], "q": "恒远"})
    await desk.download(ready, office.commission)
    await desk.download(ready, office.commission, Range="bytes=3-9")
    await office.client.delete(f"{PATH}/{ready['id']}", headers={**office.commission, "If-Match": "*"})
    asked = select(ledger_line.c.action, ledger_line.c.content, ledger_line.c.actor)
    async with reading(app.state.database) as view:
        lines = (await view.connection.execute(asked.where(ledger_line.c.subject == UUID(ready["id"])).order_by(ledger_line.c.id))).all()
    assert [line.action.removeprefix("export.") for line in lines] == ["requested", "completed", "downloaded", "downloaded", "discarded"]
    assert lines[0].content.keys() == {"of", "format", "as_at", "filters"}
    assert lines[1].content == {"rows": ready["rows"], "digest": ready["digest"]}
    assert [line.content["from"] for line in lines[2:4]] == [0, 3]
    assert {line.actor for line in lines if line.action != "export.completed"} == {lines[0].actor}
    assert lines[0].actor.startswith("key:")
    assert not any(said in str(line.content) for line in lines for said in (office.official["id"], "恒远"))


async def test_an_auditor_who_is_an_official_is_shown_no_export(desk: Desk, office: Office, make_key: Make) -> None:
    ready = await desk.made(office.commission)
    await Sealer(desk.maker.database, None).seal()
    official = {"Authorization": f"Bearer {await make_key('audit:read', person=office.official)}"}
    assert (await office.get("/v1/ledger/lines", official, subject=ready["id"]))["items"] == []
    assert len((await office.get("/v1/ledger/lines", office.root, subject=ready["id"]))["items"]) == 2
