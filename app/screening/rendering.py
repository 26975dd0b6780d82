"""A declaration with its screening as answers show it, in the reader's language and to the reader's reach."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.visibility import as_commission, visible
from app.kit.answers import raw
from app.kit.tables import as_text
from app.ledger.lines import instant

from .findings import outcome_of, read_findings
from .models import screening

_SHOWN = ("id", "kind", "status", "source", "revision", "version", "declared_on", "client_reference", "note", "withdrawal_reason", "created_at")


def shown_declarations(caller: Caller, declaration_id: UUID | None = None) -> Select[Any]:
    """Declarations that the caller sees, or one of them, each with its newest screening; JSON stays text."""
    row = declaration.c
    which = visible(caller) if declaration_id is None else and_(row.id == declaration_id, visible(caller))
    return (
        select(
            *(row[name] for name in _SHOWN),
            row.declarant_id,
            row.unit_id,
            row.counterparty_id,
            as_text(row.details).label("details"),
            as_text(row.receipt).label("receipt"),
            screening.c.rulebook_version,
            screening.c.judged_on,
            as_text(screening.c.findings).label("findings"),
            as_text(screening.c.commission_findings).label("commission_findings"),
            as_commission(caller).label("as_commission"),
        )
        .join_from(declaration, screening, screening.c.id == row.screening_id, isouter=True)
        .where(which)
    )


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
