"""Small numbers hidden from who may count but not read each declaration, so that nobody in particular is told of.

Fewer than five officials hide all of their group, a number from 1 to 4 among its findings and worths hides these. Where that would let a
hidden number be told by taking what is shown from the totals, the smallest other groups are hidden with it.
"""

from collections.abc import Callable, Iterable, Sequence

from .groups import DETAILS, FOUND, Group

FEWEST = 5
"""What is shown counts at least so many, or nobody at all: a nought is about no one."""


def hide_small(groups: Sequence[Group], totals: Group) -> None:
    """Mark what is not shown, in the groups and in the totals."""
    few = [group for group in groups if _is_small(group.numbers["declarants"])]
    for group in _in_company(few, groups, ("declarants",), _declarants):
        group.hidden = True
    totals.hidden = _is_small(totals.numbers["declarants"])
    totals.reduced = _is_revealing(totals)
    revealing = [group for group in groups if group.hidden or _is_revealing(group)]
    for group in revealing if totals.reduced else _in_company(revealing, groups, DETAILS, _findings):
        group.reduced = True


def _is_revealing(group: Group) -> bool:
    return any(_is_small(group.numbers[name]) for name in DETAILS)


def _is_small(number: int) -> bool:
    return 0 < number < FEWEST


def _in_company(hidden: Iterable[Group], groups: Sequence[Group], names: Sequence[str], size: Callable[[Group], int]) -> list[Group]:
    """The groups to be hidden with as many of the smallest others that what they sum to tells of none of them."""
    found = list(hidden)
    others = sorted((group for group in groups if group not in found), key=lambda group: (size(group), str(group.key)))
    while found and others and not _blurred(found, names):
        found.append(others.pop(0))
    return found


def _blurred(hidden: Sequence[Group], names: Sequence[str]) -> bool:
    return len(hidden) > 1 and not any(_is_small(sum(group.numbers[name] for group in hidden)) for name in names)


def _declarants(group: Group) -> int:
    return group.numbers["declarants"]


def _findings(group: Group) -> int:
    return sum(group.numbers[name] for name in FOUND)
