"""The pure parts: states, days of reminders, what accounts for an obligation, and who is in a circle."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.kit.database import Database
from app.ledger.unit_of_work import reading, work
from app.obligations.absences import level_of
from app.obligations.accounting import Account, done, outstanding
from app.obligations.duties import LEAVING, NEW_POST, YEARLY_REPORT, Circle, after_event, duties, fits_a_circle, in_a_circle, of_year
from app.obligations.moving import require_allowed
from app.obligations.states import DONE, MOVES, UNMET, ObligationState, done_as, next_reminder
from app.people.models import person
from app.rulebook.contents import KINDS
from app.rulebook.facts import Rank, StaffClass
from tests.factories import Factory
from tests.screening.declaring import Office

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SOME_KINDS = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=7, unique=True)
ACCOUNTS = st.lists(
    st.builds(Account, st.sampled_from(sorted(KINDS)), DAYS, st.uuids(), st.none())
    | st.builds(Account, st.sampled_from(sorted(KINDS)), DAYS, st.none(), st.uuids()),
    max_size=12,
)


def test_every_state_is_left_only_as_the_table_says_and_a_waiver_never() -> None:
    assert set(MOVES) == set(ObligationState)
    assert MOVES[ObligationState.WAIVED] == frozenset()
    assert all(ObligationState.WAIVED in MOVES[state] for state in UNMET)
    assert all(ObligationState.OVERDUE not in MOVES[state] for state in set(ObligationState) - {ObligationState.OPEN})
    for state in ObligationState:
        for to in ObligationState:
            if to in MOVES[state]:
                require_allowed([{"state": state.value}], to)
            else:
                with pytest.raises(RuntimeError, match="does not go"):
                    require_allowed([{"state": state.value}], to)


@given(DAYS, DAYS)
def test_the_last_day_is_in_time_and_the_next_is_late(met_on: date, due_on: date) -> None:
    assert done_as(due_on, due_on) is ObligationState.MET
    assert done_as(due_on + timedelta(days=1), due_on) is ObligationState.LATE_MET
    assert done_as(met_on, due_on) in DONE


@given(DAYS, st.lists(st.integers(1, 60), max_size=5, unique=True), DAYS)
def test_reminders_come_in_their_order_before_the_last_day_and_end(due_on: date, days: list[int], start: date) -> None:
    seen, after = list[date](), start
    while (day := next_reminder(due_on, days, after)) is not None:
        assert start <= after < day < due_on
        seen, after = [*seen, day], day
    assert seen == sorted(due_on - timedelta(days=before) for before in days if due_on - timedelta(days=before) > start)


@given(SOME_KINDS, ACCOUNTS)
def test_an_obligation_is_done_when_each_kind_is_accounted_for_and_on_the_day_of_the_last(
    kinds: list[str], accounts: list[Account]
) -> None:
    found, left = done(kinds, accounts), outstanding(kinds, accounts)
    assert (found is None) == bool(left)
    if found is not None:
        firsts = [min(one.on for one in accounts if one.kind == kind) for kind in kinds]
        assert found.on == max(firsts)
        assert (found.declaration is None) != (found.nil_return is None)
        assert any((one.on, one.declaration, one.nil_return) == found for one in accounts)


@given(SOME_KINDS, ACCOUNTS, st.randoms(use_true_random=False))
def test_neither_order_nor_what_is_not_asked_for_changes_it(kinds: list[str], accounts: list[Account], chance: Any) -> None:
    mixed = [one for one in accounts if one.kind in kinds]
    chance.shuffle(mixed)
    assert done(kinds, mixed) == done(kinds, accounts)


@given(st.none() | DAYS, st.lists(st.booleans(), max_size=3), DAYS)
def test_a_breach_needs_a_day_of_the_law_that_has_passed_and_confirmed_texts(until: date | None, texts: list[bool], today: date) -> None:
    level = level_of(until, [{"confirmed": confirmed} for confirmed in texts], today)
    assert (level == "breach") == (until is not None and until < today and bool(texts) and all(texts))
    assert level in ("notice", "breach")


def test_the_duties_are_dated_and_cited() -> None:
    day = date(2026, 11, 29)
    assert set(duties()) == {YEARLY_REPORT, NEW_POST, LEAVING}
    for duty in duties().values():
        version = duty.on(day)
        assert version is not None
        assert duty.on(duty.versions[0].since - timedelta(days=1)) is None
        assert version.confirmed or version.note, "what is not confirmed says why"
    yearly, new_post = duties()[YEARLY_REPORT].on(day), duties()[NEW_POST].on(day)
    assert yearly is not None
    assert new_post is not None
    assert of_year(yearly, 2025) == (date(2026, 1, 1), date(2026, 1, 31))
    assert after_event(new_post, date(2026, 1, 31)) == date(2026, 3, 2)


POSTS: list[Mapping[str, Any]] = [
    {"staff_class": staff_class.value, "rank": rank.value, "is_leader": leader, "party_member": member}
    for staff_class in (StaffClass.CIVIL_SERVANT, StaffClass.SOE_MANAGEMENT, StaffClass.INSTITUTION_PROFESSIONAL)
    for rank in (Rank.NONE, Rank.SECTION_CHIEF, Rank.DIVISION_DEPUTY, Rank.MINISTRY)
    for leader in (True, False)
    for member in (True, False)
]
CIRCLES = [
    [],
    duties()[YEARLY_REPORT].circles,
    duties()[LEAVING].circles,
    [Circle(min_rank=Rank.SECTION_CHIEF, party_members_only=True)],
    [Circle(staff_classes=[StaffClass.SOE_MANAGEMENT]), Circle(leaders_only=True, min_rank=Rank.MINISTRY)],
]


async def test_the_database_puts_the_same_people_into_a_circle(office: Office, factory: Factory, database: Database) -> None:
    template = await factory.person(office.bureau)
    async with work(database, "test") as unit:
        asked = select(person).where(person.c.id == UUID(template["id"]))
        row = dict((await unit.connection.execute(asked)).mappings().one())
        rows = [{**row, **post, "id": UUID(int=number + 1), "employee_number": f"圈{number}"} for number, post in enumerate(POSTS)]
        await unit.connection.execute(insert(person), rows)
    async with reading(database) as view:
        for circles in CIRCLES:
            asked = select(person.c.employee_number).where(person.c.employee_number.like("圈%"), in_a_circle(circles))
            inside = set(await view.connection.scalars(asked))
            assert inside == {one["employee_number"] for one in rows if fits_a_circle(circles, one)}
