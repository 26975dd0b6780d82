"""A chapter: one kind of declaration with what must be stated, its rules, limits and worked cases."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from .finding import Text
from .matter import Matter
from .parameters import Limit, read_limits, read_toml
from .rule import Rule
from .statement import Details
from .totals import Total


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What `contents.py` lists; the rules of a chapter that is no `KindChapter` see every kind.

    `totals` answers the running sums that a matter of the chapter adds to; `catalogue` reads a table of dated values that rules
    search by the words of a description.
    """

    name: str
    title: Text
    folder: Path
    rules: tuple[Rule, ...]
    totals: Callable[[Any], list[Total]] | None = None
    catalogue: Callable[[], Sequence[Limit]] | None = None

    def limits(self) -> Iterator[Limit]:
        """The dated limits of `limits.toml`, if the chapter has any."""
        path = self.folder / "limits.toml"
        return read_limits(path) if path.exists() else iter(())

    def cases_about(self, rule_id: str) -> Sequence[Mapping[str, Any]]:
        """The worked cases that are about one rule."""
        return _cases_in(self.folder).get(rule_id, ())

    def cases(self) -> Mapping[str, Any]:
        """The worked cases of `cases.toml`: `defaults` and a list of `case`."""
        path = self.folder / "cases.toml"
        return read_toml(path) if path.exists() else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChapter(Chapter):
    """The chapter of one kind of declaration: what must be stated of it, and how its rules see it."""

    details: type[Details]
    matter: type[Matter[Any]]


@cache
def _cases_in(folder: Path) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """The worked cases of a folder by the rule that each is about, read once: the files are long, and requests wait while they are parsed."""
    path, about = folder / "cases.toml", defaultdict[str, list[Mapping[str, Any]]](list)
    for body in read_toml(path).get("case", ()) if path.exists() else ():
        about[body["rule"]].append(body)
    return {rule: tuple(bodies) for rule, bodies in about.items()}


def rules_in(module: ModuleType) -> tuple[Rule, ...]:
    """The rules that a module defines, by number."""
    return tuple(sorted((value for value in vars(module).values() if isinstance(value, Rule)), key=lambda found: found.number))
