"""What holds for every gift, whatever its lines: their order is no matter, waiting clears nothing, a cent and a day decide."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rulebook.book import Book, Judgement
from app.rulebook.chapters import combined, gift
from app.rulebook.chapters.gift.kinds import DispositionAction, GiftCategory
from app.rulebook.facts import Declared, Facts, Party, Person, Rank, Source, StaffClass
from app.rulebook.finding import Level

BOOK = Book([gift.CHAPTER, combined.CHAPTER])
PERSON = Person(party_member=True, staff_class=StaffClass.CIVIL_SERVANT, rank=Rank.SECTION_CHIEF)
RECEIVED, DEADLINE = date(2024, 3, 4), date(2024, 4, 4)
LONG_AFTER = date(2025, 3, 1)
CATEGORIES = [category.value for category in GiftCategory]
ACTIONS = [action.value for action in DispositionAction]
RELATIONS = ["supervised_current", "subordinate", "colleague", "foreign_counterpart", "unrelated", "kin", "friend_unrelated", "unknown"]


def item(
    category: str = "goods", worth: str | None = "300.00", action: str = "kept", on: date | None = None, **more: Any
) -> dict[str, Any]:
    """One line as JSON states it."""
    return {
        "category": category,
        "description": "茶叶",
        "worth": worth and {"amount": worth, "currency": "CNY"},
        "worth_basis": "market",
        "disposition": {"action": action, "on": on and on.isoformat()},
        **more,
    }


def declared(items: list[dict[str, Any]], number: int = 0, source: str = "self", **over: Any) -> Declared:
    """A gift of these lines, filed on the day after receipt."""
    stated = {
        "received_on": RECEIVED.isoformat(), "received_away": False, "giver": {"name": "某设备公司"}, "relation": "supervised_current",
        "also_kin": False, "direction": "received", "setting": "domestic", "receiver": "self", "occasion": "none", "channel": "in_person",
        "public_event": False, "items": items, **over,
    }  # fmt: skip
    details = BOOK.details("gift").model_validate(stated)
    received_on = date.fromisoformat(stated["received_on"])
    return Declared(
        kind="gift", details=details, source=Source(source), declared_on=received_on + timedelta(days=1), id=str(number),
        recorded_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number), parties={"giver": Party()},
    )  # fmt: skip


def judged(one: Declared, related: list[Declared] | None = None, on: date = LONG_AFTER) -> Judgement:
    """What the book says of a gift."""
    return BOOK.judge(Facts(declared=one, person=PERSON, judged_on=on, related=related or []))


def levels(judgement: Judgement) -> Mapping[str, Level]:
    """The level of each rule that fired."""
    return {finding.rule: finding.level for finding in judgement.findings}


amounts = st.none() | st.integers(0, 4_000_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
days = st.none() | st.dates(RECEIVED, date(2024, 6, 1))
items = st.builds(
    item,
    st.sampled_from(CATEGORIES),
    amounts,
    st.sampled_from(ACTIONS),
    days,
    times=st.integers(1, 4),
    until_on=days.map(lambda day: day and day.isoformat()),
)
circumstances = st.fixed_dictionaries(
    {
        "relation": st.sampled_from(RELATIONS),
        "setting": st.sampled_from(["domestic", "foreign_affairs"]),
        "receiver": st.sampled_from(["self", "spouse"]),
        "aware_on": st.sampled_from([None, "2024-03-10"]),
        "received_away": st.booleans(),
        "public_event": st.booleans(),
        "also_kin": st.booleans(),
        "received_on": st.sampled_from(["2024-03-04"]),
    }
)


@given(lines=st.lists(items, min_size=2, max_size=5), stated=circumstances, source=st.sampled_from(["self", "commission"]), data=st.data())
def test_the_order_of_lines_does_not_change_what_is_found(
    lines: list[dict[str, Any]], stated: dict[str, Any], source: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(lines))
    one, other = (judged(declared(order, source=source, **stated)) for order in (lines, shuffled))
    assert levels(one) == levels(other)
    for before, after in zip(one.findings, other.findings, strict=True):
        assert set(before.missing_facts) == set(after.missing_facts)
        assert before.basis == after.basis


@given(
    lines=st.lists(items, min_size=1, max_size=5),
    stated=circumstances,
    source=st.sampled_from(["self", "commission"]),
    later=st.integers(0, 500),
)
def test_waiting_never_clears_a_gift(lines: list[dict[str, Any]], stated: dict[str, Any], source: str, later: int) -> None:
    one, settled = declared(lines, source=source, **stated), date(2024, 6, 1)
    before, after = levels(judged(one, on=settled)), levels(judged(one, on=settled + timedelta(days=later)))
    assert all(after[rule].weight >= level.weight for rule, level in before.items())


COLLEAGUE = {"relation": "colleague"}
FOREIGN = {"relation": "foreign_counterpart", "setting": "foreign_affairs"}
HANDOUT = {"received_on": "2024-09-02", "public_event": True}


@pytest.mark.parametrize(
    ("rule", "below", "reached", "category", "source", "stated"),
    [
        ("gift.other-unregistered", "99.99", "100.00", "goods", "commission", COLLEAGUE),
        ("gift.not-surrendered", "199.99", "200.00", "goods", "self", COLLEAGUE),
        ("gift.foreign-not-declared", "199.99", "200.00", "goods", "self", FOREIGN),
        ("gift.duty-related-kept", "99.99", "100.00", "promotional", "self", HANDOUT),
        ("combined.criminal-threshold", "9999.99", "10000.00", "cash", "self", {}),
    ],
)
def test_a_cent_decides(rule: str, below: str, reached: str, category: str, source: str, stated: dict[str, Any]) -> None:
    found = [levels(judged(declared([item(category, worth)], source=source, **stated))) for worth in (below, reached)]
    assert [rule in fired for fired in found] == [False, True]


@pytest.mark.parametrize(
    ("rule", "below", "reached", "level"),
    [
        ("gift.duty-related-kept", "9999.99", "10000.00", Level.SERIOUS),
        ("combined.criminal-threshold", "29999.99", "30000.00", Level.REFER),
    ],
)
def test_a_cent_raises_the_level(rule: str, below: str, reached: str, level: Level) -> None:
    found = [levels(judged(declared([item(worth=worth)])))[rule] for worth in (below, reached)]
    assert found[0] is not level
    assert found[1] is level


@pytest.mark.parametrize(
    ("rule", "source", "stated"),
    [
        ("gift.unregistered", "commission", {}),
        ("gift.not-surrendered", "self", {}),
        ("gift.other-unregistered", "commission", COLLEAGUE),
        ("gift.foreign-not-declared", "self", FOREIGN),
    ],
)
def test_a_day_turns_a_reminder_into_a_suspected_breach(rule: str, source: str, stated: dict[str, Any]) -> None:
    one = declared([item(action="pending")], source=source, **stated)
    found = [levels(judged(one, on=day))[rule] for day in (DEADLINE, DEADLINE + timedelta(days=1))]
    assert found == [Level.NOTICE, Level.BREACH]


@pytest.mark.parametrize("category", ["goods", "cash", "membership_card"])
def test_a_day_decides_whether_a_return_was_in_time(category: str) -> None:
    returned = [judged(declared([item(category, action="returned", on=day)])).findings for day in (DEADLINE, DEADLINE + timedelta(days=1))]
    assert [bool(findings) for findings in returned] == [False, True]


def test_a_hand_over_announced_for_a_later_day_has_not_happened_yet() -> None:
    one = declared([item(action="returned", on=DEADLINE)])
    assert levels(judged(one, on=date(2024, 3, 20))) == {"gift.not-surrendered": Level.NOTICE}
    assert not judged(one, on=DEADLINE).findings


@pytest.mark.parametrize(
    "over",
    [
        {"aware_on": "2024-03-03"},
        {"returned_to_unit_on": "2024-03-03"},
        {"returned_to_country_on": "2024-03-03"},
        {"items": [item(until_on="2024-03-03")]},
        {"items": [item(action="returned", on=date(2024, 3, 3))]},
        {"items": []},
        {"items": [item(times=0)]},
        {"items": [item(quantity=0)]},
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(over: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        declared(over.pop("items", [item()]), **over)
