"""Cells of other people's tables are read as what they say, or refused; each line of the tables below is a sentence."""

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.cells import (
    Cell,
    CellError,
    is_absent,
    read_count,
    read_flag,
    read_hours,
    read_id,
    read_identifier,
    read_note,
    read_percent,
    read_region,
    read_text,
    says_nil,
    text_of,
)
from app.imports.days import DayOrder, orders_in, read_day
from app.imports.money import CNY, Unit, read_currency, read_money, unit_of
from app.imports.numerals import read_numeral
from app.rulebook.statement import PartyType

from ..factories import credit_code


def refused(reader: Callable[..., Any], *asked: Any) -> str:
    """The code with which a reader refuses a cell."""
    with pytest.raises(CellError) as refusal:
        reader(*asked)
    assert refusal.value.message.zh
    assert refusal.value.message.en
    return refusal.value.code


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("50", "50.00", "CNY"),
        (50, "50.00", "CNY"),
        (50.0, "50.00", "CNY"),
        (0.1 + 0.2, "0.30", "CNY"),
        (Decimal("3.1"), "3.10", "CNY"),
        (0, "0.00", "CNY"),
        ("５０", "50.00", "CNY"),
        ("￥1,888.00", "1888.00", "CNY"),
        ("¥ 1 888.00", "1888.00", "CNY"),
        ("\u200b1888\u00a0元", "1888.00", "CNY"),
        ("50块钱", "50.00", "CNY"),
        ("3元5角", "3.50", "CNY"),
        ("价值：50元", "50.00", "CNY"),
        ("人民币壹仟元", "1000.00", "CNY"),
        ("人民币壹仟元整", "1000.00", "CNY"),
        ("壹万贰仟叁佰肆拾伍元陆角柒分", "12345.67", "CNY"),
        ("五千元", "5000.00", "CNY"),
        ("一万二千元", "12000.00", "CNY"),
        ("十五元", "15.00", "CNY"),
        ("一百零五元", "105.00", "CNY"),
        ("二〇〇元", "200.00", "CNY"),
        ("1.5万元", "15000.00", "CNY"),
        ("3千元", "3000.00", "CNY"),
        ("1.2亿", "120000000.00", "CNY"),
        ("RMB 500", "500.00", "CNY"),
        ("CNY500元", "500.00", "CNY"),
        ("£50", "50.00", "GBP"),
        ("£1,500.", "1500.00", "GBP"),
        ("GBP50", "50.00", "GBP"),
        ("50 pounds", "50.00", "GBP"),
        ("£2k", "2000.00", "GBP"),
        ("USD 200", "200.00", "USD"),
        ("200美元", "200.00", "USD"),
        ("美元50元", "50.00", "USD"),
        ("US$ 1,000.50", "1000.50", "USD"),
        ("HK$300", "300.00", "HKD"),
        ("港币300元", "300.00", "HKD"),
        ("€20", "20.00", "EUR"),
        ("2000日元", "2000.00", "JPY"),
        ("1.2 million won", "1200000.00", "KRW"),
    ],
)
def test_a_sum_is_read_with_its_currency(cell: Cell, amount: str, currency: str) -> None:
    said = read_money(cell)
    assert said.money is not None
    assert (f"{said.money.amount:.2f}", said.money.currency, said.estimated) == (amount, currency, False)


