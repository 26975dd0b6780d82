"""Whom a campaign binds, by the personnel record of today."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, or_, true

from app.people.models import person, unit_ancestor

from .duties import Circle, in_a_circle


def in_scope(row: RowMapping | Mapping[str, Any]) -> ColumnElement[bool]:
    """The person is in the unit of the campaign or below, in one of its circles, and in service to the end of its last day."""
    unit_id = row["unit_id"]
    below = exists().where(unit_ancestor.c.unit_id == person.c.unit_id, unit_ancestor.c.ancestor_id == unit_id)
    circles = [Circle(**circle) for circle in row["bound"]]
    staying = or_(person.c.left_on.is_(None), person.c.left_on > row["due_on"])
    return and_(true() if unit_id is None else below, in_a_circle(circles), staying)
