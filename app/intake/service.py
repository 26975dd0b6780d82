"""What happens when somebody files, amends or takes back: judge, keep, record; all in one transaction."""

from datetime import date, datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from app.access.caller import Caller
from app.declarations.capture import Device
from app.declarations.repository import Declarations, Values, captured_in
from app.declarations.rights import may_change
from app.declarations.schemas import DeclarationChange, Filing, Status
from app.declarations.searching import search_text
from app.kit import clock
from app.kit.errors import Words, conflict, invalid
from app.kit.ids import new_id
from app.kit.problems import faults_of
from app.ledger.unit_of_work import Work
from app.obligations.accounting import account_for
from app.reviews.opening import Opening
from app.reviews.raising import supersede_raised
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.rulebook.statement import Details
from app.screening.declarant import Declarant, read_declarant
from app.screening.judging import Screened
from app.screening.service import Screening

from .again import filing_digest, require_new, taken
from .conflicts import Base, require_base
from .days import declarable_since, require_declared_by_today, require_past
from .parties import parties_entered, parties_known
from .rights import may_file

_UNSCREENED: Values = {"screening_id": None, "outcome": 0, "shown_outcome": 0, "counted_cents": 0, "worth_cents": None, "due_on": None}


class Intake:
    """The desk, within one unit of work and in the name of one caller."""

    def __init__(self, work: Work, book: Book, caller: Caller, device: Device | None = None) -> None:
        self.work = work
        self.device = device or Device()
        self.book = book
        self.caller = caller
        self.declarations = Declarations(work)
        self.screening = Screening(work, book)
        self.opening = Opening(work)

    async def submit(self, filing: Filing) -> tuple[Values, Screened | None]:
        """File a declaration, or keep a draft; (the declaration, what it was judged to: None for a draft).

        Raises:
            FiledBefore: the same was filed under the same client's id.
            Problem: 403 without the right to file for this person; 404 for an unknown one; 409 when the client's id is taken; 422.
        """
        person, source = await may_file(self.work, self.caller, filing)
        declarant = await read_declarant(self.work.connection, person, lock=True)
        if filing.client_id is not None:
            await require_new(self.work, self.caller, filing.client_id, filing_digest(filing, person, source))
        try:
            declared, screened, touched = await self.file(filing, declarant, source)
        except IntegrityError as error:
            if filing.client_id is not None and "client_id" in str(error.orig):
                raise taken() from error
            raise
        if screened is not None:
            await self._reviewed(declared, anyway=bool(touched))
        return declared, screened

    async def file(self, filing: Filing, declarant: Declarant, source: Source) -> tuple[Values, Screened | None, int]:
        """Judge and keep what the caller may file, with the declarant locked: (the declaration, its judgement, how many later ones changed with it).

        Reviews have not taken up what was found: who files much at once has them do so once for each declarant.

        Raises:
            Problem: 422.
        """
        values = await self._values(filing, declarant, source)
        if filing.status == "draft":
            require_declared_by_today(values["declared_on"])
            draft, rows = self.declarations.enter({**values, **_UNSCREENED})
            await self.work.insert(*rows)
            return draft, None, 0
        require_past(filing.details, values["declared_on"])
        screened = await self.screening.judge(self.screening.matter_of(values, filing.details), declarant)
        declared, rows = self.declarations.enter({**values, **screened.columns()})
        await self.work.insert(*rows, *self.screening.rows(declared, screened))
        if declarant.owes:
            await account_for(self.work, declarant.id)
        return declared, screened, await self.screening.screen_later(screened)

    async def amend(self, named: UUID, change: DeclarationChange, base: Base, captured_at: datetime | None = None) -> Values:
        """Edit a draft or amend what was filed: a new revision, judged anew. Its line tells when it was recorded, if that was without a network.

        Raises:
            Problem: 404, 409 when withdrawn, 412, 422.
        """
        before, declarant = await self._standing(named, base, change)
        _require_not_withdrawn(before)
        told = self.device.told(captured_at)
        changes: Values = change.model_dump(include={"note", "client_reference"} & change.model_fields_set)
        details = self._merged(before, change)
        if before["status"] == Status.DRAFT:
            changes |= await self._stated(details, {**before, **changes}, add=False)
            return await self.declarations.change(before, changes, "declaration.redrafted", told)
        require_past(details, before["declared_on"])
        changes |= await self._stated(details, {**before, **changes})
        return await self._file(before, changes, declarant, "declaration.amended", told)

    async def submit_draft(self, named: UUID, base: Base, captured_at: datetime | None = None) -> Values:
        """File a draft: today, or the day on which that was decided without a network, is the day of declaration, unless the draft was given one.

        Raises:
            Problem: 404, 409 when it is no draft, 412, 422.
        """
        before, declarant = await self._standing(named, base)
        if before["status"] != Status.DRAFT:
            said = Words(
                "只有草稿可以提交；要更正已提交的申报，请修改。", "Only a draft can be submitted; to correct what was filed, amend it."
            )
            raise conflict("declaration-not-a-draft", Words("该申报不是草稿", "The declaration is no draft"), said)
        details = self.screening.details_of(before)
        stated = before["declared_on"] if before["declared_on"] < clock.day_of(before["created_at"]) else None
        declared_on, capture = self.device.arrival(captured_at, since=declarable_since(details), stated=stated)
        require_past(details, declared_on)
        changes = {"status": Status.SUBMITTED.value, "declared_on": declared_on, "capture": capture, **await self._stated(details, before)}
        return await self._file(before, changes, declarant, "declaration.submitted", captured_in(capture))

    async def withdraw(self, named: UUID, reason: str, base: Base, captured_at: datetime | None = None) -> Values:
        """Take a declaration back; it is kept with the reason and no longer summed over.

        Raises:
            Problem: 404, 409 when withdrawn already, 412.
        """
        before, declarant = await self._standing(named, base)
        _require_not_withdrawn(before)
        around = await self._judged_before(before, declarant)
        changes = {"status": Status.WITHDRAWN.value, "withdrawal_reason": reason}
        after = await self.declarations.change(before, changes, "declaration.withdrawn", self.device.told(captured_at))
        await supersede_raised(self.work, before["id"])
        await self.opening.declaration_changed(after)
        changed = await self.screening.screen_later(*around)
        await self._reviewed(after, anyway=bool(changed))
        await account_for(self.work, declarant.id)
        return after

    async def _file(self, before: Values, changes: Values, declarant: Declarant, action: str, told: Values) -> Values:
        """Judge a changed declaration, keep the revision, record the screening, and judge again what comes later.

        What a reviewer has raised by hand was raised on the revision before, and no longer stands.
        """
        around = await self._judged_before(before, declarant)
        screened = await self.screening.judge(self.screening.matter_of({**before, **changes}), declarant)
        after = await self.declarations.change(before, {**changes, **screened.columns()}, action, told)
        await self.screening.record(after, screened, again=bool(around))
        await supersede_raised(self.work, before["id"])
        if around:
            await self.opening.declaration_changed(after)
        changed = await self.screening.screen_later(*around, screened)
        await self._reviewed(after, anyway=bool(changed))
        if around or declarant.owes:
            await account_for(self.work, declarant.id)
        return after

    async def _reviewed(self, declared: Values, *, anyway: bool) -> None:
        """Let reviews take up what was found, at once where the declarant is shown a breach or later declarations came out differently.

        What the commission alone is shown waits for the background work, so that it does not make the answer slower.
        """
        if anyway or declared["shown_outcome"] >= Level.BREACH.weight:
            await self.opening.take_up(declared["declarant_id"])

    async def _judged_before(self, before: Values, declarant: Declarant) -> list[Screened]:
        """What a filed declaration comes to before it changes: the later ones sum over that; nothing for a draft."""
        filed = before["status"] == Status.SUBMITTED
        return [await self.screening.judge(self.screening.matter_of(before), declarant)] if filed else []

    async def _standing(self, named: UUID, base: Base, change: DeclarationChange | None = None) -> tuple[Values, Declarant]:
        """The declaration as it stands and its declarant, for a caller who may change it and has seen its newest version.

        The declarant is locked first: so nobody judges the declaration again between its reading and its change.
        """
        declaration_id, whose = await may_change(self.work, self.caller, named)
        declarant = await read_declarant(self.work.connection, whose, lock=True)
        before = await self.declarations.get(declaration_id)
        await require_base(self.work, self.book, self.caller, before, base, change)
        return before, declarant

    async def _values(self, filing: Filing, declarant: Declarant, source: Source) -> Values:
        """The columns of a new declaration. A draft declares nothing yet, so that its capture decides no day."""
        since = date.max if filing.status == "draft" else declarable_since(filing.details)
        declared_on, capture = self.device.arrival(filing.captured_at, since=since, stated=filing.declared_on)
        return {
            "id": new_id(),
            "kind": filing.kind,
            "status": filing.status,
            "source": source.value,
            "declarant_id": declarant.id,
            "unit_id": declarant.unit_id,
            "declared_on": declared_on,
            "capture": capture,
            "client_id": filing.client_id,
            "filing_digest": filing_digest(filing, declarant.id, source),
            "client_reference": filing.client_reference,
            "note": filing.note,
            "withdrawal_reason": None,
            "created_at": clock.now(),
            **await self._stated(filing.details, filing.model_dump(include={"note", "client_reference"}), add=filing.status != "draft"),
        }

    async def _stated(self, details: Details, beside: Values, *, add: bool = True) -> Values:
        """The columns that follow from the details and what is stated beside them; `add` puts an unknown other side on record by its name."""
        ids = await (parties_entered if add else parties_known)(self.work, details)
        first, last = details.span()
        return {
            "details": details.model_dump(mode="json"),
            "counterparty_id": ids[0] if ids else None,
            "further_counterparty_id": ids[1] if len(ids) > 1 else None,
            "occurred_from": first,
            "occurred_until": last,
            "search_text": search_text(details, beside["note"], beside["client_reference"]),
        }

    def _merged(self, before: Values, change: DeclarationChange) -> Details:
        """The details with the fields that were sent in place of the old ones, valid as a whole; null empties a field."""
        shape = self.book.details(before["kind"])
        sent = change.details if "details" in change.model_fields_set else {}
        merged = {**before["details"], **sent}
        stated = {name: value for name, value in merged.items() if value is not None or name not in shape.model_fields}
        try:
            return shape.model_validate(stated)
        except ValidationError as error:
            raise invalid(faults_of(error.errors(include_input=False, include_url=False), at="/details")) from error


def _require_not_withdrawn(declared: Values) -> None:
    if declared["status"] == Status.WITHDRAWN:
        said = Words("已撤回的申报不再更改，请另行申报。", "What was withdrawn no longer changes; file a new declaration instead.")
        raise conflict("declaration-withdrawn", Words("申报已撤回", "The declaration is withdrawn"), said)
