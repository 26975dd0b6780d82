"""What the ledger is told of counterparties: a digest of the row and of all its relations, whoever stated them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.statements import one_of
from app.ledger.lines import canonical, digest
from app.ledger.unit_of_work import Work

from .models import counterparty, counterparty_relation

KEPT_AS = "record"
"""The field of a line with that digest; `digest` is of what was stated, which may be less."""

_STATED = ("name", "aliases", "type", "identifier", "region", "parents", "registered")
_RELATED = ("unit_id", "relation", "from_on", "until_on")


async def record(work: Work, action: str, counterparty_id: UUID, told: Mapping[str, Any]) -> None:
    """Write a line about a counterparty, with its version and digest as it now stands."""
    version = await work.connection.scalar(select(counterparty.c.version).where(counterparty.c.id == counterparty_id))
    stands = (await counterparty_digests(work.connection, [counterparty_id]))[counterparty_id]
    work.record(action, counterparty_id, {**told, "version": version, KEPT_AS: stands})


def record_registered(work: Work, row: Mapping[str, Any], relations: Iterable[Mapping[str, Any]], told: Mapping[str, Any]) -> None:
    """Write a line about a counterparty that has just been registered with these relations, and was not on record."""
    work.record("counterparty.registered", row["id"], {**told, "version": row["version"], KEPT_AS: _digest(row, relations)})


def record_entered(work: Work, row: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Write a line about a counterparty that a declaration has just entered, which has no relations."""
    work.record("counterparty.entered", row["id"], {**told, "version": row["version"], KEPT_AS: _digest(row, ())})


async def counterparty_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of counterparties as they stand."""
    own, related = counterparty.c, counterparty_relation.c
    relations = defaultdict[UUID, list[Mapping[str, Any]]](list)
    for row in (await connection.execute(select(counterparty_relation).where(one_of(related.counterparty_id, list(ids))))).mappings():
        relations[row["counterparty_id"]].append(dict(row))
    rows = (await connection.execute(select(counterparty).where(one_of(own.id, list(ids))))).mappings()
    return {row["id"]: _digest(dict(row), relations[row["id"]]) for row in rows}


def _digest(row: Mapping[str, Any], relations: Iterable[Mapping[str, Any]]) -> str:
    stated = {name: row[name] for name in _STATED}
    return digest({**stated, "relations": sorted(([one[name] for name in _RELATED] for one in relations), key=canonical)})
