"""Limits are dated and cited, or the law does not load; the fault names its file and line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.parameters import Limit, Limits, NotInForceError, RulebookError, read_limits

FIRST = """# A limit that stands.

["gift.register"]
title_zh = "登记标准"
title_en = "Register from"
unit = "CNY"
values = [{ since = 1995-09-02, value = 100, instrument = "gift-standards", article = "3", confidence = "S~" }]

"""
SECOND = """["gift.surrender"]
title_zh = "上交标准"
title_en = "Surrender from"
unit = "CNY"
values = [
    { since = 1995-09-02, value = 200, instrument = "gift-standards", article = "3", confidence = "S~" },
    { since = 2030-01-01, value = 300, instrument = "gift-standards", article = "3", confidence = "S~" },
]
"""
LINE_OF_SECOND = FIRST.count("\n") + 1


def load(path: Path, text: str) -> dict[str, Limit]:
    path.write_text(text, encoding="utf-8")
    return {limit.id: limit for limit in read_limits(path)}


def refused(path: Path, text: str) -> str:
    with pytest.raises(RulebookError) as error:
        load(path, text)
    return str(error.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "limits.toml"


@pytest.mark.parametrize(
    ("day", "value"), [(date(1995, 9, 1), None), (date(1995, 9, 2), 200), (date(2029, 12, 31), 200), (date(2030, 1, 1), 300)]
)
def test_the_value_of_the_day_stands(path: Path, day: date, value: int | None) -> None:
    limits = Limits(load(path, FIRST + SECOND), day)
    assert limits.get("gift.surrender") == value
    if value is None:
        with pytest.raises(NotInForceError):
            limits["gift.surrender"]
    else:
        assert limits["gift.surrender"] == value


@pytest.mark.parametrize("field", ["instrument", "article", "confidence", "since", "value"])
def test_a_value_without_its_source_does_not_load(path: Path, field: str) -> None:
    values = {
        "since": "since = 1995-09-02",
        "value": "value = 200",
        "instrument": 'instrument = "gift-standards"',
        "article": 'article = "3"',
        "confidence": 'confidence = "S~"',
    }
    left = ", ".join(said for name, said in values.items() if name != field)
    head = SECOND[: SECOND.index("values")]
    message = refused(path, FIRST + head + f"values = [{{ {left} }}]\n")
    assert f"{path}:{LINE_OF_SECOND}: limit gift.surrender" in message
    assert field in message


@pytest.mark.parametrize(
    ("good", "bad"), [('instrument = "gift-standards"', 'instrument = ""'), ('"S~"', '"sure"'), ('unit = "CNY"', 'unit = ""')]
)
def test_a_blank_or_unheard_of_source_does_not_load(path: Path, good: str, bad: str) -> None:
    assert f"{path}:{LINE_OF_SECOND}: limit gift.surrender" in refused(path, FIRST + SECOND.replace(good, bad))


@pytest.mark.parametrize("second_day", ["1990-01-01", "1995-09-02"])
def test_values_out_of_order_do_not_load(path: Path, second_day: str) -> None:
    message = refused(path, FIRST + SECOND.replace("2030-01-01", second_day))
    assert f"{path}:{LINE_OF_SECOND}: limit gift.surrender" in message
    assert "since" in message


def test_a_limit_without_values_or_with_unknown_fields_does_not_load(path: Path) -> None:
    head = SECOND[: SECOND.index("values")]
    assert "values" in refused(path, FIRST + head + "values = []\n")
    assert "operator" in refused(path, FIRST + head + 'operator = ">="\n' + SECOND[SECOND.index("values") :])


def test_what_is_not_toml_names_its_line(path: Path) -> None:
    assert refused(path, FIRST + "values = [\n").startswith(f"{path}:")
    assert refused(path, FIRST + "title_zh 登记\n").startswith(f"{path}:{LINE_OF_SECOND}: ")


def test_every_limit_of_the_book_is_sourced_and_some_rule_reads_it() -> None:
    book = Book(CHAPTERS)
    read = {limit for rule in book.rules.values() for limit in rule.limits}
    for limit in book.limits.values():
        for value in limit.values:
            assert value.instrument in book.instruments
            assert isinstance(value.value, int | Decimal | str)
    assert read == set(book.limits)


def test_the_book_names_what_a_rule_lacks() -> None:
    with pytest.raises(RulebookError, match=r"stands in two chapters"):
        Book([*CHAPTERS, CHAPTERS[0]])


def test_the_digest_is_the_same_for_the_same_law() -> None:
    assert Book(CHAPTERS).digest == Book(CHAPTERS).digest
    assert len(Book(CHAPTERS).version) == 12
