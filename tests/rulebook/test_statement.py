"""What people state is taken as they mean it, and refused where it could mislead or be mistaken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.rulebook.contents import KINDS
from app.rulebook.statement import EARLIEST, Count, CounterpartyReference, Day, Details, Flag, Name, Note, Percent, Relation, Times

DAY, NAME, NOTE = TypeAdapter(Day), TypeAdapter(Name), TypeAdapter(Note)
MEAL = {
    "occurred_on": "2024-05-20",
    "host": {"name": "某公司"},
    "relation": "supervised_current",
    "also_kin": False,
    "type": "private",
    "venue": "restaurant",
    "payer": "host",
    "alcohol": "none",
    "tobacco": False,
    "luxury_dishes": False,
    "during_inspection": False,
    "disposition": "attended",
}


def meal(**over: object) -> Details:
    details = KINDS["meal"].details
    assert details is not None
    return details.model_validate({**MEAL, **over})


def code(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return error.value.errors()[0]["type"]


@given(st.dates(min_value=EARLIEST))
def test_a_day_is_read_as_written(day: date) -> None:
    assert DAY.validate_python(day.isoformat()) == day


@pytest.mark.parametrize(
    "day",
    ["2024-5-25", "20240525", "2024/05/25", "25-05-2024", "２０２４-05-25", "2024-05-25T00:00:00", "", 1716595200, 2024.5, None, True],
)
def test_a_day_written_otherwise_is_refused(day: object) -> None:
    with pytest.raises(ValidationError) as error:
        DAY.validate_python(day)
    assert code(error) == "day_malformed"


@pytest.mark.parametrize("day", ["2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01"])
def test_a_day_that_never_was_is_refused(day: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(day)


def test_days_before_the_republic_cannot_be_declared() -> None:
    assert DAY.validate_python("1949-10-01") == EARLIEST
    with pytest.raises(ValidationError) as error:
        DAY.validate_python("1949-09-30")
    assert code(error) == "day_too_early"


@pytest.mark.parametrize("name", ["北京某某科技有限公司", "𠮷野家", "Müller & Söhne", "喜茶🍵", "👨‍👩‍👧 家庭农场", "شركة", "a" * 200])
def test_names_of_every_script_are_taken(name: str) -> None:
    assert NAME.validate_python(name) == name


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\u202e", "\u202d", "\u2066", "\u2069", "\ud800"])
def test_what_cannot_be_shown_is_refused_wherever_it_stands(char: str) -> None:
    for adapter in (NAME, NOTE):
        for text in (f"{char}甲公司", f"甲{char}公司", f"甲公司{char}乙"):
            with pytest.raises(ValidationError):
                adapter.validate_python(text)


def test_a_note_may_have_lines_and_a_name_is_trimmed() -> None:
    assert NOTE.validate_python("第一行\n\t第二行") == "第一行\n\t第二行"
    assert NAME.validate_python(" 某公司\u3000") == "某公司"


@pytest.mark.parametrize("name", ["", "   ", "\u3000\u3000", "a" * 201])
def test_a_name_is_neither_blank_nor_endless(name: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(name)


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_and_never_breaks(text: str) -> None:
    try:
        kept = NOTE.validate_python(text)
    except ValidationError:
        return
    assert kept == text
    assert kept.encode("utf-8").decode("utf-8") == text
    assert "\x00" not in kept


@pytest.mark.parametrize("number", ["1", 1.0, True, -1, 1_000_001])
def test_counts_are_whole_numbers_and_nothing_that_looks_like_one(number: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Count).validate_python(number)


def test_often_means_at_least_once() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Times).validate_python(0)


@pytest.mark.parametrize("flag", ["true", 1, 0, "yes", None])
def test_flags_are_true_or_false(flag: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Flag).validate_python(flag)


@pytest.mark.parametrize("percent", ["-1", "12,5", "１２", "1e1", "12.", 12.5, "12.12345"])
def test_percentages_are_plain_decimal_strings(percent: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Percent).validate_python(percent)


@pytest.mark.parametrize("reference", [{}, {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "某公司"}])
def test_a_counterparty_is_named_or_known_by_id_and_not_both(reference: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as error:
        CounterpartyReference.model_validate(reference)
    assert code(error) == "reference_needs_id_or_name"


def test_the_first_six_relations_touch_duty_and_unknown_does_not_pass_for_private() -> None:
    assert [relation for relation in Relation if relation.duty_related] == list(Relation)[:6]
    assert [relation for relation in Relation if relation.private] == [Relation.KIN, Relation.FRIEND_UNRELATED]


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError) as error:
        meal(guest_of_honour="某甲")
    assert code(error) == "extra_forbidden"


@pytest.mark.parametrize("field", MEAL)
def test_every_fact_without_a_default_must_be_stated(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        KINDS["meal"].details.model_validate({name: fact for name, fact in MEAL.items() if name != field})
    assert code(error) == "missing"


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("meal", "occurred_on", "until_on"),
        ("activity", "from_on", "until_on"),
        ("loan", "from_on", "repaid_on"),
        ("shareholding", "acquired_on", "disposed_on"),
        ("outside_post", "from_on", "until_on"),
    ],
)
def test_nothing_ends_before_it_began(kind: str, first: str, last: str) -> None:
    details = KINDS[kind].details
    assert details is not None
    with pytest.raises(ValidationError) as error:
        details.model_validate({first: "2024-05-20", last: "2024-05-19"})
    assert {fault["type"]: fault["loc"] for fault in error.value.errors()}[f"{last}_before_{first}"] == (last,)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described_in_both_languages(kind: str) -> None:
    details = KINDS[kind].details
    assert details is not None
    for name, field in details.model_fields.items():
        said = field.description or ""
        assert any("\u4e00" <= char <= "\u9fff" for char in said), name
        assert any(char.isascii() and char.isalpha() for char in said), name
