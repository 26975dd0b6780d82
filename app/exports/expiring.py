"""The end of an export: its file is erased when its time is over, and a month later what was asked for."""

from datetime import timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.kit import clock
from app.kit.database import claimed
from app.ledger.unit_of_work import Work

from .models import export
from .schemas import ExportState
from .service import erase

FORGOTTEN_AFTER = timedelta(days=30)
"""How long after its end an export is still told of."""

_MOST = 100


def is_over() -> ColumnElement[bool]:
    """There is something to erase."""
    return or_(_expired(), _forgotten())


async def erase_expired(unit: Work) -> None:
    """Erase files whose time is over, and in the end that there was one. What somebody is at work on waits for the next time."""
    ids = list(await unit.connection.scalars(claimed(select(export.c.id).where(_expired()).limit(_MOST), of=export)))
    await erase(unit, ids)
    over = {"state": ExportState.EXPIRED, "version": export.c.version + 1}
    await unit.connection.execute(update(export).where(export.c.id.in_(ids)).values(over))
    for export_id in ids:
        unit.record("export.expired", export_id, {})
    await unit.connection.execute(delete(export).where(_forgotten()))


def _expired() -> ColumnElement[bool]:
    return and_(export.c.state != ExportState.EXPIRED, export.c.expires_at <= clock.now())


def _forgotten() -> ColumnElement[bool]:
    return and_(export.c.state == ExportState.EXPIRED, export.c.expires_at < clock.now() - FORGOTTEN_AFTER)
