"""Benefits as a kind tells of them to the rules that see every kind: costs that others bore, gifts that a ceremony brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .finding import Text
from .statement import Payer

BEARERS: Mapping[Payer, Text] = {
    Payer.COMPANY: Text("企业", "a company"),
    Payer.SUBORDINATE: Text("下属", "a subordinate"),
}
"""Payers to whom a cost is shifted (转嫁); a host who pays settles his own bill."""

CEREMONIES: Mapping[str, Text] = {
    "wedding": Text("婚礼", "a wedding"),
    "funeral": Text("丧事", "a funeral"),
    "birthday": Text("生日", "a birthday"),
    "childbirth": Text("生育", "the birth of a child"),
    "housewarming": Text("乔迁", "a housewarming"),
    "school": Text("升学", "a school celebration"),
    "other": Text("婚丧喜庆事宜", "some other event"),
}
"""Ceremonies as messages name them (婚丧喜庆), by the value that gifts and family events state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What somebody related to the declarant's duty gave or paid for.

    `amount` is in CNY, None where it is not known; `seen` is what evidence shows; `due_on` the day to settle it by, if there is one.
    """

    what: Text
    amount: Decimal | None
    seen: Mapping[str, Any]
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedCost(Benefit):
    """A cost that the declarant or the unit should have borne (转嫁费用), with who bore it instead."""

    bearer: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyGifts(Benefit):
    """What a ceremony brought; `occasion` is a key of `CEREMONIES`.

    Where `missing` names a fact, it was left open whether any of it came from somebody related to duty.
    """

    occasion: str
    missing: tuple[str, ...] = ()


def quoted(descriptions: Sequence[str]) -> Text:
    """Things as a message names them: the first as it was described, the rest by their number."""
    first, more = descriptions[0], len(descriptions) - 1
    return Text(f"“{first}”等{more + 1}项", f"“{first}” and {more} more") if more else Text(f"“{first}”", f"“{first}”")