@pytest.mark.parametrize(
    "cell",
    [
        "approx £50",
        "approx. £50",
        "c. £50",
        "c£50",
        "circa £50",
        "about £50",
        "~£50",
        "estimated at £50",
        "£50 (estimated)",
        "£50 approx",
        "est. £50",
        "约50英镑",
        "大约50英镑",
        "50英镑左右",
        "50英镑上下",
        "估价：50英镑",
        "价值约50英镑",
        "£50(估)",
        "五十英镑左右",
        "近50英镑",
    ],
)
def test_a_sum_that_is_about_right_is_an_estimate(cell: str) -> None:
    said = read_money(cell)
    assert said.money is not None
    assert (said.money.amount, said.money.currency, said.estimated) == (Decimal(50), "GBP", True)


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "-", "—", "/", "N/A", "n/a", "Nil", "None", "无", "不详", "Value unknown", "价值不详", "无法估价", "TBC", "？"]
)
def test_a_worth_that_is_not_known_is_none_and_not_nought(cell: Cell) -> None:
    assert read_money(cell).money is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("$20-$30", "amount-is-a-range"),
        ("£20 to £30", "amount-is-a-range"),
        ("50至80元", "amount-is-a-range"),
        ("50～80元", "amount-is-a-range"),
        ("between £20 and £30", "amount-is-a-range"),
        ("over £140", "amount-is-a-bound"),
        ("< £140", "amount-is-a-bound"),
        ("£140+", "amount-is-a-bound"),
        ("不足50元", "amount-is-a-bound"),
        ("50元以上", "amount-is-a-bound"),
        ("-50", "amount-negative"),
        (-50, "amount-negative"),
        ("(50)", "amount-negative"),
        ("12.345", "amount-too-fine"),
        (12.345, "amount-too-fine"),
        ("1000000000000", "amount-too-large"),
        ("三千五", "amount-malformed"),
        ("两三百元", "amount-malformed"),
        ("100元/盒", "amount-malformed"),
        ("£50 each", "amount-malformed"),
        ("1,88", "amount-malformed"),
        ("€1.234,50", "amount-malformed"),
        ("1e5", "amount-malformed"),
        ("wine", "amount-malformed"),
        (math.nan, "amount-malformed"),
        (math.inf, "amount-malformed"),
        (True, "amount-malformed"),
        (date(2023, 5, 1), "amount-malformed"),
        ("$20", "currency-unclear"),
        ("USD 20 £", "currencies-differ"),
        ("£$20", "currencies-differ"),
    ],
)
def test_a_sum_that_could_be_another_is_refused(cell: Cell, code: str) -> None:
    assert refused(read_money, cell) == code


@pytest.mark.parametrize(
    ("table", "sign", "meant"), [("AUD", "$", "AUD"), ("USD", "$", "USD"), ("JPY", "¥", "JPY"), ("GBP", "¥", "CNY"), ("HKD", "元", "HKD")]
)
def test_a_sign_of_several_currencies_is_that_of_the_table(table: str, sign: str, meant: str) -> None:
    said = read_money(f"20{sign}", Unit(table))
    assert said.money is not None
    assert said.money.currency == meant


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Value (£)", Unit("GBP")),
        ("Value of gift [GBP]", Unit("GBP")),
        ("金额（元）", CNY),
        ("金额（万元）", Unit("CNY", 10_000)),
        ("金额 单位：万美元", Unit("USD", 10_000)),
        ("Pay (US$'000)", Unit("USD", 1_000)),
        ("Value", CNY),
        ("Value (estimated)", CNY),
    ],
)
def test_a_heading_states_the_unit_of_its_column(heading: str, unit: Unit) -> None:
    assert unit_of(heading, CNY) == unit


def test_a_bare_number_alone_is_counted_in_the_unit_of_the_column() -> None:
    sums = [read_money(cell, Unit("CNY", 10_000)).money for cell in ("1.5", 1.5, "1.5万元", "15000元", "约1.5")]
    assert [said and f"{said.amount:.2f}" for said in sums] == ["15000.00"] * 5
    assert refused(read_money, "¥1.5", Unit("CNY", 10_000)) == "amount-scale-unclear"


def test_a_currency_is_known_by_code_sign_and_name() -> None:
    assert [read_currency(cell) for cell in ("gbp", "£", "英镑", "¥", "人民币", "")] == ["GBP", "GBP", "GBP", "CNY", "CNY", None]
    assert refused(read_currency, "doubloons") == "currency-unknown"


