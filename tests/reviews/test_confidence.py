"""A finding for the commission alone moves nothing that the declarant sees; one that is not is the declarant's to read."""

from typing import Any

import pytest

from tests.screening.declaring import Headers, Json, Office, gift, line, meal

from .raising import PATH, attempt, put, refusal, standing, suspicion, take_back

BLIND = ("declarant", "delegate", "hr", "stranger", "sister_commission")


async def everything(office: Office, by: Headers, declared: Json) -> list[Any]:
    """All that a caller can get to see of a declaration and its findings, to the byte and the tag."""
    lists: list[dict[str, Any]] = [{}, {"ban": 4}, {"ban": 4, "min_level": "notice"}, {"min_level": "notice"}]
    asked: list[tuple[str, dict[str, Any]]] = [("/v1/me", {})]
    asked += [("/v1/declarations", {**filters, "count": True}) for filters in lists]
    asked += [(PATH, {**filters, "count": True, **more}) for filters in lists for more in ({}, {"origin": "hand"}, {"current": False})]
    path = f"/v1/declarations/{declared['id']}"
    asked += [(path, {}), (f"{path}/screenings", {"count": True}), (f"{path}/revisions", {"count": True})]
    answers = [await office.client.get(path, params=params, headers=by) for path, params in asked]
    return [(one.status_code, one.headers.get("etag"), {**one.json(), "instance": None}) for one in answers]


async def test_a_confidential_finding_moves_nothing_that_others_than_the_commission_see(office: Office, insider: Headers) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    callers = [*(getattr(office, name) for name in BLIND), insider]
    before = [await everything(office, by, filed) for by in callers]
    found = await put(office, filed)
    assert [await everything(office, by, filed) for by in callers] == before
    assert (await take_back(office, found)).status_code == 200
    assert [await everything(office, by, filed) for by in callers] == before
    for by in callers:
        nothing = await office.get(f"{PATH}/{suspicion(filed)['declaration']}", by, 404)
        assert {**await office.get(f"{PATH}/{found['id']}", by, 404), "instance": ""} == {**nothing, "instance": ""}


async def test_one_that_is_not_confidential_is_told_to_the_declarant(office: Office) -> None:
    filed = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    found = await put(office, filed, confidential=False)
    for by in (office.declarant, office.delegate, office.commission):
        assert (await office.get(PATH, by))["items"] == [found]
        assert await office.get(f"{PATH}/{found['id']}", by) == found
        assert await office.found(by, ban=4, min_level="breach") == [filed["id"]]
    for by in (office.hr, office.stranger, office.sister_commission):
        assert await standing(office, by) == []
        await office.get(f"{PATH}/{found['id']}", by, 404)


async def test_what_it_asks_the_declarant_to_do_is_among_their_tasks_while_it_stands(office: Office) -> None:
    filed = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    remedy = {"text": "请补充说明办理经过。", "due_on": "2026-11-01"}
    await put(office, filed, remedy=remedy)
    assert (await office.get("/v1/me", office.declarant))["tasks"] == []
    await put(office, filed, confidential=False)
    asked = await put(office, filed, remedy=remedy, confidential=False)
    (found,) = (await office.get("/v1/me", office.declarant))["tasks"]
    task = {
        "id": found["id"],
        "declaration": filed["id"],
        "kind": "meal",
        "review": None,
        "obligation": None,
        "approval": None,
        "rule": None,
        "level": "breach",
        "action": "as-asked",
        "days_left": 12,
        "overdue": False,
        "acts": [{"method": "PATCH", "path": f"/v1/declarations/{filed['id']}"}],
        **remedy,
    }
    assert found == task
    assert (await take_back(office, asked)).status_code == 200
    assert (await office.get("/v1/me", office.declarant))["tasks"] == []


async def test_a_reviewer_of_oneself_reads_as_the_declarant_does_and_withdraws_nothing(office: Office, insider: Headers) -> None:
    filed = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    kept_back, open_one = await put(office, filed), await put(office, filed, confidential=False)
    assert await standing(office, insider) == [open_one["id"]]
    assert await office.found(insider, ban=4) == [filed["id"]]
    assert refusal(await take_back(office, kept_back, insider)) == (404, "not-found")
    assert refusal(await take_back(office, open_one, insider)) == (403, "own-declaration")
    assert await standing(office, office.commission) == [open_one["id"], kept_back["id"]]


async def test_findings_of_rules_come_in_the_reader_s_own_view(office: Office, insider: Headers) -> None:
    await office.discover(gift("2026-08-01", line(worth="7000.00", action="kept"), giver={"name": "远山矿业"}))
    own = await office.file(gift("2026-09-25", line(worth="12000.00", action="kept"), giver={"name": "远山矿业"}), by=office.declarant)
    rule = {"declaration": own["id"], "rule": "combined.criminal-threshold"}
    seen = {name: (await office.get(PATH, by, **rule))["items"] for name, by in _readers(office, insider)}
    assert [item["evidence"]["group_total"] for item in seen["declarant"]] == ["12000.00"]
    assert [item["evidence"]["group_total"] for item in seen["commission"]] == ["19000.00"]
    assert [item["confidential"] for item in (*seen["declarant"], *seen["commission"])] == [False, True]
    assert seen["insider"] == seen["declarant"]
    known, shown = seen["commission"][0]["id"], seen["declarant"][0]["id"]
    for by in (office.declarant, insider):
        await office.get(f"{PATH}/{known}", by, 404)
    assert (await office.get(f"{PATH}/{shown}", office.commission))["current"] is False, "the commission knows a fuller one"
    assert {item["declaration"] for item in (await office.get(PATH, office.declarant))["items"]} == {own["id"]}


def _readers(office: Office, insider: Headers) -> list[tuple[str, Headers]]:
    return [("declarant", office.declarant), ("commission", office.commission), ("insider", insider)]


async def test_an_inquiry_moves_no_finding_that_the_declarant_reads(office: Office) -> None:
    filed = await office.file(gift("2026-10-05", line(), line(action="returned", on="2026-10-12")), by=office.declarant)
    before = await everything(office, office.declarant, filed)
    ids = await standing(office, office.declarant)
    tags = [(await office.client.get(f"{PATH}/{one}", headers=office.declarant)).headers["etag"] for one in ids]
    await office.inquire("2026-10-10")
    assert await everything(office, office.declarant, filed) == before
    assert [(await office.client.get(f"{PATH}/{one}", headers=office.declarant)).headers["etag"] for one in ids] == tags
    assert len(await standing(office, office.commission)) == len(ids) + 1


@pytest.mark.parametrize("confidential", [True, False])
async def test_what_was_discovered_stays_with_the_commission_whatever_is_raised_on_it(office: Office, confidential: bool) -> None:
    found = await office.discover(meal("2026-10-10"), "meal")
    raised = await put(office, found, confidential=confidential)
    assert await standing(office, office.commission) == [raised["id"]]
    for by in (office.declarant, office.delegate):
        assert await standing(office, by) == []
        await office.get(f"{PATH}/{raised['id']}", by, 404)
    assert refusal(await attempt(office, suspicion(found), office.declarant)) == (403, "scope-missing")
