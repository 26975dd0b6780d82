"""What an approval covers, whatever the days and the other side may be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import strategies as st

from app.approvals.covering import Grant, number_of, with_approval
from app.kit.clock import SHANGHAI, day_of
from app.rulebook.contents import KINDS
from app.rulebook.statement import Details
from tests.bodies import yuan

from .asking import given, ride, society_post, work_meal

BASE = date(2026, 6, 15)
US, THEM = UUID(int=1), UUID(int=2)
MAKES = {"meal": work_meal, "activity": ride, "gift": given, "outside_post": society_post}

days = st.integers(-10, 10).map(lambda number: BASE + timedelta(days=number))
instants = st.datetimes(datetime(2026, 6, 1), datetime(2026, 6, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # made aware at once
kinds = st.sampled_from(sorted(MAKES))


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    kind = draw(kinds)
    return Grant(
        id=UUID(int=9),
        kind=kind,
        subject=draw(st.sampled_from(["on_site_work_meal", "vehicle_ride", "given", "adviser", "golf"])),
        counterparty_id=draw(st.sampled_from([US, THEM])),
        office="住建局",
        granted_at=draw(instants),
        valid_from_on=draw(days),
        expires_on=draw(days),
        max_worth=draw(st.sampled_from([None, Decimal(20), Decimal(30)])),
        revoked_at=draw(st.none() | instants),
    )


def stated(kind: str, day: date) -> Details:
    """Something of a kind on a day, that leaves out whether it was approved."""
    return KINDS[kind].details.model_validate(MAKES[kind](str(day))["details"])


@drawn(grants(), kinds, days, st.sampled_from([US, THEM, None]), instants)
def test_an_approval_covers_nothing_but_what_it_was_granted_for(
    grant: Grant, kind: str, day: date, counterparty: UUID | None, recorded_at: datetime
) -> None:
    details = stated(kind, day)
    if not grant.covers(kind, details, counterparty, recorded_at):
        assert with_approval([grant], kind, details, counterparty, recorded_at) == (details, None)
        return
    assert (grant.kind, grant.counterparty_id, grant.subject) == (kind, counterparty, details.approvable())
    assert grant.valid_from_on <= day <= grant.expires_on
    assert day_of(grant.granted_at) < day or (day_of(grant.granted_at) == day and grant.granted_at <= recorded_at)
    assert grant.revoked_at is None or day_of(grant.revoked_at) >= day
    if grant.max_worth is not None:
        worth = details.approval_worth()
        assert worth is not None
        assert worth <= grant.max_worth
    filled, approval = with_approval([grant], kind, details, counterparty, recorded_at)
    assert approval == str(grant.id)
    assert filled != details


@drawn(kinds, days, instants)
def test_one_that_fits_covers_and_fills_in_the_fact_that_rules_read(kind: str, day: date, recorded_at: datetime) -> None:
    details = stated(kind, day)
    subject = details.approvable()
    assert subject is not None
    granted_at = datetime.combine(day - timedelta(days=1), datetime.min.time(), SHANGHAI)
    grant = Grant(
        id=UUID(int=9), kind=kind, subject=subject, counterparty_id=US, office="住建局", granted_at=granted_at, valid_from_on=day,
        expires_on=day, max_worth=None, revoked_at=None,
    )  # fmt: skip
    filled, approval = with_approval([grant], kind, details, US, recorded_at)
    assert approval == str(grant.id)
    assert type(details).model_validate(filled.model_dump(mode="json")) == filled
    assert with_approval([grant], kind, filled, US, recorded_at) == (filled, None)
    assert with_approval([replace(grant, revoked_at=granted_at)], kind, details, US, recorded_at) == (details, None)


def test_an_unknown_worth_is_within_no_condition() -> None:
    known, foreign, none = (stated_meal(cost) for cost in (yuan("30.00"), yuan("30.00", "USD"), None))
    assert (known.approval_worth(), foreign.approval_worth(), none.approval_worth()) == (Decimal("30.00"), None, None)


def stated_meal(cost: object) -> Details:
    """A work meal at a cost a head."""
    return KINDS["meal"].details.model_validate(work_meal(cost_per_head=cost)["details"])


def test_a_number_can_be_read_aloud() -> None:
    assert number_of(UUID("0199f2a0-7c1e-7abc-8def-01233f9a01bc"), datetime(2026, 12, 31, 20, tzinfo=UTC)) == "批-2027-3F9A01BC"
