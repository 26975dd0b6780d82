"""The register as it stood: each declaration in the newest revision made by an instant, with the newest screening made by then."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, Select, and_, case, exists, or_, select
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


def stood(caller: Caller, as_at: datetime, *columns: ColumnElement[Any]) -> Select[Any]:
    """These columns of the declarations that stood at an instant and that the caller sees, or what `as_they_stood` asks for.

    Who sees a declaration today sees it as it stood; the commission none that was a draft then.
    """
    made = declaration_revision.alias("made")
    later = exists().where(made.c.declaration_id == _then.c.declaration_id, made.c.revision > _then.c.revision, made.c.made_at <= as_at)
    return (
        select(*(columns or (declaration.c.id, _then.c.revision)))
        .join_from(declaration, _then, _then.c.declaration_id == declaration.c.id)
        .where(visible(caller, _then.c.status), _then.c.made_at <= as_at, ~later)
        .where(declaration.c.created_at <= as_at)  # says no more than its revisions, but sooner
    )


def as_they_stood(caller: Caller, as_at: datetime, chosen: Select[Any]) -> Select[Any]:
    """What `shown_declarations` would have shown of these declarations at an instant, with the columns that filters ask for, newest first.

    Rows are chosen before anything is joined to them, so that the databases do not join the whole register. What no revision keeps is as it is today:
    the client's reference, and names and posts of persons, units and counterparties. The receipt is that of the act which made the revision.
    """
    found, row, line, commission = chosen.subquery("found"), declaration.c, ledger_line.c, as_commission(caller)
    told_of = (line.subject == row.id, line.action.in_(STATED), line.content["revision"].as_integer() == _then.c.revision)
    return (
        select(
            *(row[name] for name in ("id", "kind", "source", "client_id", "client_reference", "created_at", "declarant_id", "unit_id")),
            *(_then.c[name] for name in ("status", "revision", "declared_on", "note", "counterparty_id", "worth_cents")),
            *(_then.c[name] for name in ("occurred_from", "occurred_until")),
            case((_then.c.status == Status.WITHDRAWN, row.withdrawal_reason)).label("withdrawal_reason"),
            as_text(_then.c.details).label("details"),
            as_text(_then.c.capture).label("capture"),
            line.id.label("line"),
            line.at.label("recorded_at"),
            line.leaf_hash,
            screening.c.rulebook_version,
            screening.c.judged_on,
            as_text(screening.c.findings).label("findings"),
            as_text(screening.c.commission_findings).label("commission_findings"),
            commission.label("as_commission"),
        )
        .join_from(found, declaration, row.id == found.c.id)
        .join(_then, and_(_then.c.declaration_id == found.c.id, _then.c.revision == found.c.revision))
        .join(screening, screening.c.id == _newest_screening(commission, as_at), isouter=True)
        .join(ledger_line, and_(*told_of), isouter=True)
        .order_by(found.c.id.desc())
    )


def with_receipt(row: RowMapping) -> dict[str, Any]:
    """Such a row as `render` takes it: the receipt is made of the line."""
    return {**row, "receipt": row["line"] and stored(receipt(row["line"], row["recorded_at"], row["leaf_hash"]))}


def _newest_screening(commission: ColumnElement[bool], as_at: datetime) -> ScalarSelect[Any]:
    """The newest one by then of which this reader may know."""
    made = screening.alias("made_screening")
    known = (made.c.declaration_id == declaration.c.id, made.c.judged_at <= as_at, or_(commission, made.c.visible))
    return select(made.c.id).where(*known).order_by(made.c.id.desc()).limit(1).correlate(declaration).scalar_subquery()
