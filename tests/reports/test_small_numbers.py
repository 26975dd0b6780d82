"""What is hidden of small numbers, whatever the numbers are: nothing that is hidden can be told by subtraction."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.reports.groups import DETAILS, Group
from app.reports.small_numbers import hide_small

NUMBERS = ("declarations", "declarants", *DETAILS)


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    """Some groups, the small numbers among them as often as not."""
    some = st.one_of(st.integers(0, 6), st.integers(0, 400))
    found = []
    for key in range(draw(st.integers(0, 7))):
        declarants = draw(st.one_of(st.integers(1, 6), st.integers(1, 400)))
        numbers = {name: draw(some) for name in DETAILS} | {"declarants": declarants, "declarations": declarants + draw(some)}
        found.append(Group(str(key), Counter(numbers)))
    return found


def together(found: list[Group]) -> Group:
    return Group(None, Counter({name: sum(group.numbers[name] for group in found) for name in NUMBERS}))


def is_shown(group: Group, name: str) -> bool:
    return not group.hidden and not (group.reduced and name in DETAILS)


@given(groups())
def test_what_is_shown_is_never_from_1_to_4(found: list[Group]) -> None:
    totals = together(found)
    hide_small(found, totals)
    assert not [name for group in [*found, totals] for name in NUMBERS if is_shown(group, name) and 0 < group.numbers[name] < 5]


@given(groups())
def test_the_totals_less_what_is_shown_tell_of_no_hidden_number(found: list[Group]) -> None:
    totals = together(found)
    hide_small(found, totals)
    for name in NUMBERS:
        hidden = [group for group in found if not is_shown(group, name)]
        left = sum(group.numbers[name] for group in hidden)
        if hidden and is_shown(totals, name):
            assert len(hidden) > 1 or len(found) == 1
            assert not 0 < left < 5


@given(groups())
def test_nothing_is_hidden_where_nothing_is_small(found: list[Group]) -> None:
    for group in found:
        group.numbers = Counter({name: number if number == 0 else number + 5 for name, number in group.numbers.items()})
    totals = together(found)
    hide_small(found, totals)
    assert not [group for group in [*found, totals] if group.hidden or group.reduced]
