"""Judging without recording: facts from rows, the book's answer, in the declarant's view and in the commission's."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping

from app.declarations.repository import Values
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.ids import new_id
from app.ledger.unit_of_work import Reading
from app.rulebook.book import Book, Judgement
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.rulebook.matter import Matter as AnyMatterOf
from app.rulebook.statement import Details

from .declarant import Declarant
from .facts import Matter, parties_by_field, read_facts
from .findings import Document, document, gist, gist_of_kept

AnyMatter: TypeAlias = AnyMatterOf[Any]


@dataclass(frozen=True, slots=True)
class Screened:
    """A judgement ready to be recorded, in two views: `shown` rests on what the declarant may know, `known` on everything.

    A finding that stands in both is the same document.
    """

    id: UUID
    judged_on: date
    rulebook_version: str
    judgement: Judgement
    shown: Sequence[Document]
    known: Sequence[Document]
    shown_matter: AnyMatter

    @property
    def documents(self) -> list[Document]:
        """Every finding once, in whichever view it stands."""
        return [*self.shown, *self.commission_alone]

    @property
    def commission_alone(self) -> list[Document]:
        """The findings that the declarant is not shown."""
        return [kept for kept in self.known if kept not in self.shown]

    @property
    def commission_findings(self) -> Sequence[Document] | None:
        """What is kept for the commission beside the declarant's view; None where both come to the same."""
        return None if self.known == self.shown else self.known

    def _substance(self) -> str:
        """A digest of what both views say: of two judgements that have the same one, nothing needs to be recorded."""
        if not self.known and not self.shown:
            return _NOTHING
        return _digest([view and substance(view) for view in (self.shown, self.commission_findings)])

    def behind(self, shown: Sequence[Document]) -> "Screened":
        """The same judgement with the declarant's view left as it stands, to the letter: what is new is for the commission."""
        return replace(self, shown=shown, known=_in_both(shown, self.known))

    def columns(self) -> Values:
        """What the declaration's row keeps of its newest screening, for filters and sums."""
        matter = self.judgement.matter
        return {
            "screening_id": self.id,
            "outcome": _weight(self.known),
            "shown_outcome": _weight(self.shown),
            "counted_cents": counted_cents(matter),
            "worth_cents": _worth_cents(matter),
            "due_on": self._holds_until(),
            "substance": self._substance(),
        }

    def _holds_until(self) -> date | None:
        due = (date.fromisoformat(kept["remedy"]["due_on"]) for kept in self.documents if kept["remedy"] and kept["remedy"]["due_on"])
        return _holds_until(self.judgement.matter, due)


def stands(book: Book, judgement: Judgement, row: RowMapping) -> bool:
    """Whether a judgement, the same in both views, comes to what the declaration's row keeps: `Screened.columns`, without making documents."""
    matter, findings = judgement.matter, judgement.findings
    weight = max([finding.level.weight for finding in findings]) if findings else 0
    if row["outcome"] != weight or row["shown_outcome"] != weight or row["counted_cents"] != counted_cents(matter):
        return False
    if row["worth_cents"] != _worth_cents(matter):
        return False
    due = [finding.remedy.due_on for finding in findings if finding.remedy and finding.remedy.due_on]
    if row["due_on"] != _holds_until(matter, due):
        return False
    substance = _digest([[gist(finding, book) for finding in findings], None]) if findings else _NOTHING
    return bool(row["substance"] == substance)


def _holds_until(matter: AnyMatter, due: Iterable[date]) -> date | None:
    """The day after which time alone may change the findings; one that had passed when they were judged has shown its effect."""
    days = [day for day in (*due, matter.holds_until) if day is not None and day >= matter.today]
    return min(days) if days else None


def _digest(said: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]


_NOTHING = _digest([[], None])

MOST_CENTS = 10**12
"""Ten billion yuan: filters and sums keep no more of an amount, so that no person's sum outgrows the column."""


def counted_cents(matter: AnyMatter) -> int:
    """What a matter adds to the person's sum over duty-related givers, in hundredths of a yuan."""
    return _cents(matter.counted.amount) if matter.duty_related else 0


def _worth_cents(matter: AnyMatter) -> int | None:
    worth = matter.worth_cny()
    return None if worth is None else _cents(worth)


def _cents(amount: Decimal) -> int:
    return min(int(amount * 100), MOST_CENTS)


def _weight(documents: Sequence[Document]) -> int:
    return max((Level(kept["level"]).weight for kept in documents), default=0)


class Judging:
    """Judges declarations as the register stands."""

    def __init__(self, view: Reading, book: Book) -> None:
        self.connection = view.connection
        self.book = book

    async def judge(self, matter: Matter, declarant: Declarant) -> Screened:
        """Read the facts and judge them; nothing is written."""
        judged_on = clock.today()
        facts, in_the_open = await read_facts(self.connection, self.book, matter, declarant, judged_on)
        known = self.book.judge(facts)
        return screened(self.book, known, known if in_the_open is facts else self.book.judge(in_the_open))

    def details_of(self, declared: Values) -> Details:
        """What a stored declaration states."""
        return self.book.details(declared["kind"]).model_validate(declared["details"])

    def matter_of(self, declared: Values, details: Details | None = None) -> Matter:
        """A declaration as the facts take it; `details` where they are at hand, so that they are not read again."""
        details = details or self.details_of(declared)
        ids = (declared["counterparty_id"], declared["further_counterparty_id"])
        return Matter(
            id=declared["id"],
            kind=declared["kind"],
            details=details,
            source=Source(declared["source"]),
            declared_on=declared["declared_on"],
            recorded_at=declared["created_at"],
            parties=parties_by_field(details, ids),
            counted_cents=declared.get("counted_cents", 0) if declared["status"] == Status.SUBMITTED else 0,
            capture=declared["capture"],
        )


def screened(book: Book, judgement: Judgement, in_the_open: Judgement) -> Screened:
    """A judgement on all that the register knows, and that on what the declarant may know, as they are recorded; often they are one."""
    known = shown = _documents(book, judgement)
    if in_the_open is not judgement:
        shown = [kept for kept in _documents(book, in_the_open) if not kept["confidential"]]
        known = _in_both(shown, known)
    circumstances = judgement.matter.circumstances
    version = book.version_with(circumstances.local)
    return Screened(new_id(), circumstances.judged_on, version, judgement, shown, known, in_the_open.matter)


def _documents(book: Book, judgement: Judgement) -> list[Document]:
    return [document(found, new_id(), book) for found in judgement.findings]


def _in_both(shown: Sequence[Document], known: Sequence[Document]) -> list[Document]:
    """The commission's view, with the declarant's document where it says the same; the others are confidential."""
    same = {kept["rule"]: kept for kept in shown}

    def told(kept: Document) -> Document:
        other = same.get(kept["rule"])
        return other if other and substance([kept]) == substance([other]) else {**kept, "confidential": True}

    return [told(kept) for kept in known]


def substance(documents: Sequence[Document]) -> list[tuple[Any, ...]]:
    """What findings say, without the ids that each judging gives anew."""
    return [gist_of_kept(kept) for kept in documents]
