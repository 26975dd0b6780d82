"""Records what judging came to, and judges again what a change touches."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from app.declarations.repository import Declarations, Values
from app.kit import clock
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work
from app.rulebook.book import Book
from app.rulebook.finding import Level

from .declarant import read_declarant
from .findings import Document
from .judging import Judging, Screened, substance
from .models import finding, screening


class Screening(Judging):
    """Judging and recording within one unit of work."""

    def __init__(self, work: Work, book: Book) -> None:
        super().__init__(work, book)
        self.work = work

    async def record(self, declared: Values, screened: Screened, *, again: bool = False, visibly: bool = True) -> None:
        """Keep a screening and its findings.

        `again` when one stands already, whose findings are no longer current then; `visibly` when the declarant may
        notice that it was judged.
        """
        if again:
            older = finding.c.declaration_id == declared["id"]
            await self.connection.execute(update(finding).where(older, finding.c.current).values(current=False))
        await self.connection.execute(insert(screening), self._screening_row(declared, screened, visibly=visibly))
        rows = [_finding_row(declared["id"], screened, kept) for kept in screened.documents]
        if rows:
            await self.connection.execute(insert(finding), rows)
        told = {"screening": screened.id, "rulebook": self.book.version, "findings": digest(screened.documents)}
        self.work.record("declaration.screened", declared["id"], told)

    async def screen_again(self, declaration_id: UUID) -> bool:
        """Judge a filed declaration anew; whether its findings have changed. Unchanged ones are not recorded again."""
        declarations = Declarations(self.work)
        declared = await declarations.get(declaration_id)
        declarant = await read_declarant(self.connection, declared["declarant_id"], lock=True)
        screened = await self.judge(self.matter_of(declared), declarant)
        kept = (await self.connection.execute(select(screening).where(screening.c.id == declared["screening_id"]))).mappings().one()
        visibly = substance(screened.shown) != substance(kept["findings"])
        if not visibly and substance(screened.known) == substance(kept["commission_findings"] or kept["findings"]):
            return False
        changes = {**screened.columns(), "version": declared["version"] + (1 if visibly else 0)}
        await declarations.mark_screened(declared, changes)
        await self.record(declared, screened, again=True, visibly=visibly)
        return True

    async def screen_later(self, *around: Screened) -> None:
        """Judge again what the same person filed of later conduct, before and after a change: its sums may now be others."""
        later = {matter.declared.id: matter.order for screened in around for matter in screened.judgement.later}
        for declaration_id in sorted(later, key=lambda found: later[found]):
            await self.screen_again(UUID(declaration_id))

    def _screening_row(self, declared: Values, screened: Screened, *, visibly: bool) -> dict[str, Any]:
        return {
            "id": screened.id, "declaration_id": declared["id"], "revision": declared["revision"], "rulebook_version": self.book.version,
            "judged_on": screened.judged_on, "judged_at": clock.now(), "findings": screened.shown,
            "commission_findings": None if screened.known == screened.shown else screened.known, "visible": visibly,
        }


def _finding_row(declaration_id: UUID, screened: Screened, kept: Document) -> dict[str, Any]:
    return {
        "id": UUID(kept["id"]), "screening_id": screened.id, "declaration_id": declaration_id, "rule": kept["rule"], "ban": kept["ban"],
        "level": Level(kept["level"]).weight, "for_declarant": kept in screened.shown, "for_commission": kept in screened.known, "current": True,
    }
