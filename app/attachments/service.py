"""The attachments of declarations, as a caller sees and changes them."""

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, select, update

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.rights import may_change
from app.declarations.schemas import Status
from app.declarations.visibility import by_either_id, is_named, visible
from app.jobs.deferring import defer
from app.kit import clock
from app.kit.database import lock_all, locked
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work

from .models import attachment, upload
from .records import tell
from .schemas import AttachmentState

Values: TypeAlias = dict[str, Any]
Listed: TypeAlias = list[Values]

DISCARD = "attachments.discard"
"""The task that erases the bytes of an attachment that was removed."""

SETTLE = "attachments.settle"
"""The task that scans, cleans and keeps a file."""

ATTACHMENT = Words("附件", "attachment")


class Attachments:
    """The attachments that a caller sees: those of the declarations that the caller sees."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def declaration(self, named: UUID) -> Values:
        """Whose declaration it is, how it came about and how it stands.

        Raises:
            Problem: 404 when the caller does not see it.
        """
        asked = select(declaration.c.id, declaration.c.declarant_id, declaration.c.source, declaration.c.status).where(visible(self.caller))

        async def read(one: UUID) -> RowMapping | None:
            return (await self.connection.execute(asked.where(declaration.c.id == one))).mappings().first()

        return dict(await by_either_id(self.view, named, read))

    async def list(self, page: Page, declaration_id: UUID, client_id: UUID | None) -> Listed:
        """A page of those of one declaration, one more than asked for."""
        rows = await self.connection.execute(page.of(self._of(declaration_id, client_id), attachment.c.id))
        return [dict(row) for row in rows.mappings()]

    async def count(self, declaration_id: UUID, client_id: UUID | None) -> int:
        """How many there are."""
        return await self.connection.scalar(select(func.count()).select_from(self._of(declaration_id, client_id).subquery())) or 0

    async def among(self, ids: Sequence[UUID]) -> Listed:
        """Those of these that the caller sees, of whatever declaration."""
        seen = select(attachment).join(declaration, declaration.c.id == attachment.c.declaration_id)
        seen = seen.where(one_of(attachment.c.id, list(ids)), visible(self.caller))
        return [dict(row) for row in (await self.connection.execute(seen)).mappings()]

    async def get(self, declaration_id: UUID, attachment_id: UUID) -> Values:
        """One of them, with whose declaration it is and how it came about.

        Raises:
            Problem: 404.
        """
        seen = select(attachment, declaration.c.declarant_id, declaration.c.source)
        seen = seen.join(declaration, declaration.c.id == attachment.c.declaration_id)
        seen = seen.where(attachment.c.id == attachment_id, is_named(attachment.c.declaration_id, declaration_id), visible(self.caller))
        row = (await self.connection.execute(seen)).mappings().first()
        if row is None:
            raise not_found(ATTACHMENT)
        return dict(row)

    def _of(self, declaration_id: UUID, client_id: UUID | None) -> Select[Any]:
        of_it = select(attachment).where(attachment.c.declaration_id == declaration_id)
        return of_it if client_id is None else of_it.where(attachment.c.client_id == client_id)


async def require_open(view: Reading, caller: Caller, named: UUID) -> UUID:
    """The id of a declaration that the caller may attach something to.

    Raises:
        Problem: 404, 403, 409 when it is withdrawn.
    """
    declaration_id, _ = await may_change(view, caller, named)
    require_standing(await _status(view, declaration_id))
    return declaration_id


async def _status(view: Reading, declaration_id: UUID, *, hold: bool = False) -> str:
    asked = select(declaration.c.status).where(declaration.c.id == declaration_id)
    return (await view.connection.execute(locked(asked) if hold else asked)).scalar_one()  # type: ignore[no-any-return]


def require_standing(status: str) -> None:
    """The declaration is not withdrawn.

    Raises:
        Problem: 409.
    """
    if status == Status.WITHDRAWN:
        said = Words(
            "已撤回的申报不再增加附件；原有附件仍可查看。", "Nothing is attached to what was withdrawn; what was attached can be read."
        )
        raise conflict("declaration-withdrawn", Words("申报已撤回", "The declaration is withdrawn"), said)


async def require_room(view: Reading, declaration_id: UUID, number: int) -> None:
    """The declaration may have one more.

    Raises:
        Problem: 409 when it has as many as it may, uploads on their way included.
    """
    attached = select(func.count()).select_from(attachment)
    coming = select(func.count()).select_from(upload)
    attached = attached.where(attachment.c.declaration_id == declaration_id, attachment.c.withdrawn_at.is_(None))
    coming = coming.where(upload.c.declaration_id == declaration_id, upload.c.attached_at.is_(None), upload.c.expires_at > clock.now())
    there = (await view.connection.execute(select(attached.scalar_subquery() + coming.scalar_subquery()))).scalar_one()
    if there >= number:
        raise conflict(
            "too-many-attachments",
            Words("附件过多", "There are too many attachments"),
            Words(f"每份申报至多 {number} 个附件，含正在上传的。", f"A declaration has at most {number}, those on their way included."),
        )


async def repeated(view: Reading, actor: str, values: Values) -> RowMapping | None:
    """The attachment that the caller has made under this id of theirs before, of the same declaration and bytes.

    Raises:
        Problem: 409 when that one is another.
    """
    if values["client_id"] is None:
        return None
    asked = select(attachment).where(attachment.c.created_by == actor, attachment.c.client_id == values["client_id"])
    row = (await view.connection.execute(asked)).mappings().first()
    if row is not None and any(row[name] != values[name] for name in ("declaration_id", "received_digest")):
        raise client_id_used()
    return row


def client_id_used() -> Problem:
    """409 for an id of the client's that stands for something else."""
    said = Words("该 client_id 已用于另一文件，请换用新的。", "That `client_id` stands for another file; make a new one.")
    return conflict("client-id-used", Words("编号已被使用", "The id is in use"), said)


