"""Small numbers hidden from who may count but not read each declaration, so that nobody in particular is told of.

Fewer than five officials hide all of their group, a number from 1 to 4 among its findings and worths hides these. Where the totals less what is
shown would still tell it, the smallest other group is hidden with it.
"""

from collections.abc import Iterable, Sequence

from .groups import DETAILS, Group

FEWEST = 5
"""What is shown counts at least so many, or nobody at all: a nought is about no one."""


def hide_small(groups: Sequence[Group], totals: Group) -> None:
    """Mark what is not shown, in the groups and in the totals."""
    few = [group for group in groups if _is_small(group.numbers["declarants"])]
    for group in _in_company(few, groups, ("declarants",)):
        group.hidden = True
    totals.hidden = _is_small(totals.numbers["declarants"])
    totals.reduced = _is_revealing(totals)
    revealing = [group for group in groups if group.hidden or _is_revealing(group)]
    for group in revealing if totals.reduced else _in_company(revealing, groups, DETAILS):
        group.reduced = True


def _is_revealing(group: Group) -> bool:
    return any(_is_small(group.numbers[name]) for name in DETAILS)


def _is_small(number: int) -> bool:
    return 0 < number < FEWEST


def _in_company(hidden: Iterable[Group], groups: Sequence[Group], names: Sequence[str]) -> Iterable[Group]:
    """The groups to be hidden, with another for each number in which they come to too little together.

    None of the others is small itself, so that one is enough, and does no harm to the numbers seen to before.
    """
    found = {group.key: group for group in hidden}
    for name in names:
        if _is_small(sum(group.numbers[name] for group in found.values())):
            others = [group for group in groups if group.key not in found and group.numbers[name]]
            found |= {group.key: group for group in sorted(others, key=lambda group: (group.numbers[name], str(group.key)))[:1]}
    return found.values()
