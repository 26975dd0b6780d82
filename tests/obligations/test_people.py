"""Who owes what follows the personnel record: posts taken up, promotions, transfers, leaving, and what is entered late or in bulk."""

from typing import Any

import pytest

from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, stake

from .owing import Desk

LEADER = {"rank": "division_deputy", "is_leader": True}
LEADERS = [{"min_rank": "division_deputy"}]


async def of_type(desk: Desk, person: Json, which: str) -> list[Json]:
    """What somebody owes of one type."""
    return await desk.owed(person, type=which)


async def test_a_new_leader_owes_a_report_within_thirty_days(desk: Desk, travel: Travel) -> None:
    person = await desk.person()
    await desk.move(person, **LEADER, post_from_on="2026-10-10")
    (owed,) = await of_type(desk, person, "new_post_declaration")
    assert (owed["event_on"], owed["due_on"], owed["state"], owed["campaign"]) == ("2026-10-10", "2026-11-09", "open", None)
    assert [row["confirmed"] for row in owed["basis"]] == [False]
    travel("2026-11-10")
    await desk.day()
    (owed,) = await of_type(desk, person, "new_post_declaration")
    assert [one["level"] for one in owed["absences"]] == ["notice"], "the thirty days await confirmation"


async def test_a_promotion_without_its_first_day_counts_from_the_day_it_is_entered(desk: Desk) -> None:
    person = await desk.person()
    await desk.move(person, **LEADER)
    (owed,) = await of_type(desk, person, "new_post_declaration")
    assert owed["event_on"] == "2026-10-20"
    await desk.move(person, position="副局长")
    assert await of_type(desk, person, "new_post_declaration") == [owed], "the same leader with another title is no new one"


async def test_a_nil_return_accounts_for_what_has_no_campaign(desk: Desk, office: Office) -> None:
    await desk.move(office.official, **LEADER)
    (owed,) = await desk.owed()
    body = {"obligation": owed["id"], "kinds": ["shareholding", "outside_post"]}
    answer = await office.client.post("/v1/nil-returns", json=body, headers=office.declarant)
    assert answer.status_code == 201, answer.text
    (owed,) = await desk.owed()
    assert owed["state"] == "met"


@pytest.mark.parametrize(
    ("over", "owes"),
    [
        ({"post_from_on": "2026-10-01"}, 1),
        ({"post_from_on": "2026-09-19"}, 0),
        ({"post_from_on": "2012-05-01"}, 0),
        ({}, 0),
    ],
)
async def test_long_serving_leaders_who_are_put_on_record_owe_nothing_for_old_posts(desk: Desk, over: dict[str, Any], owes: int) -> None:
    person = await desk.person(**LEADER, **over)
    await desk.day()
    assert len(await of_type(desk, person, "new_post_declaration")) == owes


async def test_who_was_a_leader_elsewhere_before_is_no_new_one(desk: Desk, office: Office) -> None:
    earlier = {"unit": office.sister["id"], "rank": "division_chief", "is_leader": True, "staff_class": "civil_servant"}
    posts = [{**earlier, "position": "局长", "from_on": "2020-01-01", "until_on": "2026-09-30"}]
    person = await desk.person(**LEADER, post_from_on="2026-10-01", posts=posts)
    await desk.day()
    assert await desk.owed(person) == []


async def test_a_promotion_into_the_circle_owes_the_campaign_with_the_days_of_a_new_leader(desk: Desk, travel: Travel) -> None:
    person = await desk.person()
    await desk.open(circles=LEADERS)
    assert await of_type(desk, person, "campaign_return") == []
    travel("2026-11-20")
    await desk.move(person, **LEADER, post_from_on="2026-11-19")
    (owed,) = await of_type(desk, person, "campaign_return")
    assert (owed["due_on"], owed["state"]) == ("2026-12-19", "open")
    travel("2026-12-05")
    await desk.day()
    assert (await of_type(desk, person, "campaign_return"))[0]["state"] == "open"


async def test_a_demotion_out_of_the_circle_voids_and_a_return_to_it_restores(desk: Desk) -> None:
    person = await desk.person(**LEADER)
    await desk.open(circles=LEADERS)
    await desk.move(person, rank="section_chief")
    owed = await desk.only(person)
    assert (owed["state"], owed["void_reason"]) == ("void", "out_of_scope")
    await desk.move(person, rank="division_chief")
    (owed,) = await of_type(desk, person, "campaign_return")
    assert (owed["state"], owed["void_reason"]) == ("open", None)
    assert await desk.told(owed) == {"obligation.opened": 1, "obligation.voided": 1, "obligation.reopened": 1}


