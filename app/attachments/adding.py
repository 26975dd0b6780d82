"""Attaching a file that has come in whole."""

from dataclasses import dataclass
from uuid import UUID

from app.kit.database import Database
from app.kit.errors import not_found
from app.ledger.unit_of_work import Work, reading

from .kinds import MediaType
from .policy import Policy
from .receiving import Received
from .schemas import AttachmentState
from .service import ATTACHMENT, Values, change, enter, lock_for, repeated, require_room
from .settling import done_at_once
from .storage import StoreError, key_of, unavailable


@dataclass(frozen=True, slots=True)
class Named:
    """What the sender says of a file."""

    declaration_id: UUID
    client_id: UUID | None
    file_name: str | None


def columns_of(attachment_id: UUID, named: Named, file: Received, media_type: MediaType) -> Values:
    """The columns of a file that waits to be cleaned."""
    return {
        "id": attachment_id,
        "declaration_id": named.declaration_id,
        "client_id": named.client_id,
        "file_name": named.file_name,
        "state": AttachmentState.PROCESSING,
        "received_type": media_type.value,
        "received_bytes": file.size,
        "received_digest": file.digest,
    }


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file whose bytes are stored: the columns to begin with, and those of what became of it at once, where anything has."""

    values: Values
    outcome: Values


async def prepare(database: Database, policy: Policy, actor: str, values: Values, file: Received) -> Prepared | None:
    """Clean a file at once where that takes a moment, and store what is to be kept, before any row names it; None for one that is attached already.

    Raises:
        Problem: 409, 422, 503.
    """
    async with reading(database) as view:
        if await repeated(view, actor, values) is not None:
            return None
        await require_room(view, values["declaration_id"], policy.limits.number)
    try:
        outcome = await done_at_once(policy, values["id"], file, MediaType(values["received_type"])) or {}
        if outcome.get("state") != AttachmentState.READY:
            await policy.require_store().put(key_of(values["id"], file.digest), file.path)
    except StoreError as error:
        raise unavailable() from error
    return Prepared(values, outcome)


async def attach(work: Work, policy: Policy, values: Values, prepared: Prepared | None) -> tuple[Values, bool]:
    """(the attachment, whether it is new): put on record what was prepared, unless the same was attached under the same id of the client's.

    Raises:
        Problem: 404, 409.
    """
    await lock_for(work, values["declaration_id"], values["client_id"])
    before = await repeated(work, work.actor, values)
    if before is not None:
        return dict(before), False
    if prepared is None:  # it was there when this began, and was removed meanwhile
        raise not_found(ATTACHMENT)
    await require_room(work, values["declaration_id"], policy.limits.number)
    outcome = prepared.outcome
    if outcome.get("state") == AttachmentState.QUARANTINED:
        entered = await enter(work, values)
        return await change(work, entered, outcome, "attachment.quarantined"), True
    return await enter(work, {**values, **outcome}), True
