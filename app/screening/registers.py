"""What the register itself is told and judges by: dated exchange rates, and inquiries."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.access.caller import Caller
from app.kit import clock
from app.kit.errors import Fault, Words, conflict, invalid, not_found
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.people.visibility import in_reach

from .models import exchange_rate, inquiry
from .schemas import ExchangeRateIn, InquiryIn


class ExchangeRates:
    """Rates are added, never changed: what was judged by one stays explained by it."""

    def __init__(self, view: Reading) -> None:
        self.connection = view.connection

    async def add(self, work: Work, rate: ExchangeRateIn) -> RowMapping:
        """Put a rate on record.

        Raises:
            Problem: 409 when the currency has one for that day; 422 for CNY and for a rate of zero.
        """
        faults = []
        if rate.currency == "CNY":
            faults.append(Fault("/currency", "currency-is-base", Words("人民币无需汇率。", "CNY needs no rate.")))
        if Decimal(rate.rate) == 0:
            faults.append(Fault("/rate", "rate-is-zero", Words("汇率须大于零。", "A rate is greater than zero.")))
        if faults:
            raise invalid(faults)
        row = {**rate.model_dump(), "rate": Decimal(rate.rate), "id": new_id(), "created_at": clock.now(), "created_by": work.actor}
        try:
            await self.connection.execute(insert(exchange_rate).values(row))
        except IntegrityError as error:
            said = Words("该币种当日汇率已登记，不得更改。", "That currency has a rate for that day; rates are not changed.")
            raise conflict("exchange-rate-exists", Words("汇率已存在", "The rate exists"), said) from error
        work.record("exchange-rate.added", row["id"], {"currency": rate.currency, "on": rate.on, "rate": rate.rate})
        asked = select(exchange_rate).where(exchange_rate.c.id == row["id"])
        return (await self.connection.execute(asked)).mappings().one()

    async def list(self, currency: str | None, on: date | None, page: Page) -> list[RowMapping]:
        """A page of rates, newest entries first, one more than asked for."""
        asked = select(exchange_rate)
        if currency is not None:
            asked = asked.where(exchange_rate.c.currency == currency)
        if on is not None:
            asked = asked.where(exchange_rate.c.on == on)
        return list((await self.connection.execute(page.of(asked, exchange_rate.c.id))).mappings())


class Inquiries:
    """Inquiries, within the reach of the commission's caller."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def open(self, work: Work, request: InquiryIn) -> RowMapping:
        """Put an inquiry on record.

        Raises:
            Problem: 404 for a person out of reach; 422 when it closes before it opens, or lies ahead.
        """
        if request.closed_on and request.closed_on < request.opened_on:
            raise invalid([Fault("/closed_on", "days-out-of-order", Words("办结日不得早于启动日。", "It cannot close before it opens."))])
        if request.opened_on > clock.today():
            raise invalid([Fault("/opened_on", "day-in-the-future", Words("启动日不得晚于今天。", "It cannot open in the future."))])
        known = select(person.c.id).where(person.c.id == request.person, in_reach(self.caller, person.c.unit_id))
        if request.person == self.caller.person or await self.connection.scalar(known) is None:
            raise not_found(Words("人员", "person"))
        row: dict[str, Any] = {
            "id": new_id(), "person_id": request.person, "reference": request.reference, "opened_on": request.opened_on,
            "closed_on": request.closed_on, "created_at": clock.now(), "created_by": work.actor, "version": 1,
        }
        await self.connection.execute(insert(inquiry).values(row))
        work.record("inquiry.opened", row["id"], {"person": request.person, "opened_on": request.opened_on, "closed_on": request.closed_on})
        return await self.get(row["id"])

    async def get(self, inquiry_id: UUID) -> RowMapping:
        """One inquiry.

        Raises:
            Problem: 404.
        """
        row = (await self.connection.execute(self._visible().where(inquiry.c.id == inquiry_id))).mappings().first()
        if row is None:
            raise not_found(Words("核查", "inquiry"))
        return row

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of inquiries, one more than asked for."""
        return list((await self.connection.execute(page.of(self._visible(), inquiry.c.id))).mappings())

    async def count(self) -> int:
        """How many the caller sees."""
        return int(await self.connection.scalar(select(func.count()).select_from(self._visible().subquery())) or 0)

    def _visible(self) -> Select[tuple[Any, ...]]:
        seen = select(inquiry).join(person, person.c.id == inquiry.c.person_id).where(in_reach(self.caller, person.c.unit_id))
        return seen.where(inquiry.c.person_id != self.caller.person) if self.caller.person else seen
