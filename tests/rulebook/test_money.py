"""Sums are exact, said in one way only, and never guessed into another currency."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.rulebook.money import RATE_STANDS_FOR, Money, Rate, Rates

CENTS = st.integers(min_value=0, max_value=10**14 - 1)
DAY = date(2024, 5, 20)


def money(amount: object, currency: str = "CNY") -> Money:
    return Money.model_validate({"amount": amount, "currency": currency})


@given(CENTS)
def test_a_sum_survives_json_to_the_cent(cents: int) -> None:
    said = money(f"{cents // 100}.{cents % 100:02d}")
    assert said.amount == Decimal(cents) / 100
    assert Money.model_validate_json(said.model_dump_json()) == said


@pytest.mark.parametrize(("written", "kept"), [("1888", "1888.00"), ("0", "0.00"), ("0.5", "0.50"), ("007.10", "7.10")])
def test_a_sum_is_written_back_with_two_decimals(written: str, kept: str) -> None:
    assert money(written).model_dump(mode="json") == {"amount": kept, "currency": "CNY"}


@pytest.mark.parametrize(
    "amount",
    [
        "1.001",  # three decimals
        "-1.00",
        "+1.00",
        "１８８.00",  # full-width digits
        "١٢٣",  # Arabic-Indic digits
        "1,888.00",
        "1e3",
        "1.",
        ".5",
        "",
        " 1.00",
        "NaN",
        "Infinity",
        "1234567890123.00",  # thirteen digits
        1888,
        18.88,
        True,
        None,
    ],
)
def test_what_is_not_a_plain_decimal_string_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        money(amount)


@pytest.mark.parametrize("currency", ["cny", "RMB", "XAU", "", "CNYY", None])
def test_only_currencies_in_use_are_known(currency: str) -> None:
    with pytest.raises(ValidationError):
        money("1.00", currency)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": "1.00", "currency": "CNY", "note": "cash"})


@given(CENTS, st.dates(min_value=date(1995, 1, 1), max_value=date(2100, 1, 1)))
def test_yuan_need_no_rate(cents: int, day: date) -> None:
    said = money(f"{cents // 100}.{cents % 100:02d}")
    assert Rates().in_cny(said, day) == said.amount


def test_nothing_stated_stays_unknown() -> None:
    assert Rates([Rate("USD", DAY, Decimal("7.1"))]).in_cny(None, DAY) is None


@given(st.integers(min_value=0, max_value=60))
def test_a_rate_stands_for_31_days_and_never_before_it_was_published(age: int) -> None:
    rates = Rates([Rate("USD", DAY, Decimal("7.1"))])
    in_cny = rates.in_cny(money("10.00", "USD"), DAY + timedelta(days=age))
    assert in_cny == (Decimal("71.00") if timedelta(days=age) <= RATE_STANDS_FOR else None)
    assert rates.in_cny(money("10.00", "USD"), DAY - timedelta(days=age + 1)) is None


def test_the_newest_rate_by_the_day_counts() -> None:
    rates = Rates(
        [Rate("USD", DAY, Decimal("7.1")), Rate("USD", DAY - timedelta(days=5), Decimal("7.0")), Rate("EUR", DAY, Decimal("7.8"))]
    )
    assert rates.in_cny(money("10.00", "USD"), DAY - timedelta(days=1)) == Decimal("70.00")
    assert rates.in_cny(money("10.00", "USD"), DAY) == Decimal("71.00")
    assert rates.in_cny(money("10.00", "JPY"), DAY) is None


@given(CENTS, st.decimals(min_value="0.0001", max_value="99", places=6))
def test_a_converted_sum_has_cents_and_no_more(cents: int, rate: Decimal) -> None:
    said = money(f"{cents // 100}.{cents % 100:02d}", "USD")
    in_cny = Rates([Rate("USD", DAY, rate)]).in_cny(said, DAY)
    assert in_cny is not None
    assert in_cny == in_cny.quantize(Decimal("0.01"))
    assert abs(in_cny - said.amount * rate) <= Decimal("0.005")
