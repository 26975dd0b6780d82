"""Findings one by one, of rules and of reviewers alike: which of them a caller may read, which still stand, and how they are told."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, case, func, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import as_commission, in_view, visible
from app.kit.errors import Words, not_found
from app.kit.tables import as_text
from app.ledger.lines import instant
from app.ledger.unit_of_work import Reading
from app.rulebook.facts import Source
from app.screening.findings import read_finding
from app.screening.models import finding, screening

from .models import raised_finding


class Origin(StrEnum):
    """Where a finding comes from."""

    RULE = "rule"
    HAND = "hand"


def stands(caller: Caller) -> ColumnElement[bool]:
    """The finding is of the newest screening that the caller may know of, or raised by hand and upheld, and its declaration is filed."""
    in_sight = in_view(as_commission(caller), finding.c.for_commission, finding.c.for_declarant)
    return and_(finding.c.current, in_sight, declaration.c.status == Status.SUBMITTED)


def readable(caller: Caller, *columns: ColumnElement[Any]) -> Select[Any]:
    """These columns of every finding that the caller may read, superseded ones included: never what the commission keeps to itself.

    Who may read a declaration may read its findings in the same view.
    """
    asked = select(*columns).join_from(finding, declaration, declaration.c.id == finding.c.declaration_id)
    return asked.where(visible(caller), in_view(as_commission(caller), true(), finding.c.for_declarant))


def told(caller: Caller) -> Select[Any]:
    """What is told of findings besides their documents, for `with_documents`."""
    row, declared = finding.c, declaration.c
    return readable(
        caller,
        row.id,
        row.screening_id,
        row.for_declarant,
        row.declaration_id,
        stands(caller).label("current"),
        declared.declarant_id,
        declared.unit_id,
        declared.kind,
        declared.source,
        declared.occurred_from,
    )


def with_documents(chosen: Select[Any]) -> Select[Any]:
    """Such findings, newest first, with their documents as stored text, which are read for those alone that were chosen."""
    found = chosen.subquery("found")
    of_screening = case((found.c.for_declarant, screening.c.findings), else_=screening.c.commission_findings)
    return (
        select(
            found,
            func.coalesce(as_text(raised_finding.c.document), as_text(of_screening)).label("document"),
            func.coalesce(raised_finding.c.raised_at, screening.c.judged_at).label("raised_at"),
            raised_finding.c.withdrawal_reason,
            raised_finding.c.version,
        )
        .join_from(found, screening, screening.c.id == found.c.screening_id, isouter=True)
        .join(raised_finding, raised_finding.c.finding_id == found.c.id, isouter=True)
        .order_by(found.c.id.desc())
    )


async def read_told(view: Reading, caller: Caller, finding_id: UUID) -> RowMapping:
    """One finding as the caller may read it, whether it stands or not.

    Raises:
        Problem: 404.
    """
    asked = with_documents(told(caller).where(finding.c.id == finding_id))
    row: RowMapping | None = (await view.connection.execute(asked)).mappings().first()
    if row is None:
        raise not_found(Words("疑点", "finding"))
    return row


def of_whom(rows: Iterable[RowMapping]) -> Iterator[tuple[UUID, bool]]:
    """On whose declarations these findings are, and whether the declarants may know of them."""
    return ((row["declarant_id"], bool(row["for_declarant"]) and row["source"] != Source.COMMISSION) for row in rows)


def version_of(row: RowMapping) -> int:
    """What the entity tag stands for: what became of it is counted where a reviewer raised it; a rule's can only cease to stand."""
    counted: int | None = row["version"]
    return counted or (1 if row["current"] else 2)


def render_finding(row: RowMapping, *, english: bool) -> dict[str, Any]:
    """One such row as the API's finding."""
    return {
        **read_finding(row["document"], row["id"], english=english),
        "declaration": row["declaration_id"],
        "declarant": row["declarant_id"],
        "unit": row["unit_id"],
        "kind": row["kind"],
        "occurred_from": row["occurred_from"],
        "origin": Origin.HAND if row["screening_id"] is None else Origin.RULE,
        "raised_at": instant(row["raised_at"]),
        "current": bool(row["current"]),
        "withdrawal_reason": row["withdrawal_reason"],
    }