async def test_what_is_owed_goes_along_with_a_transfer_and_what_was_done_stays(desk: Desk, office: Office) -> None:
    done, owing = await desk.person(), await desk.person()
    campaign = await desk.open(unit=office.city["id"])
    await office.file(stake("2026-05-01"), "shareholding", declarant=done["id"], by=office.root)
    for one in (done, owing):
        await desk.move(one, unit=office.sister["id"])
    assert (await desk.only(done))["unit"] == office.bureau["id"]
    assert (await desk.only(owing))["unit"] == office.sister["id"]
    assert await desk.owed(owing, desk.bureau_hr) == [], "the old unit sees it no longer"
    (seen,) = (await office.get("/v1/obligations", office.sister_commission, person=owing["id"]))["items"]
    assert seen["campaign"] == campaign["id"]


async def test_a_transfer_out_of_the_unit_of_a_campaign_voids_it(desk: Desk, office: Office) -> None:
    person = await desk.person()
    await desk.open()
    await desk.move(person, unit=office.sister["id"])
    owed = await desk.only(person)
    assert (owed["state"], owed["void_reason"]) == ("void", "out_of_scope")


async def test_who_leaves_in_time_owes_no_report_and_where_they_go(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    travel("2026-11-10")
    await desk.move(office.official, left_on="2026-11-08", left_reason="resigned")
    states = {one["type"]: one for one in await desk.owed()}
    assert (states["campaign_return"]["state"], states["campaign_return"]["void_reason"]) == ("void", "left")
    leaving = states["leaving_declaration"]
    assert (leaving["kinds"], leaving["due_on"], leaving["event_on"]) == (["outside_post"], "2026-12-08", "2026-11-08")
    assert [row["confirmed"] for row in leaving["basis"]] == [False, False]
    travel("2027-01-10")
    await desk.day()
    assert {one["type"]: one["state"] for one in await desk.owed()} == {"campaign_return": "void", "leaving_declaration": "overdue"}


@pytest.mark.parametrize(
    ("reason", "staff_class", "owes"), [("dismissed", "civil_servant", 0), ("retired", "grassroots", 0), ("retired", "judge", 1)]
)
async def test_leaving_asks_only_whom_cooling_off_binds(desk: Desk, reason: str, staff_class: str, owes: int) -> None:
    person = await desk.person(staff_class=staff_class)
    await desk.move(person, left_on="2026-10-18", left_reason=reason)
    assert len(await of_type(desk, person, "leaving_declaration")) == owes


async def test_leaving_that_is_entered_late_undoes_what_was_found_absent(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-20")
    await desk.day()
    assert (await desk.only())["state"] == "overdue"
    await desk.move(office.official, left_on="2026-11-30", left_reason="retired")
    (owed,) = await of_type(desk, office.official, "campaign_return")
    assert (owed["state"], [one["current"] for one in owed["absences"]]) == ("void", [False])


async def test_who_leaves_after_the_last_day_leaves_it_overdue(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-20")
    await desk.day()
    await desk.move(office.official, left_on="2026-12-01", left_reason="retired")
    (owed,) = await of_type(desk, office.official, "campaign_return")
    assert owed["state"] == "overdue"


async def test_a_transfer_that_is_entered_late_undoes_it_too(desk: Desk, office: Office, travel: Travel) -> None:
    person, other = await desk.person(), await desk.person()
    await desk.open()
    travel("2026-12-05")
    await desk.day()
    await desk.move(person, unit=office.sister["id"], post_from_on="2026-11-15")
    await desk.move(other, unit=office.sister["id"], post_from_on="2026-12-02")
    assert [(await desk.only(one))["state"] for one in (person, other)] == ["void", "overdue"]


async def test_what_was_waived_is_never_flagged(desk: Desk, travel: Travel) -> None:
    await desk.open()
    owed = await desk.only()
    await desk.act(f"/v1/obligations/{owed['id']}/waiver", desk.city_hr, reason="经批准免报")
    travel("2026-12-05")
    await desk.day()
    owed = await desk.only()
    assert (owed["state"], owed["absences"]) == ("waived", [])


async def test_following_twice_changes_nothing(desk: Desk) -> None:
    people = [await desk.person(**LEADER, post_from_on="2026-10-10") for _ in range(3)]
    await desk.open(circles=LEADERS)
    await desk.day()
    before = [await desk.owed(one) for one in people]
    assert await desk.day() == 0
    assert [await desk.owed(one) for one in people] == before
