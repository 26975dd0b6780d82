"""Running sums that a matter brings nearer to a limit: what a preview shows before anything is accepted."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .finding import Text


class Total(NamedTuple):
    """A sum in CNY without and of a matter, and the limits of its day that it is compared with."""

    id: str
    title: Text
    before: Decimal
    this: Decimal
    limits: tuple[str, ...]
    day: date
