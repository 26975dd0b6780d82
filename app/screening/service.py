"""Records what judging came to, and judges again what a change or the passing of time touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from app.declarations.models import declaration
from app.declarations.repository import Declarations, Values
from app.declarations.schemas import Status
from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.kit.statements import Rows, one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work
from app.people.models import person
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.rulebook.finding import OWN_ACCORD, Level

from .declarant import read_declarant
from .findings import Document, known_findings
from .judging import Judging, Screened, substance
from .models import finding, screening

TAKE_UP = "reviews.take-up"
"""The task by which reviews take up what was found otherwise than at a filing."""

_JUDGED = (finding.c.current, finding.c.screening_id.is_not(None))
"""What the newest judgement found; what was raised by hand is no judgement's, and outlives them."""


@dataclass(frozen=True, slots=True)
class Change:
    """What judging a declaration anew comes to: the columns that move, and whether a screening is recorded, visibly to the declarant."""

    declared: Values
    screened: Screened
    columns: Values
    recorded: bool
    visibly: bool


def change_of(declared: Values, kept: RowMapping | Values, screened: Screened, *, in_confidence: bool = False) -> Change:
    """A new judgement against the screening that stands.

    `in_confidence` keeps what has changed to the commission: the declarant must not learn from the moment of a change that something
    was put on record.
    """
    openly = not in_confidence or declared["source"] == Source.COMMISSION
    visibly = openly and substance(screened.shown) != substance(kept["findings"])
    if not visibly:
        screened = screened.behind(kept["findings"])
    recorded = visibly or substance(screened.known) != substance(known_findings(kept))
    columns = screened.columns()
    if not openly:
        columns = {"screening_id": screened.id, "outcome": columns["outcome"], "substance": columns["substance"]}
    if not recorded:
        columns["screening_id"] = declared["screening_id"]
    moved = {name: value for name, value in columns.items() if declared[name] != value}
    if visibly:
        moved["version"] = declared["version"] + 1
    return Change(declared, screened, moved, recorded, visibly)


