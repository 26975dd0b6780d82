"""What SCIM resources state, in the words of the register and under its rules."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from scim2_models import Meta, Resource
from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.caller import Caller
from app.kit.errors import Fault, Words, invalid
from app.kit.problems import faults_of
from app.people.fields import ExternalId
from app.people.models import unit
from app.people.visibility import in_reach, unknown_unit

from .attributes import id_in

Shape = TypeVar("Shape", bound=BaseModel)
_user_name: TypeAdapter[str] = TypeAdapter(ExternalId)
_external_id: TypeAdapter[str | None] = TypeAdapter(ExternalId | None)


def shaped(shape: type[Shape], stated: Mapping[str, Any]) -> Shape:
    """What is stated, held to the register's own rules.

    Raises:
        Problem: 422 with each field at fault.
    """
    try:
        return shape.model_validate(stated)
    except ValidationError as error:
        raise invalid(faults_of(error.errors(include_input=False, include_url=False))) from error


def external_id_of(given: Resource[Any]) -> str | None:
    """The client's own id of a resource. Who issues it answers for its being unique (RFC 7643, section 3.1).

    Raises:
        Problem: 422.
    """
    try:
        return _external_id.validate_python(given.external_id or None)
    except ValidationError as error:
        raise invalid(faults_of(error.errors(include_input=False, include_url=False), at="/external_id")) from error


def user_name_of(given: Any) -> str:
    """The login name of a person.

    Raises:
        Problem: 422.
    """
    try:
        return _user_name.validate_python(given.user_name)
    except ValidationError as error:
        raise invalid(faults_of(error.errors(include_input=False, include_url=False), at="/user_name")) from error


async def unit_named(connection: AsyncConnection, caller: Caller, asked: str | None, pointer: str) -> UUID | None:
    """The unit that is meant by its URL, its id or its code, or by a name that no other unit within reach bears.

    Raises:
        Problem: 422 for none, or for several.
    """
    if not asked:
        return None
    wanted = id_in(asked)
    if wanted is not None:
        return wanted
    named = select(unit.c.id, unit.c.code).where(or_(unit.c.code == asked, unit.c.name == asked), in_reach(caller, unit.c.id))
    rows = [] if "\x00" in asked else (await connection.execute(named.limit(3))).all()
    found = [row for row in rows if row.code == asked] or rows
    if not found:
        raise invalid([unknown_unit(pointer)])
    if len(found) > 1:
        raise invalid([Fault(pointer, "unit-ambiguous", _AMBIGUOUS)])
    return UUID(str(found[0].id))


_AMBIGUOUS = Words("有多个单位使用此名称，请改用代码或 id。", "Several units bear this name; give the code or the id.")


def meta_of(sort: str | None, row: RowMapping, version: str) -> Meta:
    """What the register says about a resource itself. Its tag is weak: names of other records may change beneath it."""
    changed = row["changed_at"] or row["created_at"]
    return Meta(resource_type=sort, created=row["created_at"], last_modified=changed, version=f'W/"{version}"')


def written(value: Any) -> Any:
    """Days as they are written; all else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value
