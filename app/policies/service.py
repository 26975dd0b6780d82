"""Reads the book for answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.access.caller import Caller
from app.kit.errors import Words, not_found
from app.ledger.unit_of_work import Reading
from app.people.models import unit as unit_table
from app.people.visibility import in_reach
from app.rulebook.book import Book
from app.rulebook.chapter import Chapter
from app.rulebook.instruments import Instrument
from app.rulebook.local import LocalLimits
from app.rulebook.rule import Rule

from .local import chain_of, standing_limits
from .schemas import (
    BanOut,
    CitationOut,
    InstrumentOut,
    LimitOut,
    ListedConductOut,
    ListsOut,
    Place,
    RulebookOut,
    RuleDetailOut,
    RuleOut,
    TextOut,
    WorkedCaseOut,
)


class Policies:
    """What the book says, as of a day."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.instruments: dict[str, Instrument] = dict(book.instruments)

    def rulebook(self, local: LocalLimits) -> RulebookOut:
        """The version in force."""
        counts = {"rules": len(self.book.rules), "limits": len(self.book.limits), "instruments": len(self.instruments)}
        version = {"version": self.book.version_with(local), "digest": self.book.digest, "local_digest": local.digest or None}
        return RulebookOut(**version, kinds=list(self.book.kinds), **counts)

    def rules(self, as_of: date | None) -> list[RuleOut]:
        """All rules by number; with a day, those that some norm of that day carries."""
        rules = sorted(self.book.rules.values(), key=lambda rule: rule.number)
        return [RuleOut(**self._short(rule)) for rule in rules if as_of is None or _standing(rule, as_of)]

    def rule(self, rule_id: str, as_of: date) -> RuleDetailOut:
        """One rule in full.

        Raises:
            Problem: 404.
        """
        rule = self.book.rules.get(rule_id)
        if rule is None:
            raise not_found(Words("规则", "rule"))
        return RuleDetailOut(
            **self._short(rule),
            text=TextOut.of(rule.text),
            as_of=as_of,
            basis=[CitationOut.of(row, self.instruments) for row in _standing(rule, as_of)],
            limits=[LimitOut.of(self.book.limits[limit], as_of, self.book) for limit in rule.limits],
            suppressed_by=self.book.silenced_by(rule.id),
            cases=[_case(body) for body in self._chapter(rule).cases_about(rule.id)],
        )

    def limits(self, as_of: date, place: Place | None = None) -> list[LimitOut]:
        """Every limit with its value of the day, as it applies at a place."""
        return [LimitOut.of(limit, as_of, self.book, place) for limit in self.book.limits.values()]

    def limit(self, limit_id: str, as_of: date, place: Place | None = None) -> LimitOut:
        """One limit, as it applies at a place.

        Raises:
            Problem: 404.
        """
        limit = self.book.limits.get(limit_id)
        if limit is None:
            raise not_found(Words("标准", "limit"))
        return LimitOut.of(limit, as_of, self.book, place)

    def lists(self) -> ListsOut:
        """The three lists, each ban with the rules that serve it."""
        listed = {name: [ListedConductOut.of(entry, self.book) for entry in entries] for name, entries in self.book.lists.items()}
        bans = [BanOut.of(ban, self.book.serving(ban.number)) for ban in self.book.bans]
        return ListsOut(banned=bans, **listed)

    def cited(self) -> list[InstrumentOut]:
        """Every instrument, with the rules that cite it."""
        return [
            InstrumentOut(
                **instrument.model_dump(exclude={"key", "title", "title_en"}),
                id=key,
                title=TextOut(zh=instrument.title, en=instrument.title_en),
                rules=[rule.id for rule in self.book.rules.values() if any(row.instrument == key for row in rule.basis)],
            )
            for key, instrument in self.instruments.items()
        ]

    def _chapter(self, rule: Rule) -> Chapter:
        return next(chapter for chapter in self.book.chapters if rule in chapter.rules)

    def _short(self, rule: Rule) -> dict[str, Any]:
        return {
            "id": rule.id,
            "number": rule.number,
            "title": TextOut.of(rule.title),
            "ban": rule.ban,
            "kind": self._chapter(rule).name,
            "confidential": rule.confidential,
            "permits": self.book.permitted_by(rule.id),
        }


async def place_of(view: Reading, caller: Caller, unit: UUID | None) -> Place | None:
    """The unit that limits are asked for, if one is.

    Raises:
        Problem: 404 for one that does not exist or lies out of reach.
    """
    if unit is None:
        return None
    known = select(unit_table.c.id).where(unit_table.c.id == unit, in_reach(caller, unit_table.c.id))
    if await view.connection.scalar(known) is None:
        raise not_found(Words("单位", "unit"))
    return Place(unit, await chain_of(view.connection, unit), await standing_limits(view.connection))


def _standing(rule: Rule, day: date) -> list[Any]:
    """The rows of the basis that stand on a day, whomever they bind."""
    return [row for row in rule.basis if row.always or (row.since <= day and (row.until is None or day < row.until))]


_OUTCOME = ("rule", "title", "title_en", "judged_on", "fires", "silent", "missing", "due_on", "basis", "closed")


def _case(body: Mapping[str, Any]) -> WorkedCaseOut:
    return WorkedCaseOut(
        title=TextOut(zh=body["title"], en=body["title_en"]),
        judged_on=body["judged_on"],
        facts={key: value for key, value in body.items() if key not in _OUTCOME},
        fires=dict(body.get("fires", {})),
        silent=list(body.get("silent", ())),
    )
