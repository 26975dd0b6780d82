"""The register as it stood: each declaration in the newest revision made by an instant, with the newest screening made by then."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.access.caller import Caller
from app.declarations.models import declaration, declaration_revision
from app.declarations.repository import STATED
from app.declarations.schemas import Status
from app.declarations.visibility import as_commission, visible
from app.kit.tables import as_text
from app.ledger.lines import receipt
from app.ledger.models import ledger_line

from .findings import stored
from .models import screening

_then = declaration_revision.alias("stood")

THEN: ReadOnlyColumnCollection[str, Any] = _then.c
"""What the revision that stood then says, for filters."""


def stood(caller: Caller, as_at: datetime) -> tuple[FromClause, ColumnElement[bool]]:
    """(declarations with their revisions, what holds of those that stood at an instant and that the caller sees).

    Who sees a declaration today sees it as it stood; the commission none that was a draft then.
    """
    declarations = declaration.join(_then, _then.c.declaration_id == declaration.c.id)
    return declarations, visible(caller, _then.c.status) & (_then.c.revision == _newest_revision(as_at))


def stood_declarations(caller: Caller, as_at: datetime) -> Select[Any]:
    """What `shown_declarations` would have shown at an instant, with the columns that filters ask for.

    What no revision keeps is as it is today: the client's reference, and names and posts of persons, units and counterparties. The receipt is that
    of the act which made the revision.
    """
    declarations, seen = stood(caller, as_at)
    row, commission, line = declaration.c, as_commission(caller), ledger_line.c
    told_of = (line.subject == row.id, line.action.in_(STATED), line.content["revision"].as_integer() == _then.c.revision)
    return (
        select(
            *(row[name] for name in ("id", "kind", "source", "client_reference", "created_at", "declarant_id", "unit_id")),
            *(_then.c[name] for name in ("status", "revision", "declared_on", "note", "counterparty_id", "worth_cents")),
            *(_then.c[name] for name in ("occurred_from", "occurred_until")),
            case((_then.c.status == Status.WITHDRAWN, row.withdrawal_reason)).label("withdrawal_reason"),
            as_text(_then.c.details).label("details"),
            line.id.label("line"),
            line.at.label("recorded_at"),
            line.leaf_hash,
            screening.c.rulebook_version,
            screening.c.judged_on,
            as_text(screening.c.findings).label("findings"),
            as_text(screening.c.commission_findings).label("commission_findings"),
            commission.label("as_commission"),
        )
        .select_from(declarations)
        .join(screening, screening.c.id == _newest_screening(commission, as_at), isouter=True)
        .join(ledger_line, and_(*told_of), isouter=True)
        .where(seen)
    )


def with_receipt(row: RowMapping) -> dict[str, Any]:
    """Such a row as `render` takes it: the receipt is made of the line."""
    return {**row, "receipt": row["line"] and stored(receipt(row["line"], row["recorded_at"], row["leaf_hash"]))}


def _newest_revision(as_at: datetime) -> ScalarSelect[int]:
    made = declaration_revision.alias("made")
    newest = select(func.max(made.c.revision)).where(made.c.declaration_id == declaration.c.id, made.c.made_at <= as_at)
    return newest.correlate(declaration).scalar_subquery()


def _newest_screening(commission: ColumnElement[bool], as_at: datetime) -> ScalarSelect[Any]:
    """The newest one by then of which this reader may know."""
    made = screening.alias("made_screening")
    known = (made.c.declaration_id == declaration.c.id, made.c.judged_at <= as_at, or_(commission, made.c.visible))
    return select(made.c.id).where(*known).order_by(made.c.id.desc()).limit(1).correlate(declaration).scalar_subquery()
