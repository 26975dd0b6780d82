"""Campaigns: whom they bind, who may open and see them, and how far they have come."""

from typing import Any

import pytest

from tests.screening.conftest import Travel
from tests.screening.declaring import Office, meal, stake
from tests.tags import version

from .owing import CAMPAIGNS, Desk


async def test_a_campaign_enters_whom_it_binds_and_nobody_else(desk: Desk, office: Office) -> None:
    leader = await desk.person(rank="division_deputy", is_leader=True)
    worker = await desk.person(rank="division_deputy", is_leader=True, staff_class="grassroots")
    gone = await desk.person(rank="division_chief", is_leader=True, left_on="2026-09-30", left_reason="retired")
    elsewhere = await desk.person(unit=office.sister, rank="division_deputy", is_leader=True)
    await desk.open(circles=[{"staff_classes": ["civil_servant"], "min_rank": "division_deputy", "leaders_only": True}])
    owed = await desk.only(leader)
    assert (owed["state"], owed["due_on"], owed["outstanding_kinds"], owed["title"]) == (
        "open",
        "2026-11-30",
        ["shareholding"],
        "持股专项申报",
    )
    for other in (worker, gone, elsewhere, office.official):
        assert await desk.owed(other) == []
    assert await desk.told(owed) == {"obligation.opened": 1}


async def test_a_person_in_any_circle_is_bound(desk: Desk, office: Office) -> None:
    outside = await desk.person(party_member=False)
    await desk.open(circles=[{"min_rank": "ministry"}, {"party_members_only": True}])
    assert (await desk.only())["person"] == office.official["id"]
    assert await desk.owed(outside) == []


async def test_what_was_declared_before_the_campaign_accounts_for_its_kind(desk: Desk) -> None:
    filed = await desk.declare()
    await desk.open()
    owed = await desk.only(by=desk.office.commission)
    assert (owed["state"], owed["met_on"], owed["declaration"]) == ("met", "2026-10-20", filed["id"])
    assert (await desk.only())["declaration"] is None, "HR does not read declarations"


async def test_each_kind_is_accounted_for_by_itself(desk: Desk, office: Office) -> None:
    campaign = await desk.open(kinds=["shareholding", "meal"])
    await desk.declare()
    assert (await desk.only())["outstanding_kinds"] == ["meal"]
    await desk.nil(campaign, kinds=["meal"])
    assert (await desk.only())["state"] == "met"
    assert office.official["id"] == (await desk.only())["person"]


@pytest.mark.parametrize(
    ("acquired_on", "disposed_on", "state"),
    [("2019-05-01", None, "met"), ("2019-05-01", "2025-12-31", "open"), ("2019-05-01", "2026-01-01", "met"), ("2026-10-01", None, "met")],
)
async def test_conduct_that_touches_the_period_accounts_for_it(
    desk: Desk, office: Office, acquired_on: str, disposed_on: str | None, state: str
) -> None:
    await desk.open()
    over = {} if disposed_on is None else {"disposed_on": disposed_on}
    await office.file(stake(acquired_on, **over), "shareholding", by=office.declarant)
    assert (await desk.only())["state"] == state


async def test_what_the_commission_discovered_accounts_for_nothing(desk: Desk, office: Office) -> None:
    await desk.open()
    await office.discover(stake("2026-05-01"), "shareholding")
    assert (await desk.only(by=office.declarant))["state"] == "open"


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"kinds": ["banquet"]}, "/kinds/0", "kind-unknown"),
        ({"kinds": ["gift", "gift"]}, "/kinds", "given-twice"),
        ({"due_on": "2026-10-19"}, "/due_on", "last-day-passed"),
        ({"period_until": "2025-12-31"}, "/period_until", "period-until-before-period-from"),
        ({"lawful_until": "2026-12-31"}, "/lawful_until", "lawful-without-basis"),
        ({"unit": None}, "/unit", "unit-needed"),
        ({"circles": [{"rank": "none"}]}, "/circles/0/rank", "extra-forbidden"),
        ({"colour": "red"}, "/colour", "extra-forbidden"),
    ],
)
async def test_what_is_wrong_with_a_campaign_is_told_by_field(desk: Desk, over: dict[str, Any], pointer: str, code: str) -> None:
    for language, ascii_only in (("zh", False), ("en", True)):
        headers = {**desk.city_hr, "Accept-Language": language}
        answer = await desk.office.client.post(CAMPAIGNS, json=desk.body(**over), headers=headers)
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert error["message"].isascii() is ascii_only


