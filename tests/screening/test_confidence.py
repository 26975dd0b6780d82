"""What the commission knows and the declarant must not: neither shown, nor counted, nor given away by what changes."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.worker import run_once
from tests.tags import version

from .conftest import Travel
from .declaring import Headers, Json, Office, finding, gift, line, rules

R17 = "gift.returned-after-inquiry"
SEEN = (
    ("min_level", "breach"),
    ("min_level", "record"),
    ("rule", R17),
    ("rule", "combined.criminal-threshold"),
    ("ban", 7),
    ("kind", "gift"),
    ("sort", "-level"),
    ("facets", "kind,status,level,unit,rule,ban,year"),
)


def returned(received_on: str = "2026-09-25", on: str = "2026-10-12", **over: Any) -> Json:
    return gift(received_on, line(action="returned", on=on), **over)


async def everything(office: Office, by: Headers, *declared: Json) -> list[Any]:
    """All that a caller can get to see of the official's declarations, to the byte."""
    asked: list[tuple[str, dict[str, Any]]] = [("/v1/me", {}), ("/v1/declarations", {"count": True}), ("/v1/inquiries", {"count": True})]
    asked += [("/v1/declarations", {name: value, "count": True}) for name, value in SEEN]
    for one in declared:
        path = f"/v1/declarations/{one['id']}"
        asked += [(path, {}), (f"{path}/screenings", {"count": True}), (f"{path}/revisions", {"count": True})]
    answers = [await office.client.get(path, params=params, headers=by) for path, params in asked]
    preview = {"kind": "gift", "details": gift("2026-10-19")}
    answers.append(await office.client.post("/v1/previews", json=preview, headers=by))
    volatile = ("instance", "judged_on") if by is office.stranger else ("instance",)
    return [(answer.status_code, answer.headers.get("etag"), _without(answer.json(), *volatile)) for answer in answers]


def _without(body: Any, *names: str) -> Any:
    return {name: value for name, value in body.items() if name not in names} if isinstance(body, dict) else body


async def test_a_return_after_an_inquiry_is_found_by_the_commission_alone(office: Office) -> None:
    await office.inquire("2026-10-01")
    filed = await office.file(returned(), by=office.declarant)
    assert R17 not in rules(filed)
    for by in (office.declarant, office.delegate):
        assert rules(await office.read(filed, by)) == {}
        assert (await office.read(filed, by))["screening"]["outcome"] == "clear"
        assert await office.found(by, rule=R17) == []
        assert await office.found(by, ban=7) == []
        assert await office.found(by, min_level="record") == []
        assert [past["findings"] for past in (await office.get(f"/v1/declarations/{filed['id']}/screenings", by))["items"]] == [[]]
        assert (await office.get("/v1/me", by))["tasks"] == []
        assert (await office.client.get("/v1/inquiries", headers=by)).status_code == 403
    known = await office.read(filed, office.commission)
    assert rules(known) == {R17: "breach"}
    assert known["screening"]["outcome"] == "breach"
    assert finding(known, R17)["confidential"] is True
    for filters in ({"rule": R17}, {"ban": 7}, {"min_level": "breach"}, {"rule": R17, "ban": 7, "min_level": "breach"}):
        assert await office.found(office.commission, **filters) == [filed["id"]]
    assert await office.found(office.commission, min_level="serious") == []


async def test_a_preview_says_nothing_of_an_inquiry(office: Office) -> None:
    body = {"kind": "gift", "details": returned()}
    before = (await office.client.post("/v1/previews", json=body, headers=office.declarant)).json()
    await office.inquire("2026-10-01")
    assert (await office.client.post("/v1/previews", json=body, headers=office.declarant)).json() == before