async def lock_for(work: Work, declaration_id: UUID, client_id: UUID | None) -> None:
    """Of those who attach to one declaration, or under one id of theirs, one goes after the other; the declaration stays as it is meanwhile."""
    names = [f"attachments of {declaration_id}", *([f"attachment {work.actor} {client_id}"] if client_id else [])]
    await lock_all(work.connection, names)
    require_standing(await _status(work, declaration_id, hold=True))


async def enter(work: Work, values: Values) -> Values:
    """Put a file on record that waits to be cleaned, or that has been; `values` are the columns that are known."""
    row = {**{column.name: None for column in attachment.c}, **values}
    row |= {"created_at": clock.now(), "created_by": work.actor, "version": 1}
    tell(work, "attachment.added", row)
    await work.insert((attachment, [row]))
    if row["state"] == AttachmentState.PROCESSING:
        await defer(work, SETTLE, {"attachment": str(row["id"])})
    return row


async def change(work: Work, before: RowMapping | Values, changes: Values, action: str) -> Values:
    """Change an attachment that is locked, and tell the ledger."""
    after = {**before, **changes, "version": before["version"] + 1}
    told = {**changes, "version": after["version"]}
    await work.connection.execute(update(attachment).where(attachment.c.id == after["id"]).values(told))
    tell(work, action, after)
    return after


class AttachmentDesk:
    """Takes attachments back, in one unit of work and in the name of one caller."""

    def __init__(self, work: Work, caller: Caller) -> None:
        self.work = work
        self.caller = caller

    async def remove(self, declaration_id: UUID, attachment_id: UUID, if_match: str) -> None:
        """Erase an attachment of a draft, record and bytes.

        Raises:
            Problem: 404, 403, 409 when the declaration is filed, 412.
        """
        row, status = await self._standing(declaration_id, attachment_id, if_match)
        if status != Status.DRAFT:
            said = Words(
                "申报提交后附件不得删除，请撤回该附件并说明理由。", "What is filed is not erased; withdraw the attachment, with a reason."
            )
            raise conflict("declaration-not-a-draft", Words("该申报不是草稿", "The declaration is no draft"), said)
        await self.work.connection.execute(delete(attachment).where(attachment.c.id == attachment_id))
        self.work.record("attachment.removed", attachment_id, {"received": row["received_digest"].hex()})
        await defer(self.work, DISCARD, {"attachment": str(attachment_id)})

    async def withdraw(self, declaration_id: UUID, attachment_id: UUID, reason: str, if_match: str) -> Values:
        """Say that an attachment no longer counts, and why; record and bytes stay.

        Raises:
            Problem: 404, 403, 409 for a draft's or one that is withdrawn, 412.
        """
        row, status = await self._standing(declaration_id, attachment_id, if_match)
        if status == Status.DRAFT:
            said = Words("草稿的附件请直接删除。", "An attachment of a draft is simply deleted.")
            raise conflict("declaration-a-draft", Words("该申报是草稿", "The declaration is a draft"), said)
        if row["withdrawn_at"] is not None:
            said = Words("该附件已撤回，无需再次撤回。", "It is withdrawn already; there is nothing to do.")
            raise conflict("attachment-withdrawn", Words("附件已撤回", "The attachment is withdrawn"), said)
        return await change(self.work, row, {"withdrawn_at": clock.now(), "withdrawal_reason": reason}, "attachment.withdrawn")

    async def _standing(self, named: UUID, attachment_id: UUID, if_match: str) -> tuple[Values, str]:
        """(the attachment, locked, the status of its declaration, which stays as it is), for a caller who may change them and has seen the newest version."""
        declaration_id, _ = await may_change(self.work, self.caller, named)
        status = await _status(self.work, declaration_id, hold=True)
        asked = select(attachment).where(attachment.c.id == attachment_id, attachment.c.declaration_id == declaration_id)
        row = (await self.work.connection.execute(locked(asked))).mappings().first()
        if row is None:
            raise not_found(ATTACHMENT)
        require_match(if_match, row["version"])
        return dict(row), status
