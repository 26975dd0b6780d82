"""Queries over findings, through the same door of visibility as the declarations that they are about."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func

from app.access.caller import Caller
from app.kit.errors import Words, not_found
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading
from app.reviews.rendering import readable, told, told_finding, with_documents
from app.screening.models import finding

from .filters import FindingFilters


class Findings:
    """The findings that one caller may read."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def list(self, filters: FindingFilters, page: Page) -> list[RowMapping]:
        """A page of findings, newest first, one more than asked for."""
        chosen = page.of(told(self.caller).where(*filters.conditions(self.caller)), finding.c.id)
        return list((await self.connection.execute(with_documents(chosen))).mappings())

    async def count(self, filters: FindingFilters) -> int:
        """How many findings the filters match."""
        how_many: Any = func.count()
        return await self.connection.scalar(readable(self.caller, how_many).where(*filters.conditions(self.caller))) or 0

    async def get(self, finding_id: UUID) -> RowMapping:
        """One finding, whether it stands or not.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(told_finding(self.caller, finding_id))).mappings().first()
        if row is None:
            raise not_found(Words("疑点", "finding"))
        return row
