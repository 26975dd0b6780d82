"""A declaration with its screening as answers show it, in the reader's language and to the reader's reach."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.repository import Values
from app.declarations.visibility import as_commission, is_as_commission, visible
from app.kit import clock
from app.kit.answers import raw
from app.kit.tables import as_text
from app.ledger.lines import instant
from app.ledger.unit_of_work import Reading

from .findings import outcome_of, read_findings, stored
from .judging import Screened
from .models import screening

_AS_STORED = (
    "id",
    "kind",
    "status",
    "source",
    "revision",
    "version",
    "declared_on",
    "client_reference",
    "note",
    "withdrawal_reason",
    "created_at",
    "client_id",
)


def shown_declarations(caller: Caller, declaration_id: UUID | None = None) -> Select[Any]:
    """Declarations that the caller sees, or one of them, each with the newest screening that the caller may know of; JSON stays text."""
    shown = _shown(caller, clock.today())
    return shown if declaration_id is None else shown.where(declaration.c.id == declaration_id)


@lru_cache(maxsize=1_000)
def _shown(caller: Caller, today: date) -> Select[Any]:
    """The statement for a caller, kept for the day, as delegations run by days: building it takes longer than asking it."""
    del today
    row, commission = declaration.c, as_commission(caller)
    return (
        select(
            *(row[name] for name in _AS_STORED),
            row.declarant_id,
            row.unit_id,
            row.counterparty_id,
            as_text(row.details).label("details"),
            as_text(row.receipt).label("receipt"),
            as_text(row.capture).label("capture"),
            screening.c.rulebook_version,
            screening.c.judged_on,
            as_text(screening.c.findings).label("findings"),
            as_text(screening.c.commission_findings).label("commission_findings"),
            commission.label("as_commission"),
        )
        .join_from(declaration, screening, screening.c.id == _newest_screening(commission), isouter=True)
        .where(visible(caller))
    )


def _newest_screening(commission: ColumnElement[bool]) -> ColumnElement[UUID]:
    """The newest one for the commission; else the newest of which the declarant may know, as its very day could give away another."""
    if commission is true():
        return declaration.c.screening_id
    known = screening.alias("known_screening")
    in_the_open = (
        select(known.c.id)
        .where(known.c.declaration_id == declaration.c.id, known.c.visible)
        .order_by(known.c.id.desc())
        .limit(1)
        .correlate(declaration)
        .scalar_subquery()
    )
    return case((commission, declaration.c.screening_id), else_=in_the_open)


async def just_filed(view: Reading, caller: Caller, declared: Values, screened: Screened | None) -> dict[str, Any]:
    """The row that `shown_declarations` would read of a declaration just filed, from the values at hand."""
    documents = {name: declared[name] and stored(declared[name]) for name in ("details", "receipt", "capture")}
    row = {**declared, **documents, "rulebook_version": None}
    if screened is None:
        return row
    fuller = screened.commission_findings
    return {
        **row,
        "rulebook_version": screened.rulebook_version,
        "judged_on": screened.judged_on,
        "findings": stored(screened.shown),
        "commission_findings": None if fuller is None else stored(fuller),
        "as_commission": await is_as_commission(view, caller, declared["declarant_id"], declared["unit_id"]),
    }


def render(row: Mapping[str, Any], *, english: bool) -> dict[str, Any]:
    """One such row as the API's declaration."""
    return {
        "id": row["id"],
        "kind": row["kind"],
        "status": row["status"],
        "source": row["source"],
        "declarant": row["declarant_id"],
        "unit": row["unit_id"],
        "counterparty": row["counterparty_id"],
        "details": raw(row["details"]),
        "revision": row["revision"],
        "declared_on": row["declared_on"],
        "capture": raw(row["capture"]),
        "client_id": row["client_id"],
        "client_reference": row["client_reference"],
        "note": row["note"],
        "withdrawal_reason": row["withdrawal_reason"],
        "created_at": instant(row["created_at"]),
        "screening": _screening(row, english=english),
        "receipt": raw(row["receipt"]),
    }


def _screening(row: Mapping[str, Any], *, english: bool) -> dict[str, Any] | None:
    if row["rulebook_version"] is None:
        return None
    return render_screening(row, english=english)


def render_screening(row: Mapping[str, Any], *, english: bool) -> dict[str, Any]:
    """A screening's row in the reader's view: the outcome is the highest level of what this reader is shown."""
    fuller = row["commission_findings"] if row["as_commission"] else None
    findings = read_findings(row["findings"] if fuller is None else fuller, english=english)
    return {
        "outcome": outcome_of(findings),
        "rulebook_version": row["rulebook_version"],
        "judged_on": row["judged_on"],
        "findings": findings,
    }
