"""Dated exchange rates (汇率), by which sums in other currencies are compared with limits."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.kit import clock
from app.kit.errors import Words, conflict, not_found
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work

from .models import exchange_rate
from .schemas import ExchangeRateIn


class ExchangeRates:
    """Rates are added, never changed: what was judged by one stays explained by it."""

    def __init__(self, view: Reading) -> None:
        self.connection = view.connection

    async def add(self, work: Work, body: ExchangeRateIn) -> RowMapping:
        """Put a rate on record.

        Raises:
            Problem: 409 when the currency has one for that day.
        """
        row = {**body.model_dump(), "rate": Decimal(body.rate), "id": new_id(), "created_at": clock.now(), "created_by": work.actor}
        try:
            await self.connection.execute(insert(exchange_rate).values(row))
        except IntegrityError as error:
            said = Words("该币种当日汇率已登记，不得更改。", "That currency has a rate for that day; rates are not changed.")
            raise conflict("exchange-rate-exists", Words("汇率已存在", "The rate exists"), said) from error
        work.record("exchange-rate.added", row["id"], {"currency": body.currency, "on": body.on, "rate": body.rate})
        return await self.get(row["id"])

    async def get(self, rate_id: UUID) -> RowMapping:
        """One rate.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (
            (await self.connection.execute(select(exchange_rate).where(exchange_rate.c.id == rate_id))).mappings().first()
        )
        if row is None:
            raise not_found(Words("汇率", "exchange rate"))
        return row

    async def list(self, page: Page, currency: str | None, on: date | None) -> list[RowMapping]:
        """A page of rates, newest entries first, one more than asked for."""
        return list((await self.connection.execute(page.of(_asked(currency, on), exchange_rate.c.id))).mappings())

    async def count(self, currency: str | None, on: date | None) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(_asked(currency, on).subquery())) or 0


def _asked(currency: str | None, on: date | None) -> Select[tuple[object, ...]]:
    asked = select(exchange_rate)
    if currency is not None:
        asked = asked.where(exchange_rate.c.currency == currency)
    if on is not None:
        asked = asked.where(exchange_rate.c.on == on)
    return asked
