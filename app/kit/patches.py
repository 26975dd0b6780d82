"""PATCH as a JSON merge (RFC 7396): only the fields that are sent change, null empties those that may be empty."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined

from .errors import invalid
from .problems import faults_of

Shape = TypeVar("Shape", bound=BaseModel)


def partial(shape: type[Shape]) -> type[Shape]:
    """The shape with every field optional. A field that must not be empty still refuses null."""
    for field in shape.model_fields.values():
        field.default, field.default_factory = PydanticUndefined, _absent
    shape.model_rebuild(force=True)
    return shape


def _absent() -> None:
    """Stands for a field that was not sent; nobody reads it, `model_fields_set` tells."""


def merged(shape: type[Shape], standing: Mapping[str, Any], change: BaseModel) -> Shape:
    """The record as it would be with the fields sent, valid as a whole.

    Raises:
        Problem: 422 when the fields do not go together.
    """
    try:
        return shape.model_validate({**standing, **change.model_dump(exclude_unset=True)})
    except ValidationError as error:
        raise invalid(faults_of(error.errors(include_input=False, include_url=False))) from error
