"""Givers whose gifts lie just below a limit of the law again and again (压线)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, or_
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.declarations.models import declaration
from app.kit.errors import Words
from app.kit.pages import Place, PlacedPage
from app.policies.local import standing_limits
from app.rulebook.book import Book
from app.rulebook.chapters.gift.kinds import GiftDirection
from app.rulebook.local import LocalLimits
from app.rulebook.money import yuan
from app.rulebook.parameters import Limits
from app.screening.declarant import units_above

from .gifts import DIRECTION, gifts, newest, told
from .leads import Leads, Names, said
from .window import Window

LIMITS = ("gift.register", "gift.surrender", "gift.annual-cap", "gift.excessive")
"""What a single gift is compared with: from where it is registered, handed in, beyond what one may keep, beyond ordinary courtesy."""

FEWEST = 2
"""Once is chance."""


class NearLimits:
    """What one caller may lay side by side."""

    def __init__(self, view: Disclosure, book: Book, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english

    async def page(self, window: Window, percent: int, page: PlacedPage) -> Leads:
        """Givers, each with their group, those with the most such gifts first."""
        rows, truncated, missed = await self._just_below(window, percent)
        groups = defaultdict[UUID, list[RowMapping]](list)
        for row in rows:
            if missed[row["id"]]:
                groups[row["head_id"]].append(row)
        found = [(head, given) for head, given in groups.items() if len(given) >= FEWEST]
        shown, following = page.of(found, lambda one: Place(-len(one[1]), one[0].hex))
        names = await Names.read(
            self.view, persons={row["declarant_id"] for _, given in shown for row in given}, parties=[head for head, _ in shown]
        )
        items = [self._told(head, given, missed, percent, names) for head, given in shown]
        return Leads(window, items, following, len(found) if page.count else None, truncated)

    async def _just_below(self, window: Window, percent: int) -> tuple[Iterable[RowMapping], bool, dict[UUID, dict[str, Decimal]]]:
        """(gifts near any value that a limit ever had, whether there were more, by gift the limits of its day and unit that it lies below)."""
        local = await standing_limits(self.connection)
        asked = gifts(self.caller, window, only=[or_(*self._bands(local, percent)), DIRECTION == GiftDirection.RECEIVED])
        rows, truncated = await newest(self.connection, asked)
        above = await units_above(self.connection, {row["unit_id"] for row in rows}) if local else {}
        missed = {}
        for row in rows:
            limits = Limits(self.book.limits, row["occurred_from"], local, above.get(row["unit_id"], ()))
            standing = {name: Decimal(value) for name in LIMITS if (value := limits.get(name)) is not None}
            missed[row["id"]] = {name: value for name, value in standing.items() if _is_below(row["worth_cents"], value, percent)}
        return rows, truncated, missed

    def _bands(self, local: LocalLimits, percent: int) -> list[ColumnElement[bool]]:
        """Ranges of worth, in hundredths of a yuan, one for each value that one of the limits ever had anywhere."""
        national = {value.value for name in LIMITS for value in self.book.limits[name].values}
        published = {value.value for value in local.values if value.limit in LIMITS and value.value is not None}
        worth = declaration.c.worth_cents
        return [
            worth.between(int(Decimal(v) * (100 - percent)), int(Decimal(v) * 100) - 1) for v in sorted(map(Decimal, national | published))
        ]

    def _told(
        self, head: UUID, given: list[RowMapping], missed: Mapping[UUID, Mapping[str, Decimal]], percent: int, names: Names
    ) -> dict[str, Any]:
        officials = len({row["declarant_id"] for row in given})
        limits = sorted({(value, name) for row in given for name, value in missed[row["id"]].items()})
        return {
            "group": names.party(head),
            "officials": officials,
            "gifts": [
                {**told(row, names), "below": [self._limit(name, value) for name, value in missed[row["id"]].items()]} for row in given
            ],
            "message": said(
                _words(names.parties[head], len(given), officials, percent, [value for value, _ in limits]), english=self.english
            ),
        }

    def _limit(self, name: str, value: Decimal) -> dict[str, str]:
        limit = self.book.limits[name]
        return {"limit": name, "title": limit.title_en if self.english else limit.title_zh, "value": yuan(value)}


def _is_below(cents: int, limit: Decimal, percent: int) -> bool:
    return limit * (100 - percent) <= cents < limit * 100


def _words(giver: str, gifts_given: int, officials: int, percent: int, values: list[Decimal]) -> Words:
    sums = [yuan(value) for value in dict.fromkeys(values)]
    return Words(
        f"{giver}及其关联企业的{gifts_given}份礼品（涉及{officials}人）价值均低于当日标准（{'、'.join(sums)}元）而相差不到{percent}%。",
        f"{gifts_given} gifts of {giver} or its group to {officials} official(s) lie less than {percent} % below a limit of the day "
        f"(CNY {', '.join(sums)}).",
    )
