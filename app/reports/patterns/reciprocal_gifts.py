"""Gifts that went to and fro between an official and a counterparty or its group (互赠)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, and_, case, func, or_, select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.declarations.models import declaration
from app.kit.errors import Words
from app.kit.pages import Place, PlacedPage
from app.rulebook.chapters.gift.kinds import GiftDirection

from ..telling import in_yuan
from .gifts import DIRECTION, gifts, newest, told
from .leads import Leads, Names, said
from .window import Window

_RETURN = declaration.c.details["reciprocated"]
_AMOUNT, _CURRENCY = _RETURN["amount"].as_string(), _RETURN["currency"].as_string()


class Exchange(NamedTuple):
    """What went to and fro between two, newest first; `returns` are gifts received whose declaration says what was given for them."""

    received: list[RowMapping]
    given: list[RowMapping]
    returns: list[RowMapping]

    @property
    def newest(self) -> int:
        """The day of the newest gift, as a number."""
        day: date = max(row["occurred_from"] for row in (*self.received, *self.given))
        return day.toordinal()


class ReciprocalGifts:
    """What one caller may lay side by side."""

    def __init__(self, view: Disclosure, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller
        self.english = english

    async def page(self, window: Window, days: int, page: PlacedPage) -> Leads:
        """An official and a group at a time, the newest first."""
        rows, truncated = await self._both_ways(window)
        pairs = defaultdict[tuple[UUID, UUID], list[RowMapping]](list)
        for row in rows:
            pairs[row["declarant_id"], row["head_id"]].append(row)
        found = {pair: exchange for pair, each in pairs.items() if (exchange := _exchange(each, days))}
        shown, following = page.of(found.items(), lambda one: Place(-one[1].newest, one[0][0].hex + one[0][1].hex))
        names = await Names.read(self.view, persons={who for (who, _), _ in shown}, parties={head for (_, head), _ in shown})
        items = [self._told(*pair, exchange, names) for pair, exchange in shown]
        return Leads(window, items, following, len(found) if page.count else None, truncated)

    async def _both_ways(self, window: Window) -> tuple[Sequence[RowMapping], bool]:
        """The gifts between those of whom both directions, or a return, were declared; counted beside each gift, in one pass."""
        each = gifts(self.caller, window, DIRECTION.label("direction"), _AMOUNT.label("amount"), _CURRENCY.label("currency")).subquery(
            "each"
        )
        key = each.c.declarant_id, each.c.head_id
        ways = [func.count(case((each.c.direction == way, 1))).over(partition_by=key).label(way) for way in GiftDirection]
        beside = select(each, *ways, func.count(each.c.amount).over(partition_by=key).label("returns")).subquery("beside")
        both = and_(*(beside.c[way] > 0 for way in GiftDirection))
        return await newest(self.connection, select(beside).where(or_(both, beside.c.returns > 0)))

    def _told(self, who: UUID, head: UUID, exchange: Exchange, names: Names) -> dict[str, Any]:
        stated = [{"declaration": row["id"], "worth": {"amount": row["amount"], "currency": row["currency"]}} for row in exchange.returns]
        return {
            **names.official(who),
            "group": names.party(head),
            "received": [told(row, names) for row in exchange.received],
            "given": [told(row, names) for row in exchange.given],
            "returns_stated": stated,
            "received_worth": _sum(exchange.received),
            "given_worth": _sum(exchange.given),
            "message": said(_words(names.persons[who], names.parties[head], exchange), english=self.english),
        }


def _exchange(rows: list[RowMapping], days: int) -> Exchange | None:
    """Gifts with one the other way within so many days, and those for which a return is stated; None where there are none."""
    received = [row for row in rows if row["direction"] == GiftDirection.RECEIVED]
    given = [row for row in rows if row["direction"] == GiftDirection.GIVEN]
    returns = [row for row in received if row["amount"] is not None]
    taken = [row for row in received if row["amount"] is not None or _has_near(row, given, days)]
    back = [row for row in given if _has_near(row, received, days)]
    return Exchange(taken, back, returns) if taken else None


def _has_near(row: RowMapping, others: list[RowMapping], days: int) -> bool:
    return any(abs((row["occurred_from"] - other["occurred_from"]).days) <= days for other in others)


def _sum(rows: list[RowMapping]) -> str | None:
    """The known worths together; None where none is known."""
    known = [row["worth_cents"] for row in rows if row["worth_cents"] is not None]
    return in_yuan(sum(known)) if known or not rows else None


def _words(official: str, party: str, exchange: Exchange) -> Words:
    received, given = _sum(exchange.received), _sum(exchange.given)
    zh = f"{official}收受{party}或其关联企业礼品{len(exchange.received)}份（已知价值{received or '不详'}元）".replace("不详元", "不详")
    en = f"{official} received {len(exchange.received)} gift(s) of {party} or its group (known worth: {received or 'none'})"
    if exchange.given:
        zh += f"，赠送{len(exchange.given)}份（已知价值{given or '不详'}元）".replace("不详元", "不详")
        en += f" and gave {len(exchange.given)} (known worth: {given or 'none'})"
    if exchange.returns:
        zh += f"，其中{len(exchange.returns)}份申报了回礼"
        en += f"; for {len(exchange.returns)} of them a return is stated"
    return Words(f"{zh}。", f"{en}.")