@pytest.mark.parametrize(
    "cell",
    [
        "2023-02-28",
        "2023/2/28",
        "2023.2.28",
        "2023.02.28.",
        "2023 / 02 / 28",
        "２０２３年２月２８日",
        "2023年2月28号",
        "23年2月28日",
        "20230228",
        20230228,
        "28/02/2023",
        "02/28/2023",
        "28.2.2023",
        "28 Feb 2023",
        "28 February 2023",
        "28th Feb 2023",
        "28-Feb-23",
        "Feb 28, 2023",
        "February 28th, 2023",
        "Tue 28 Feb 2023",
        "2023年2月28日 星期二",
        "二〇二三年二月二十八日",
        44985,
        44985.75,
        "44985",
        Decimal(44985),
        date(2023, 2, 28),
        "2023-02-28 14:30",
        "28/02/2023 00:00:00",
        "2/28/2023 3:30 PM",
        "2023年2月28日14时30分",
        "2023年2月28日下午3点",
        "2023-02-28T14:30:00+08:00",
        datetime(2023, 2, 28, 9, 30, tzinfo=UTC).replace(tzinfo=None),
        datetime(2023, 2, 27, 20, 0, tzinfo=UTC),
        "2023-02-27T20:00:00Z",
    ],
)
def test_a_day_is_read_in_every_form_that_names_one(cell: Cell) -> None:
    assert read_day(cell) == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("03/02/2023", "day-ambiguous"),
        ("03.02.2023", "day-ambiguous"),
        ("28/02/23", "day-ambiguous"),
        ("2023-02-30", "day-nonexistent"),
        ("31/02/2023", "day-nonexistent"),
        ("2023年2月", "day-incomplete"),
        ("Feb 2023", "day-incomplete"),
        ("2023", "day-incomplete"),
        (2023, "day-incomplete"),
        ("2月28日", "day-incomplete"),
        ("Q1 2023", "day-incomplete"),
        ("1-3 March 2023", "day-is-a-period"),
        ("1 to 3 March 2023", "day-is-a-period"),
        ("2023.2.28-2023.3.1", "day-is-a-period"),
        ("2023年2月28日至3月1日", "day-is-a-period"),
        ("28022023", "day-malformed"),
        ("yesterday", "day-malformed"),
        (True, "day-malformed"),
        (math.nan, "day-malformed"),
    ],
)
def test_what_is_not_one_day_is_refused(cell: Cell, code: str) -> None:
    assert refused(read_day, cell) == code


def test_the_order_of_day_and_month_is_stated_or_given_away_by_other_rows() -> None:
    assert read_day("03/02/2023", DayOrder.DAY_FIRST) == date(2023, 2, 3)
    assert read_day("03/02/2023", DayOrder.MONTH_FIRST) == date(2023, 3, 2)
    assert read_day("28/02/23", DayOrder.DAY_FIRST) == date(2023, 2, 28)
    assert refused(read_day, "28/02/2023", DayOrder.MONTH_FIRST) == "day-nonexistent"
    assert orders_in(["03/02/2023", "28/02/2023 10:00", "2023-02-01", None]) == {DayOrder.DAY_FIRST}
    assert orders_in(["03/02/2023", "02/28/2023"]) == {DayOrder.MONTH_FIRST}
    assert orders_in(["03/02/2023", "2023-02-28"]) == set()
    assert orders_in(["28/02/2023", "０２／28/2023"]) == set(DayOrder)


def test_a_day_that_is_not_stated_is_none() -> None:
    assert [read_day(cell) for cell in (None, "", "-", "N/A", "不详", "无")] == [None] * 6


@pytest.mark.parametrize(
    ("said", "cells"),
    [(True, ["是", "有", "Y", "yes", "√", "✓", "TRUE", "1", 1, 1.0, True]), (False, ["否", "无", "N", "no", "×", "✗", 0, False])],
)
def test_a_flag_is_read_from_words_and_marks(said: bool, cells: list[Cell]) -> None:
    assert {read_flag(cell) for cell in cells} == {said}
    assert read_flag("N/A") is None
    assert refused(read_flag, "maybe") == "flag-unclear"


def test_counts_hours_and_percents_are_read_with_their_measure_words() -> None:
    assert [read_count(cell) for cell in (3, 3.0, "３", "三", "3桌", "两盒", "1,000", "无")] == [3, 3, 3, 3, 3, 2, 1000, None]
    assert [read_hours(cell) for cell in (1.5, "1.5小时", "2 hrs", "三学时")] == [1.5, 1.5, 2.0, 3.0]
    assert [read_percent(cell) for cell in ("12.50%", 12.5, "百分之十", "5 percent")] == ["12.5", "12.5", "10", "5"]
    assert [refused(read_count, cell) for cell in ("2.5", "-1", True, "some")] == ["count-malformed"] * 4
    assert refused(read_hours, "all day") == "number-malformed"
    assert refused(read_percent, "1/3") == "percent-malformed"


def test_an_identifier_is_held_against_its_check_digit() -> None:
    code = credit_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert read_identifier(f" {code[:4]} {code[4:10]}-{code[10:].lower()}\u200b") == code
    assert refused(read_identifier, wrong) == "identifier-check-digit"
    assert refused(read_identifier, "12345") == "identifier-malformed"
    assert refused(read_identifier, code, PartyType.INDIVIDUAL) == "identifier-malformed"
    assert [refused(read_identifier, cell) for cell in (9.1110000600037341e17, "9.11E+17")] == ["identifier-rounded"] * 2
    assert read_identifier("无") is None


