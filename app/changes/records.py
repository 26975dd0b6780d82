"""Records of a person's own affairs as their single addresses give them, those of one sort together."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.caller import Caller
from app.approvals.rendering import render as render_approvals
from app.approvals.service import Approvals
from app.attachments.schemas import AttachmentOut
from app.attachments.service import Attachments
from app.declarations.models import declaration
from app.kit.errors import Problem
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading
from app.obligations.nil_returns import NilReturns
from app.obligations.obligations import Obligations
from app.obligations.schemas import NilReturnOut, ObligationOut
from app.people.delegations import Delegations
from app.people.schemas import DelegationOut
from app.reviews.rendering import render_finding, told, with_documents
from app.reviews.review_rendering import render_record
from app.reviews.reviews import MOST_INSIDE, Reviews
from app.rulebook.book import Book
from app.screening.models import finding
from app.screening.rendering import render, shown_declarations

from .schemas import ChangedType


class Records:
    """What one caller sees of records by their ids; what is not seen any more is left out."""

    def __init__(self, view: Reading, book: Book, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english

    async def read(self, of: ChangedType, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        """Those of the records that the caller sees, by id."""
        readers = {
            ChangedType.DECLARATION: self._declarations,
            ChangedType.FINDING: self._findings,
            ChangedType.REVIEW: self._reviews,
            ChangedType.OBLIGATION: self._obligations,
            ChangedType.NIL_RETURN: self._nil_returns,
            ChangedType.DELEGATION: self._delegations,
            ChangedType.APPROVAL: self._approvals,
            ChangedType.ATTACHMENT: self._attachments,
        }
        return await readers[of](list(ids))

    async def _declarations(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        asked = shown_declarations(self.caller).where(one_of(declaration.c.id, ids))
        return {row["id"]: render(row, english=self.english) for row in (await self.connection.execute(asked)).mappings()}

    async def _findings(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        asked = with_documents(told(self.caller).where(one_of(finding.c.id, ids)))
        return {row["id"]: render_finding(row, english=self.english) for row in (await self.connection.execute(asked)).mappings()}

    async def _reviews(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        """An official has few of them, so that each is read by itself."""
        reviews, found = Reviews(self.view, self.caller), dict[UUID, Any]()
        for one in ids:
            try:
                row = await reviews.get(one)
            except Problem:
                continue
            inside = Page(MOST_INSIDE, None, count=False)
            events, _ = inside.cut(await reviews.events(row, inside))
            found[one] = render_record(row, await reviews.findings(row), events, english=self.english)
        return found

    async def _obligations(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        obligations = Obligations(self.view, self.book, self.caller, english=self.english)
        told_of = await obligations.told(await obligations.among(ids))
        return {one["id"]: ObligationOut(**one).model_dump(mode="json") for one in told_of}

    async def _nil_returns(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        returns = NilReturns(self.view, self.caller)
        rows = await returns.among(ids)
        against = await returns.contradictions(rows)
        return {row["id"]: NilReturnOut.of(row, against.get(row["id"], [])).model_dump(mode="json") for row in rows}

    async def _approvals(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        rows = await Approvals(self.view, self.caller).among(ids)
        return {one["id"]: one for one in await render_approvals(self.connection, [dict(row) for row in rows])}

    async def _attachments(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        rows = await Attachments(self.view, self.caller).among(ids)
        return {row["id"]: AttachmentOut.of(row, english=self.english).model_dump(mode="json") for row in rows}

    async def _delegations(self, ids: list[UUID]) -> Mapping[UUID, Any]:
        rows = await Delegations(self.view, self.caller).among(ids)
        return {row["id"]: DelegationOut.of(row).model_dump(mode="json") for row in rows}
