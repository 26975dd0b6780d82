"""What a matter adds to the sums over one giver: which days count as occasions, and which amounts are counted."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.facts import Declared, Facts, Party, Source
from app.rulebook.matter import Counted, Matter

from .worked_cases import PERSON, party_from, person_from

BOOK = Book(CHAPTERS)
TODAY = date(2024, 6, 1)
ACTIVITY = {
    "from_on": "2024-05-01", "until_on": "2024-05-03", "type": "travel", "arranged_by": {"name": "某公司"}, "relation": "supervised_current",
    "also_kin": False, "payer": "company", "with_family": False, "overnight": False, "sightseeing": True, "disposition": "attended",
}  # fmt: skip
MEAL = {
    "occurred_on": "2024-05-01", "host": {"name": "某公司"}, "relation": "supervised_current", "also_kin": False, "type": "private",
    "venue": "restaurant", "payer": "host", "alcohol": "none", "tobacco": False, "luxury_dishes": False, "during_inspection": False,
    "disposition": "attended",
}  # fmt: skip
STAKE = {
    "issuer": {"name": "某公司"}, "type": "unlisted", "holder": "self", "role": "none", "acquired_on": "2022-03-15",
    "acquired_how": "dry_share", "disposal_refused": False,
}  # fmt: skip
POST = {
    "organisation": {"name": "某公司"}, "organisation_kind": "enterprise", "title": "顾问", "post_type": "adviser", "holder": "spouse",
    "real_work": False, "from_on": "2022-06-02", "pay_per_year": {"amount": "12000.00", "currency": "CNY"}, "equity": False,
    "assigned_by_unit": False, "consented_by_organisation_department": False, "professional_innovation": False, "disposition": "held",
}  # fmt: skip
EVENT = {"occurred_on": "2024-05-01", "type": "wedding", "split_venues": False, "official_vehicle": False}


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def matter(kind: str, base: Mapping[str, Any], parties: Mapping[str, Party] | None = None, **over: Any) -> Matter[Any]:
    details = BOOK.details(kind).model_validate({**base, **over})
    known = parties or {field: Party() for field, _ in details.parties_named()}
    at = datetime(2024, 6, 1, tzinfo=UTC)
    declared = Declared(kind=kind, details=details, source=Source.SELF, declared_on=TODAY, recorded_at=at, parties=known)
    return BOOK.judge(Facts(declared=declared, person=person_from(PERSON), judged_on=TODAY)).matter


def supervised(from_on: date, until_on: date | None = None) -> Party:
    return party_from({"relations": [{"relation": "supervised_current", "from_on": from_on, "until_on": until_on}]})


def amount(counted: Counted) -> Decimal | None:
    return None if counted.unknown else counted.amount


def test_a_run_of_meals_is_as_many_occasions_spread_over_its_days() -> None:
    run = matter("meal", MEAL, times=3, until_on="2024-05-11")
    assert run.occasions == [date(2024, 5, 1), date(2024, 5, 6), date(2024, 5, 11)]


@pytest.mark.parametrize(
    "over",
    [
        {"payer": "self"},
        {"payer": "shared"},
        {"payer": "public_funds"},
        {"disposition": "declined"},
        {"relation": "kin"},
        {"relation": "friend_unrelated"},
        {"type": "public_business_event", "approval": "审〔2024〕1号"},
    ],
)
def test_meals_that_nobody_else_gave_are_no_occasion(over: dict[str, Any]) -> None:
    assert matter("meal", MEAL, **over).occasions == []


def test_meals_are_never_counted_in_money() -> None:
    assert not matter("meal", MEAL, cost=yuan("90000.00")).counted.contributes


def test_an_activity_counts_for_its_worth_less_the_own_share() -> None:
    trip = matter("activity", ACTIVITY, worth=yuan("8000.00"), own_share=yuan("1500.00"))
    assert amount(trip.counted) == Decimal("6500.00")
    assert trip.occasions == [date(2024, 5, 1)]


def test_a_share_that_covers_the_worth_leaves_nothing() -> None:
    assert not matter("activity", ACTIVITY, payer="shared", worth=yuan("800.00"), own_share=yuan("900.00")).counted.contributes


@pytest.mark.parametrize("over", [{"worth": None}, {"worth": yuan("1.00"), "own_share": {"amount": "1.00", "currency": "USD"}}])
def test_an_activity_of_unknown_worth_is_marked_and_not_guessed(over: dict[str, Any]) -> None:
    assert matter("activity", ACTIVITY, **over).counted.unknown


@pytest.mark.parametrize("over", [{"payer": "self"}, {"payer": "public_funds"}, {"type": "vehicle_ride", "approved": True}])
def test_what_was_paid_or_approved_counts_in_neither_way(over: dict[str, Any]) -> None:
    trip = matter("activity", ACTIVITY, worth=yuan("8000.00"), **over)
    assert trip.occasions == []
    assert not trip.counted.contributes


def test_a_subordinate_who_pays_makes_an_activity_duty_related() -> None:
    assert matter("activity", ACTIVITY, relation="colleague", payer="subordinate", worth=yuan("100.00")).counted.amount == 100
    assert not matter("activity", ACTIVITY, relation="colleague", worth=yuan("100.00")).counted.contributes


def test_gifts_at_a_family_event_stand_by_themselves() -> None:
    counted = matter("family_event", EVENT, gifts_total=yuan("50000.00"), gifts_from_duty_related=yuan("20000.00")).counted
    assert (counted.alone, counted.amount) == (True, Decimal("20000.00"))
    assert not matter("family_event", EVENT, gifts_total=yuan("50000.00")).counted.contributes


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"market_value": yuan("60000.00")}, "60000.00"),
        ({"market_value": yuan("60000.00"), "cost": yuan("10000.00")}, "50000.00"),
        ({"returns_received": yuan("7000.00")}, "7000.00"),
        ({"market_value": yuan("5.00"), "cost": yuan("10.00")}, "0.00"),
        ({}, None),
    ],
)
def test_unpaid_shares_count_for_their_worth_else_for_what_they_brought(over: dict[str, Any], expected: str | None) -> None:
    stake = matter("shareholding", STAKE, relation="supervised_current", **over)
    assert amount(stake.counted) == (None if expected is None else Decimal(expected))


def test_paid_shares_are_not_counted() -> None:
    paid = matter("shareholding", STAKE, acquired_how="purchased", relation="supervised_current", market_value=yuan("9.00"))
    assert not paid.counted.contributes


@pytest.mark.parametrize(("until_on", "counts"), [(date(2022, 3, 14), False), (date(2022, 3, 15), True)])
def test_who_gave_shares_is_looked_up_on_the_day_they_came(until_on: date, *, counts: bool) -> None:
    parties = {"acquired_from": supervised(date(2020, 1, 1), until_on), "issuer": Party()}
    stake = matter("shareholding", STAKE, parties, acquired_from={"name": "某甲"}, market_value=yuan("100.00"))
    assert stake.counted.contributes is counts


def test_a_supervised_issuer_counts_where_no_giver_is_stated() -> None:
    value = yuan("100.00")
    assert matter("shareholding", STAKE, issuer_in_jurisdiction=True, market_value=value).counted.contributes
    named = {"acquired_from": Party(), "issuer": Party()}
    assert not matter(
        "shareholding", STAKE, named, acquired_from={"name": "某甲"}, issuer_in_jurisdiction=True, market_value=value
    ).counted.contributes


@pytest.mark.parametrize(
    ("from_on", "until_on", "expected"),
    [
        ("2022-06-02", None, "24000.00"),  # a day short of the third year
        ("2022-06-01", None, "36000.00"),
        ("2024-06-01", None, "12000.00"),
        ("2024-06-02", None, "0.00"),  # not begun yet
        ("2022-06-02", "2023-06-01", "12000.00"),
    ],
)
def test_pay_without_work_counts_for_each_year_begun(from_on: str, until_on: str | None, expected: str) -> None:
    post = matter("outside_post", POST, from_on=from_on, until_on=until_on, relation="supervised_current")
    assert post.counted.amount == Decimal(expected)


@pytest.mark.parametrize(
    "over", [{"real_work": True}, {"post_type": "certificate_only"}, {"disposition": "declined"}, {"relation": "unrelated"}]
)
def test_earned_or_unrelated_pay_is_not_counted(over: dict[str, Any]) -> None:
    assert not matter("outside_post", POST, **{"relation": "supervised_current", **over}).counted.contributes
    assert matter("outside_post", POST, in_former_jurisdiction=True).counted.contributes