async def test_an_inquiry_recorded_later_moves_nothing_that_the_declarant_sees(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(returned(), by=office.declarant)
    pending = await office.file(gift("2026-10-05"), by=office.declarant)
    travel("2026-11-20")
    before = {name: await everything(office, getattr(office, name), filed, pending) for name in ("declarant", "delegate", "hr", "stranger")}
    await office.inquire("2026-10-01")
    for name, seen in before.items():
        assert await everything(office, getattr(office, name), filed, pending) == seen
    assert rules(await office.read(filed, office.commission)) == {R17: "breach"}
    assert len((await office.get(f"/v1/declarations/{filed['id']}/screenings", office.commission))["items"]) == 2
    assert await run_once(app.state.database, app.state.book) == 1, "what time has changed is told in its own turn"
    assert finding(await office.read(pending, office.declarant), "gift.not-surrendered")["level"] == "breach"
    assert rules(await office.read(filed, office.declarant)) == {}
    assert rules(await office.read(filed, office.commission)) == {R17: "breach"}


async def test_the_commission_sees_the_inquiry_s_finding_come_and_go(office: Office) -> None:
    filed = await office.file(returned(), by=office.declarant)
    before = await everything(office, office.declarant, filed)
    opened = await office.inquire("2026-10-13")
    path, versioned = f"/v1/inquiries/{opened['id']}", {**office.commission, "If-Match": '"1"'}
    assert rules(await office.read(filed, office.commission)) == {}
    corrected = await office.client.patch(path, json={"opened_on": "2026-10-12"}, headers=versioned)
    assert (corrected.status_code, version(corrected)) == (200, 2)
    assert rules(await office.read(filed, office.commission)) == {R17: "breach"}
    closed = await office.client.patch(path, json={"closed_on": "2026-10-20"}, headers={**office.commission, "If-Match": '"2"'})
    assert closed.json() == {**opened, "opened_on": "2026-10-12", "closed_on": "2026-10-20"}
    assert rules(await office.read(filed, office.commission)) == {R17: "breach"}, "closing an inquiry does not undo that it stood"
    gone = await office.client.delete(path, headers={**office.commission, "If-Match": '"3"'})
    assert gone.status_code == 204
    assert rules(await office.read(filed, office.commission)) == {}
    history = (await office.get(f"/v1/declarations/{filed['id']}/screenings", office.commission))["items"]
    assert [past["outcome"] for past in history] == ["clear", "breach", "clear"]
    assert await everything(office, office.declarant, filed) == before


async def test_a_finding_keeps_its_id_while_only_the_commission_learns_more(office: Office) -> None:
    filed = await office.file(gift("2026-10-05", line(), line(action="returned", on="2026-10-12")), by=office.declarant)
    before = finding(filed, "gift.not-surrendered")["id"]
    await office.inquire("2026-10-10")
    for by in (office.declarant, office.commission):
        assert finding(await office.read(filed, by), "gift.not-surrendered")["id"] == before
        assert await office.found(by, rule="gift.not-surrendered", min_level="notice") == [filed["id"]]
    assert R17 in rules(await office.read(filed, office.commission))


async def test_what_the_commission_discovered_is_nowhere_to_be_seen_by_the_declarant(office: Office) -> None:
    own = await office.file(gift("2026-09-10", line(worth="6000.00"), giver={"name": "远山矿业"}), by=office.declarant)
    before = await everything(office, office.declarant, own)
    found = await office.discover(gift("2026-09-01", line(worth="5000.00", action="kept"), giver={"name": "远山矿业"}))
    for by in (office.declarant, office.delegate):
        for path in ("", "/revisions", "/screenings"):
            await office.get(f"/v1/declarations/{found['id']}{path}", by, 404)
        assert await office.found(by) == [own["id"]]
        assert await office.found(by, q="远山") == [own["id"]]
    assert await everything(office, office.declarant, own) == before
    assert await office.found(office.commission) == [found["id"], own["id"]]


async def test_a_discovery_is_not_given_away_by_what_else_was_due(app: FastAPI, office: Office, travel: Travel) -> None:
    own = await office.file(gift("2026-10-05", giver={"name": "远山矿业"}), by=office.declarant)
    travel("2026-11-20")
    before = await everything(office, office.declarant, own)
    found = await office.discover(gift("2026-09-01", line(worth="50000.00", action="kept"), giver={"name": "远山矿业"}))
    assert await everything(office, office.declarant, own) == before
    headers = {**office.commission, "If-Match": await office.etag(found, office.commission)}
    taken_back = await office.client.post(f"/v1/declarations/{found['id']}/withdrawal", json={"reason": "查无实据"}, headers=headers)
    assert taken_back.status_code == 200
    assert await everything(office, office.declarant, own) == before
    assert await run_once(app.state.database, app.state.book) == 1
    assert finding(await office.read(own, office.declarant), "gift.not-surrendered")["level"] == "breach"


async def test_the_commission_sums_what_it_discovered_and_marks_it(office: Office) -> None:
    await office.discover(gift("2026-08-01", line(worth="25000.00", action="kept"), giver={"name": "远山矿业"}))
    own = await office.file(gift("2026-09-25", line(worth="6000.00", action="kept"), giver={"name": "远山矿业"}), by=office.declarant)
    assert "combined.criminal-threshold" not in rules(own)
    assert await office.found(office.declarant, rule="combined.criminal-threshold") == []
    assert await office.found(office.declarant, min_level="refer") == []
    known = await office.read(own, office.commission)
    summed = finding(known, "combined.criminal-threshold")
    assert (summed["level"], summed["confidential"], summed["evidence"]["group_total"]) == ("refer", True, "31000.00")
    assert known["screening"]["outcome"] == "refer"
    assert finding(known, "gift.duty-related-kept")["confidential"] is False
    preview = {"kind": "gift", "details": gift("2026-10-19", line(worth="500.00", action="kept"), giver={"name": "远山矿业"})}
    asked = (await office.client.post("/v1/previews", json=preview, headers=office.declarant)).json()
    assert [total["before"] for total in asked["totals"] if total["id"] == "combined.group"] == ["6000.00"]
    assert (await office.get("/v1/me", office.declarant))["year"]["kinds"] == [{"kind": "gift", "declarations": 1, "worth": "6000.00"}]


async def test_a_sum_that_both_see_differs_between_the_two_views(office: Office) -> None:
    await office.discover(gift("2026-08-01", line(worth="7000.00", action="kept"), giver={"name": "远山矿业"}))
    own = await office.file(gift("2026-09-25", line(worth="12000.00", action="kept"), giver={"name": "远山矿业"}), by=office.declarant)
    shown = finding(await office.read(own, office.declarant), "combined.criminal-threshold")
    known = finding(await office.read(own, office.commission), "combined.criminal-threshold")
    assert (shown["evidence"]["group_total"], shown["confidential"]) == ("12000.00", False)
    assert (known["evidence"]["group_total"], known["confidential"]) == ("19000.00", True)
    assert len(shown["evidence"]["declarations"]) == 1
    for by in (office.declarant, office.commission):
        assert own["id"] in await office.found(by, rule="combined.criminal-threshold", min_level="notice")


@pytest.fixture
async def reviewer(office: Office, make_key: Any) -> Headers:
    """The official, who sits in the commission as well."""
    scopes = ("declarations:write", "declarations:read", "reviews:write", "declarations:file-for-others")
    return {"Authorization": f"Bearer {await make_key(*scopes, unit=office.city, person=office.official)}"}


async def test_a_reviewer_reads_the_own_affairs_with_the_declarant_s_eyes(office: Office, reviewer: Headers) -> None:
    await office.inquire("2026-10-01")
    own = await office.file(returned(giver={"name": "远山矿业"}), by=office.declarant)
    found = await office.discover(gift("2026-09-01", line(worth="50000.00", action="kept"), giver={"name": "远山矿业"}))
    assert rules(await office.read(own, reviewer)) == {}
    assert await office.found(reviewer) == [own["id"]]
    assert await office.found(reviewer, rule=R17) == []
    assert await office.found(reviewer, min_level="record") == []
    for path in ("", "/revisions", "/screenings"):
        await office.get(f"/v1/declarations/{found['id']}{path}", reviewer, 404)
    assert (await office.get("/v1/inquiries", reviewer, count=True))["count"] == 0
    body = {"person": office.official["id"], "opened_on": "2026-10-02", "reference": "核字第2号"}
    assert (await office.client.post("/v1/inquiries", json=body, headers=reviewer)).status_code == 404


async def test_a_reviewer_learns_nothing_by_acting_as_the_commission_against_oneself(office: Office, reviewer: Headers) -> None:
    await office.discover(gift("2026-08-01", line(worth="40000.00", action="kept"), giver={"name": "远山矿业"}))
    body = {
        "kind": "gift",
        "details": gift("2026-10-19", giver={"name": "远山矿业"}),
        "declarant": office.official["id"],
        "source": "commission",
    }
    for path in ("/v1/previews", "/v1/declarations"):
        answer = await office.client.post(path, json=body, headers=reviewer)
        assert answer.status_code in (403, 404, 422), answer.text


async def test_a_delegate_who_sits_in_another_unit_s_commission_reads_with_the_declarant_s_eyes(office: Office, make_key: Any) -> None:
    secretary = (await office.get("/v1/delegations", office.root))["items"][0]["delegate"]
    scopes = ("declarations:write", "declarations:read", "reviews:write")
    elsewhere = {"Authorization": f"Bearer {await make_key(*scopes, unit=office.sister, person=secretary)}"}
    here = {"Authorization": f"Bearer {await make_key(*scopes, unit=office.bureau, person=secretary)}"}
    await office.inquire("2026-10-01")
    for by, known in ((elsewhere, {}), (here, {R17: "breach"})):
        filed = await office.file(returned(), by=by, declarant=office.official["id"])
        assert rules(filed) == rules(await office.read(filed, by)) == known
        past = (await office.get(f"/v1/declarations/{filed['id']}/screenings", by))["items"]
        assert [one["outcome"] for one in past] == ["breach" if known else "clear"]
        for filters in ({"rule": R17}, {"ban": 7}, {"min_level": "breach"}):
            assert (filed["id"] in await office.found(by, **filters)) == bool(known)
        assert ((await office.get("/v1/findings", by, declaration=filed["id"], count=True))["count"] == 1) == bool(known)