class Screening(Judging):
    """Judging and recording within one unit of work."""

    def __init__(self, work: Work, book: Book) -> None:
        super().__init__(work, book)
        self.work = work
        self.declarations = Declarations(work)

    async def record(self, declared: Values, screened: Screened, *, again: bool = False) -> None:
        """Keep a screening and its findings; `again` when one stands already, whose findings are no longer current then."""
        if again:
            await self._retire([Change(declared, screened, {}, recorded=True, visibly=True)])
        await self.work.insert(*self.rows(declared, screened))

    def rows(self, declared: Values, screened: Screened, *, visibly: bool = True) -> tuple[Rows, ...]:
        """The rows to insert for a screening and its findings.

        `visibly` when the declarant may notice that it was judged; unless so, the findings that the declarant is shown stay the same documents.
        """
        judged = self._screening_row(declared, screened, visibly=visibly)
        rows = [_finding_row(declared["id"], screened, kept) for kept in (screened.documents if visibly else screened.commission_alone)]
        told = {"screening": screened.id, "rulebook": screened.rulebook_version, "findings": digest(screened.documents), "visible": visibly}
        self.work.record("declaration.screened", declared["id"], told)
        return (screening, [judged]), (finding, rows)

    async def screen_again(self, declaration_id: UUID, *, in_confidence: bool = False) -> bool:
        """Judge a filed declaration anew; whether its findings have changed. Unchanged ones are not recorded again.

        `in_confidence` keeps what has changed to the commission: the declarant must not learn from the moment of a change that
        something was put on record. What time or the law has changed is told when the declaration is next judged openly.

        Raises:
            Problem: 404.
        """
        found = await self._judge_filed(declaration_id)
        return found is not None and await self._keep_changed(*found, in_confidence=in_confidence)

    async def screen_due(self, declaration_id: UUID) -> int:
        """Judge one anew that time may have changed, and those that sum over it; how many have changed.

        Raises:
            Problem: 404, 412 when somebody changes it at the same moment, who has it judged anyway.
        """
        found = await self._judge_filed(declaration_id)
        if found is None:
            return 0
        changed = await self._keep_changed(*found, in_confidence=False)
        return changed + await self.screen_later(found[1])

    async def screen_later(self, *around: Screened) -> int:
        """Judge again what the same person filed of later conduct, before and after a change; how many have changed.

        In confidence where it was the commission that filed.
        """
        in_confidence = all(screened.judgement.matter.declared.source is Source.COMMISSION for screened in around)
        later = {matter.declared.id: matter.order for screened in around for matter in screened.judgement.matter.history.later}
        in_order = [UUID(declaration_id) for declaration_id in sorted(later, key=lambda found: later[found])]
        return sum([await self.screen_again(declaration_id, in_confidence=in_confidence) for declaration_id in in_order])

    async def screen_in_confidence(self, person_id: UUID) -> None:
        """Judge all that a person has filed anew, for the commission's eyes; what is just being filed is waited for."""
        await self.connection.execute(locked(select(person.c.id).where(person.c.id == person_id)))
        asked = (
            select(declaration.c.id)
            .where(declaration.c.declarant_id == person_id, declaration.c.status == Status.SUBMITTED)
            .order_by(declaration.c.occurred_from, declaration.c.declared_on, declaration.c.created_at)
        )
        for declaration_id in (await self.connection.scalars(asked)).all():
            await self.screen_again(declaration_id, in_confidence=True)
        defer_once(self.work, TAKE_UP)

    async def _judge_filed(self, declaration_id: UUID) -> tuple[Values, Screened] | None:
        """The declaration and its new judgement; None when it is no longer filed.

        It is read under the lock on its declarant, so that of two at once the second finds what the first has recorded.
        """
        whose = await self.connection.scalar(select(declaration.c.declarant_id).where(declaration.c.id == declaration_id))
        if whose is None:
            raise not_found(Words("申报", "declaration"))
        declarant = await read_declarant(self.connection, whose, lock=True)
        declared = await self.declarations.get(declaration_id)
        if declared["status"] != Status.SUBMITTED:
            return None
        return declared, await self.judge(self.matter_of(declared), declarant)

    async def _keep_changed(self, declared: Values, screened: Screened, *, in_confidence: bool) -> bool:
        kept = (await self.connection.execute(select(screening).where(screening.c.id == declared["screening_id"]))).mappings().one()
        change = change_of(declared, kept, screened, in_confidence=in_confidence)
        await self.keep([change])
        return change.recorded

    async def keep(self, changes: Sequence[Change]) -> None:
        """Record new judgements where they differ; the rows follow in any case, which is bookkeeping and no act."""
        moved = [{**change.declared, **change.columns} for change in changes if change.columns]
        if moved:
            await self.declarations.mark_screened(moved)
        recorded = [change for change in changes if change.recorded]
        if not recorded:
            return
        await self._retire(recorded)
        rows = [self.rows(change.declared, change.screened, visibly=change.visibly) for change in recorded]
        judged, found = zip(*rows, strict=True)
        await self.work.insert(*(_joined(parts) for parts in (judged, found)))

    async def _retire(self, changes: Sequence[Change]) -> None:
        """Older findings are no longer current; of a judgement unseen by the declarant, those of the commission alone."""
        seen = [change.declared["id"] for change in changes if change.visibly]
        if seen:
            older = update(finding).where(one_of(finding.c.declaration_id, "declarations"), *_JUDGED)
            await self.connection.execute(older.values(current=False), {"declarations": seen})
        for change in changes:
            if not change.visibly:
                await self._retire_in_confidence(change)

    async def _retire_in_confidence(self, change: Change) -> None:
        older = update(finding).where(finding.c.declaration_id == change.declared["id"], *_JUDGED)
        in_both = [UUID(kept["id"]) for kept in change.screened.known if kept in change.screened.shown]
        await self.connection.execute(older.where(~finding.c.for_declarant).values(current=False))
        await self.connection.execute(older.where(finding.c.for_declarant).values(for_commission=finding.c.id.in_(in_both)))

    def _screening_row(self, declared: Values, screened: Screened, *, visibly: bool) -> dict[str, Any]:
        return {
            "id": screened.id,
            "declaration_id": declared["id"],
            "revision": declared["revision"],
            "rulebook_version": screened.rulebook_version,
            "judged_on": screened.judged_on,
            "judged_at": clock.now(),
            "findings": screened.shown,
            "commission_findings": screened.commission_findings,
            "visible": visibly,
        }


def _joined(parts: Sequence[Rows]) -> Rows:
    """Rows of one table together."""
    return parts[0][0], [row for _, rows in parts for row in rows]


def _finding_row(declaration_id: UUID, screened: Screened, kept: Document) -> dict[str, Any]:
    return {
        "id": UUID(kept["id"]),
        "screening_id": screened.id,
        "declaration_id": declaration_id,
        "rule": kept["rule"],
        "ban": kept["ban"],
        "level": Level(kept["level"]).weight,
        "for_declarant": kept in screened.shown,
        "for_commission": kept in screened.known,
        "current": True,
        "own_accord": kept["evidence"].get(OWN_ACCORD, False),
    }