def test_text_loses_what_cannot_be_seen_and_keeps_its_own_form() -> None:
    assert read_text(" 恒远\u3000建设\u00a0（集团）\u200b有限公司\n") == "恒远 建设 （集团）有限公司"
    assert read_text("'=SUM(A1)") == "=SUM(A1)"
    assert read_note("第一行 \r\n\r\n第二行") == "第一行\n第二行"
    assert [text_of(cell) for cell in (1001, 1001.0, Decimal("1.50"), True, date(2023, 2, 28))] == [
        "1001",
        "1001",
        "1.5",
        "true",
        "2023-02-28",
    ]


def test_a_region_called_na_is_a_region() -> None:
    assert [read_region(cell) for cell in ("cn", "NA", "n/a")] == ["CN", "NA", None]
    assert refused(read_region, "Atlantis") == "region-unknown"
    assert refused(read_id, "17") == "id-malformed"


def test_a_nil_return_is_known_by_its_words() -> None:
    assert all(says_nil(cell) for cell in ("Nil return", "NIL", "Nil Return.", "无", "零报告", "No gifts received", "Nothing to declare"))
    assert not any(says_nil(cell) for cell in ("", "N/A", "Nilgiri tea", "无锡小笼包", None))
    assert is_absent("N/A")


ANY_CELL = st.one_of(
    st.none(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.text(),
    st.text("0123456789.,-/ 年月日元角分约零一二三十百千万亿壹佰£$€¥至以上kmE+janfeb:", max_size=24),
)
READERS: list[Callable[[Cell], Any]] = [
    read_money,
    read_day,
    read_flag,
    read_count,
    read_hours,
    read_percent,
    read_identifier,
    read_region,
    read_currency,
    read_id,
    read_text,
    read_note,
]


@given(ANY_CELL)
def test_no_cell_is_answered_with_anything_but_a_value_or_a_refusal(cell: Cell) -> None:
    for reader in READERS:
        with suppress(CellError):
            reader(cell)


DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
STYLES = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y%m%d",
    "%d %b %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d-%b-%Y",
    "%Y-%m-%d %H:%M:%S",
    "%a %d %b %Y",
]


@given(DAYS, st.sampled_from(STYLES))
def test_a_day_that_is_written_in_any_style_is_read_back(day: date, style: str) -> None:
    assert read_day(datetime(day.year, day.month, day.day, tzinfo=UTC).strftime(style)) == day


@given(DAYS, st.sampled_from(list(DayOrder)))
def test_a_day_in_a_stated_order_is_read_back(day: date, order: DayOrder) -> None:
    written = day.strftime("%d/%m/%Y" if order is DayOrder.DAY_FIRST else "%m/%d/%Y")
    assert read_day(written, order) == day


@given(DAYS)
def test_a_day_that_a_spreadsheet_counts_is_read_back(day: date) -> None:
    assert read_day((day - date(1899, 12, 30)).days) == day


AMOUNTS = st.decimals(0, 10**12 - 1, places=2)
MONEY_STYLES = [
    "{:.2f}",
    "{:,.2f}",
    "£{:,.2f}",
    "GBP {:.2f}",
    "{:,.2f} GBP",
    "￥{:,.2f}",
    "{:.2f}元",
    "约{:.2f}元",
    "approx. £{:,.2f}",
    "人民币{:,.2f}元整",
]


@given(AMOUNTS, st.sampled_from(MONEY_STYLES))
def test_a_sum_that_is_written_in_any_style_is_read_back(amount: Decimal, style: str) -> None:
    said = read_money(style.format(amount))
    assert said.money is not None
    assert said.money.amount == amount
    assert said.estimated == (("约" in style) or ("approx" in style))


def _in_words(number: int, digits: str, units: tuple[str, str, str, str]) -> str:
    """A number below 10^8 in Chinese numerals, as it is taught: a nought for every gap."""
    if number >= 10_000:
        rest = number % 10_000
        gap = digits[0] if rest and rest < 1_000 else ""
        return _in_words(number // 10_000, digits, units) + "万" + gap + (_in_words(rest, digits, units) if rest else "")
    said, skipped = "", False
    for place in (3, 2, 1, 0):
        figure = number // 10**place % 10
        if figure:
            said += (digits[0] if skipped and said else "") + digits[figure] + units[place]
        skipped = figure == 0
    return said or digits[0]


@given(st.integers(0, 10**8 - 1), st.booleans())
def test_a_number_in_chinese_numerals_is_read_back(number: int, capital: bool) -> None:
    digits, units = ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")) if capital else ("零一二三四五六七八九", ("", "十", "百", "千"))
    assert read_numeral(_in_words(number, digits, units)) == number