async def test_campaigns_bind_below_and_are_seen_there_and_nowhere_else(desk: Desk, office: Office) -> None:
    over_city = await desk.open(unit=office.city["id"])
    of_bureau = await desk.open(desk.bureau_hr)
    of_sister = await desk.open(unit=office.sister["id"])
    refused = await office.client.post(CAMPAIGNS, json=desk.body(unit=office.city["id"]), headers=desk.bureau_hr)
    assert refused.json()["errors"][0]["code"] == "unit-unknown"
    seen = await office.get(CAMPAIGNS, office.declarant, count=True)
    assert [one["id"] for one in seen["items"]] == [of_bureau["id"], over_city["id"]]
    assert seen["count"] == 2
    await office.get(f"{CAMPAIGNS}/{of_sister['id']}", office.declarant, 404)
    await desk.change(f"{CAMPAIGNS}/{over_city['id']}", desk.bureau_hr, 404, title="改名")
    await desk.act(f"{CAMPAIGNS}/{of_sister['id']}/closing", desk.bureau_hr, expected=404)
    await office.get(f"{CAMPAIGNS}/{over_city['id']}/completion", office.declarant, 403)
    listed = await office.get("/v1/obligations", desk.bureau_hr, campaign=over_city["id"])
    assert {one["unit"] for one in listed["items"]} == {office.bureau["id"]}


async def test_only_managers_open_campaigns(desk: Desk, office: Office) -> None:
    for by in (office.declarant, office.hr):
        answer = await office.client.post(CAMPAIGNS, json=desk.body(), headers=by)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    await desk.open(office.commission)


