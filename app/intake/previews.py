"""What a preview answers: the screening that filing would get, the sums that it would bring the year to, and what to do."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.declarations.schemas import Filing
from app.kit import clock
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.screening.declarant import read_declarant
from app.screening.facts import Matter, parties_by_field
from app.screening.findings import outcome_of, read_findings, stored
from app.screening.judging import Judging, Screened
from app.screening.totals import render_totals

from .advice import advise
from .days import require_declared_by_today
from .parties import parties_known
from .rights import may_file
from .telling import render_advice


class Previews:
    """Judges what somebody thinks of accepting; sees the register, whose sums are the person's own affairs, and writes nothing."""

    def __init__(self, view: Disclosure, book: Book, caller: Caller) -> None:
        self.view = view
        self.book = book
        self.caller = caller

    async def preview(self, filing: Filing) -> Screened:
        """Judge as if it were filed today; the day of conduct may lie ahead.

        Raises:
            Problem: 403, 404, 422 as filing would.
        """
        person, source = await may_file(self.view, self.caller, filing)
        declared_on = filing.declared_on or clock.today()
        require_declared_by_today(declared_on)
        declarant = await read_declarant(self.view.connection, person, lock=False)
        ids = await parties_known(self.view, filing.details)
        matter = Matter(
            id=None,
            kind=filing.kind,
            details=filing.details,
            source=source,
            declared_on=declared_on,
            recorded_at=clock.now(),
            parties=parties_by_field(filing.details, ids),
        )
        self.view.disclose([(person, source is not Source.COMMISSION)])
        return await Judging(self.view, self.book).judge(matter, declarant)


def previewed(screened: Screened, book: Book, *, english: bool) -> dict[str, Any]:
    """A preview in one language, in the declarant's view; its findings are not on record, so their ids are name-based."""
    findings = [{**found, "id": uuid5(NAMESPACE_URL, found["rule"])} for found in read_findings(stored(screened.shown), english=english)]
    advice = advise(book, screened.shown, screened.shown_matter)
    return {
        "advice": render_advice(advice, book.details(screened.shown_matter.kind), english=english),
        "screening": {
            "outcome": outcome_of(findings),
            "rulebook_version": book.version,
            "judged_on": screened.judged_on,
            "findings": findings,
        },
        "totals": render_totals(book.totals(screened.shown_matter), book, english=english),
    }
