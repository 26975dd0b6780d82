"""The ledger as a queue: what a webhook is still to be told, and what waits to be told again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, and_, bindparam, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.kit import clock
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Reading, Work

from .models import webhook_delivery
from .subjects import Sieve

Delivery: TypeAlias = dict[str, Any]
"""A row of `webhook_delivery`."""

WINDOW = 20_000
"""Positions that are looked through in one query, however rare what is looked for."""

_line, _sent = ledger_line.c, webhook_delivery.c
_WAITS = _sent.state == "waiting"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one webhook is told."""

    webhook_id: UUID
    actions: Sequence[str]
    sieve: Sieve


@dataclass(frozen=True, slots=True)
class Batch:
    """New deliveries, and the position before which all is in them or needs none."""

    deliveries: list[Delivery]
    position: int


async def next_batch(view: Reading, subscription: Subscription, position: int, head: int, limit: int) -> Batch:
    """The next lines from a position on; those whose subject has one that waits already are marked to wait behind it."""
    end = min(head, position + WINDOW)
    asked = (
        select(_line.id, _line.at, _line.action, _line.subject, _line.position, _line.content)
        .where(_line.position >= position, _line.position < end, _line.action.in_(subscription.actions))
        .order_by(_line.position)
        .limit(limit)
    )
    lines = (await view.connection.execute(asked)).mappings().all()
    if len(lines) == limit:
        end = lines[-1]["position"] + 1
    kept = await subscription.sieve.kept(view.connection, lines)
    return Batch([_delivery(subscription.webhook_id, line) for line in kept], end)


def _delivery(webhook_id: UUID, line: RowMapping) -> Delivery:
    told = {"message": line["id"], "action": line["action"], "subject": line["subject"], "position": line["position"]}
    return {"id": new_id(), "webhook_id": webhook_id, **told, "happened_at": line["at"], **waiting(None)}


def waiting(at: datetime | None) -> Delivery:
    """The state of a delivery that has not been tried."""
    return {"state": "waiting", "attempts": 0, "tries": [], "created_at": clock.now(), "next_attempt_at": at, "ended_at": None}


async def blocked_subjects(view: Reading, webhook_id: UUID, deliveries: Sequence[Delivery]) -> set[UUID]:
    """Those subjects of which an earlier message still waits."""
    subjects = sorted({one["subject"] for one in deliveries})
    asked = select(_sent.subject).where(_sent.webhook_id == webhook_id, _WAITS, one_of(_sent.subject, subjects)).distinct()
    return set(await view.connection.scalars(asked))


async def due_again(view: Reading, webhook_id: UUID, limit: int) -> list[Delivery]:
    """What is to be tried again now, longest due first; no two of one subject."""
    asked = select(webhook_delivery).where(_sent.webhook_id == webhook_id, _WAITS, _sent.next_attempt_at <= clock.now())
    return [dict(row) for row in (await view.connection.execute(asked.order_by(_sent.next_attempt_at).limit(limit))).mappings()]


async def webhooks_with_due(view: Reading) -> set[UUID]:
    """Those that have something to try again now."""
    return set(await view.connection.scalars(select(_sent.webhook_id).where(_WAITS, _sent.next_attempt_at <= clock.now()).distinct()))


_TRIED = ("state", "attempts", "tries", "next_attempt_at", "ended_at")
_KEEP = update(webhook_delivery).where(_sent.id == bindparam("of_id"), _WAITS).values({name: bindparam(name) for name in _TRIED})


async def keep_tried(work: Work, deliveries: Sequence[Delivery]) -> None:
    """Write down how deliveries fared that had waited, and let the next of each subject that is done with come forward."""
    await work.connection.execute(_KEEP, [{"of_id": one["id"], **{name: one[name] for name in _TRIED}} for one in deliveries])
    for one in deliveries:
        if one["state"] != "waiting":
            await bring_forward(work, one["webhook_id"], one["subject"])


async def bring_forward(work: Work, webhook_id: UUID, subject: UUID) -> None:
    """The first that waits of a subject is due unless it has its time already, and it alone."""
    same = and_(_sent.webhook_id == webhook_id, _sent.subject == subject, _WAITS)
    other = webhook_delivery.alias()
    first = select(func.min(other.c.position)).where(
        other.c.webhook_id == webhook_id, other.c.subject == subject, other.c.state == "waiting"
    )
    due = update(webhook_delivery).where(same, _sent.position == first.scalar_subquery(), _sent.next_attempt_at.is_(None))
    await work.connection.execute(due.values(next_attempt_at=clock.now()))
    behind = update(webhook_delivery).where(same, _sent.position > first.scalar_subquery(), _sent.next_attempt_at.is_not(None))
    await work.connection.execute(behind.values(next_attempt_at=None))


async def make_due(work: Work, webhook_id: UUID) -> None:
    """Whatever waits for its time need wait no longer: the endpoint answers again."""
    soon: ColumnElement[bool] = and_(_sent.webhook_id == webhook_id, _WAITS, _sent.next_attempt_at > clock.now())
    await work.connection.execute(update(webhook_delivery).where(soon).values(next_attempt_at=clock.now()))


def by_subject(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """Deliveries of each subject in their order, subjects in the order of their first."""
    groups = dict[UUID, list[Delivery]]()
    for one in deliveries:
        groups.setdefault(one["subject"], []).append(one)
    return list(groups.values())