async def test_a_change_needs_the_version_that_was_read(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    path = f"{CAMPAIGNS}/{campaign['id']}"
    assert (await office.client.patch(path, json={"title": "改名"}, headers=desk.city_hr)).status_code == 428
    stale = await office.client.patch(path, json={"title": "改名"}, headers={**desk.city_hr, "If-Match": '"7"'})
    assert stale.status_code == 412
    fresh = await office.client.patch(path, json={"title": "改名"}, headers={**desk.city_hr, "If-Match": '"1"'})
    assert (fresh.status_code, version(fresh), fresh.json()["title"]) == (200, 2, "改名")
    assert (await desk.only())["title"] == "改名"


async def test_a_last_day_is_put_off_and_never_brought_forward(desk: Desk, travel: Travel) -> None:
    campaign = await desk.open()
    path = f"{CAMPAIGNS}/{campaign['id']}"
    refused = await desk.change(path, desk.city_hr, 422, due_on="2026-11-29")
    assert refused["errors"][0]["code"] == "due-day-earlier"
    travel("2026-12-02")
    await desk.day()
    assert (await desk.only())["state"] == "overdue"
    await desk.change(path, desk.city_hr, due_on="2026-12-20")
    owed = await desk.only()
    assert (owed["state"], owed["due_on"], owed["days_late"]) == ("open", "2026-12-20", None)
    assert [found["current"] for found in owed["absences"]] == [False]
    travel("2026-12-21")
    await desk.day()
    assert [found["current"] for found in (await desk.only())["absences"]] == [True, False]


async def test_who_was_late_is_in_time_by_a_later_last_day(desk: Desk, travel: Travel) -> None:
    campaign = await desk.open()
    travel("2026-12-02")
    await desk.day()
    await desk.nil(campaign)
    assert (await desk.only())["state"] == "late_met"
    await desk.change(f"{CAMPAIGNS}/{campaign['id']}", desk.city_hr, due_on="2026-12-20")
    assert (await desk.only())["state"] == "met"


async def test_closing_ends_what_is_in_time_and_leaves_what_is_overdue(desk: Desk, office: Office, travel: Travel) -> None:
    early, late = await desk.open(), await desk.open(due_on="2026-10-31")
    travel("2026-11-02")
    await desk.day()
    for campaign in (early, late):
        closed = await desk.act(f"{CAMPAIGNS}/{campaign['id']}/closing", desk.city_hr)
        assert closed["state"] == "closed"
        await desk.act(f"{CAMPAIGNS}/{campaign['id']}/closing", desk.city_hr, expected=409)
    states = {one["campaign"]: (one["state"], one["void_reason"]) for one in await desk.owed()}
    assert states == {early["id"]: ("void", "campaign_closed"), late["id"]: ("overdue", None)}
    refused = await desk.nil(early, expected=409)
    assert refused["code"] == "campaign-closed"
    await desk.nil(late)
    assert {one["state"] for one in await desk.owed(campaign=late["id"])} == {"late_met"}
    joined = await desk.person()
    await desk.day()
    assert await desk.owed(joined) == [], "a closed campaign takes nobody"
    assert office.official["id"] != joined["id"]


async def test_completion_rolls_up_the_tree(desk: Desk, office: Office, travel: Travel) -> None:
    for _ in range(2):
        await desk.person(unit=office.sister)
    campaign = await desk.open(unit=office.city["id"])
    await desk.nil(campaign)
    waived = (await desk.owed((await office.get("/v1/persons", office.root, unit=office.sister["id"]))["items"][0]))[0]
    await desk.act(f"/v1/obligations/{waived['id']}/waiver", desk.city_hr, reason="因病住院")
    travel("2026-12-01")
    await desk.day()
    path = f"{CAMPAIGNS}/{campaign['id']}/completion"
    told = await office.get(path, desk.city_hr, count=True)
    by_name = {one["name"]: one for one in told["items"]}
    assert told["items"][0]["name"] == "某市", "the most overdue first"
    assert {name: (one["owed"], one["met"], one["overdue"], one["waived"], one["percent"]) for name, one in by_name.items()} == {
        "某市": (4, 1, 3, 1, "25.0"),
        "住建局": (2, 1, 1, 0, "50.0"),
        "水务局": (2, 0, 2, 1, "0.0"),
    }
    assert (told["totals"]["owed"], told["count"]) == (4, 3)
    pages, after = list[str](), ""
    for _ in told["items"]:
        page = (await office.client.get(path, params={"limit": 1, "after": after} if after else {"limit": 1}, headers=desk.city_hr)).json()
        pages, after = [*pages, *(one["name"] for one in page["items"])], page["next"]
    assert pages == [one["name"] for one in told["items"]]
    mine = await office.get(path, desk.bureau_hr)
    assert [one["name"] for one in mine["items"]] == ["住建局"]
    assert mine["totals"]["owed"] == 2, "nothing beyond reach, not even by a total"


async def test_nobody_waives_what_they_owe_themselves_or_beyond_reach(desk: Desk, office: Office, make_key: Any) -> None:
    await desk.open()
    owed = await desk.only()
    path = f"/v1/obligations/{owed['id']}/waiver"
    own = {"Authorization": f"Bearer {await make_key('people:write', unit=office.city, person=office.official)}"}
    assert (await desk.act(path, own, expected=403, reason="本人不便"))["code"] == "own-obligation"
    await desk.act(path, office.sister_commission, expected=404, reason="不相干")
    await desk.act(path, desk.city_hr, if_match='"9"', expected=412, reason="因病住院")
    waived = await desk.act(path, desk.city_hr, reason="因病住院")
    assert (waived["state"], waived["waiver_reason"]) == ("waived", "因病住院")
    assert (await desk.act(path, desk.city_hr, expected=409, reason="再次"))["code"] == "obligation-not-owed"
    assert await desk.told(owed) == {"obligation.opened": 1, "obligation.waived": 1}


async def test_a_meal_is_no_holding(desk: Desk, office: Office) -> None:
    await desk.open()
    await office.file(meal("2026-10-18"), "meal", by=office.declarant)
    assert (await desk.only())["state"] == "open"
