"""The local standards in force, read once for each edition: what is published is never changed, so its digest names it for good."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.people.models import unit_ancestor
from app.rulebook.local import LocalLimits, LocalValue

from .models import limit_draft

NONE = LocalLimits()
_MOST_KEPT = 8
_read: dict[str, LocalLimits] = {}


def newest_digest() -> ScalarSelect[Any]:
    """The digest of all that is published, NULL where nothing is: one column of a statement that is asked anyway."""
    published = select(limit_draft.c.digest).where(limit_draft.c.edition.is_not(None))
    return published.order_by(limit_draft.c.edition.desc()).limit(1).scalar_subquery()


async def local_limits(connection: AsyncConnection, digest: str | None) -> LocalLimits:
    """What stood published when the digest was read; no query where this process knows it."""
    if digest is None:
        return NONE
    if digest not in _read:
        _read[digest] = (await published(connection))[digest]
        for oldest in list(_read)[:-_MOST_KEPT]:
            del _read[oldest]
    return _read[digest]


async def standing_limits(connection: AsyncConnection) -> LocalLimits:
    """What stands published now."""
    return await local_limits(connection, await connection.scalar(select(newest_digest())))


async def published(connection: AsyncConnection) -> dict[str, LocalLimits]:
    """Every edition with all before it, by its digest, oldest first."""
    asked = select(limit_draft).where(limit_draft.c.edition.is_not(None)).order_by(limit_draft.c.edition)
    editions, values = dict[str, LocalLimits](), tuple[LocalValue, ...]()
    for row in (await connection.execute(asked)).mappings():
        values += tuple(values_of(row["unit_id"], row["values"]))
        editions[row["digest"]] = LocalLimits(values)
    return editions


def values_of(unit: UUID, stated: Iterable[Mapping[str, Any]]) -> list[LocalValue]:
    """The values of a draft as the rules take them."""
    return [
        LocalValue(
            unit=str(unit),
            limit=each["limit"],
            since=date.fromisoformat(each["since"]),
            value=None if each["value"] is None else number(each["value"]),
            instrument=each["instrument"],
            article=each["article"],
            note=each["note"],
        )
        for each in stated
    ]


def number(text: str) -> Decimal | int:
    """A value as the rules compare it: whole numbers as such."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value


async def chain_of(connection: AsyncConnection, unit: UUID) -> tuple[str, ...]:
    """A unit and those above it, nearest first."""
    asked = select(unit_ancestor.c.ancestor_id).where(unit_ancestor.c.unit_id == unit).order_by(unit_ancestor.c.distance)
    return tuple(str(ancestor) for ancestor in await connection.scalars(asked))
