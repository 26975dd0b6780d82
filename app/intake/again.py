"""A filing under an id that its client made: the same again is known and not filed twice, whatever became of the first answer."""

from uuid import UUID

from sqlalchemy import select

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Filing
from app.declarations.visibility import visible
from app.kit.errors import Problem, Words, conflict
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading
from app.rulebook.facts import Source


class FiledBefore(Exception):  # noqa: N818  # not an error: the declaration that the filing has made already
    """Carries the id of what the same filing made before."""

    def __init__(self, declaration_id: UUID) -> None:
        super().__init__()
        self.declaration_id = declaration_id


def filing_digest(filing: Filing, declarant: UUID, source: Source) -> str | None:
    """SHA-256 over what is filed and for whom, where the client has named it; when it was recorded is no part of it."""
    if filing.client_id is None:
        return None
    stated = filing.model_dump(mode="json", exclude={"captured_at", "declarant", "source"})
    return digest({**stated, "declarant": declarant, "source": source.value})


async def require_new(view: Reading, caller: Caller, client_id: UUID, filed: str | None) -> None:
    """Nothing is filed under the client's id yet. Asked under the lock on the declarant, so that of two at once the second finds the first.

    Raises:
        FiledBefore: the same was.
        Problem: 409 when something else was; to who does not see it, no more than that the id is taken.
    """
    asked = select(declaration.c.id, declaration.c.filing_digest, visible(caller).label("seen")).where(declaration.c.client_id == client_id)
    row = (await view.connection.execute(asked)).first()
    if row is None:
        return
    if row.seen and row.filing_digest == filed:
        raise FiledBefore(row.id)
    raise filed_otherwise() if row.seen else taken()


def filed_otherwise() -> Problem:
    """409 for the maker of the id."""
    return conflict(
        "client-id-taken",
        Words("该 client_id 已用于另一份申报", "The client_id stands for another declaration"),
        Words(
            "此 client_id 下已有内容不同的申报：要更正该份，请修改；要另行申报，请换用新的 client_id。",
            "Something else was filed under it: amend that declaration to correct it, or file this one under a new client_id.",
        ),
    )


def taken() -> Problem:
    """409 for everybody else, whom it tells nothing of what was filed."""
    return conflict(
        "client-id-taken",
        Words("该 client_id 不可用", "The client_id cannot be used"),
        Words("请换用新生成的 UUID 后重试。", "Make a new UUID and file again."),
    )
