"""Running sums that a matter brings nearer to a limit: what a preview shows before anything is accepted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from .finding import Text
from .local import LocalValue
from .parameters import LimitValue


class Total(NamedTuple):
    """A sum in CNY without and of a matter, and the limits that it is compared with, as they stood on its day."""

    id: str
    title: Text
    before: Decimal
    this: Decimal
    limits: Mapping[str, LimitValue | LocalValue]
