"""Which keys, units and persons an operator reaches; this room stands below that of the people, so it names their tables lightly."""

from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, Uuid, column, exists, func, table, true
from sqlalchemy.sql.selectable import Join

from app.kit.errors import Fault, Words

from .caller import Caller
from .models import api_key

unit = table("unit", column("id", Uuid))
unit_ancestor = table("unit_ancestor", column("unit_id", Uuid), column("ancestor_id", Uuid))
person = table("person", column("id", Uuid), column("unit_id", Uuid), column("employee_number", String), column("left_on", Date))

keys_and_persons: Join = api_key.join(person, person.c.id == api_key.c.person_id, isouter=True)
"""Every key, with the person that it speaks for."""

key_unit: ColumnElement[UUID] = func.coalesce(api_key.c.unit_id, person.c.unit_id, type_=Uuid())
"""Where a key stands: its own unit, else that of its person; nowhere when it reaches the whole register."""


def in_reach(caller: Caller, unit_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The unit is one of the caller's roots or below one. What has no unit is reached from the whole register alone."""
    if caller.roots is None:
        return true()
    return exists().where(unit_ancestor.c.unit_id == unit_id, unit_ancestor.c.ancestor_id.in_(caller.roots))


UNIT_UNKNOWN = Fault(
    "/unit", "unit-unknown", Words("没有这个单位，或该单位不在您的管辖范围内。", "No such unit, or it lies outside your reach.")
)
"""The unit that a credential or a webhook is to be set over does not exist or lies elsewhere, which look alike."""
