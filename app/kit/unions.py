"""Named unions of shapes that differ by `kind`, so that clients have a type for each."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, Union

from pydantic import BaseModel, Field, create_model
from typing_extensions import TypeAliasType

from .errors import Words


class Kind(NamedTuple):
    """One kind: what it is called, the shape of its details, and what is said of them."""

    title: Words
    details: type[BaseModel]
    said: Words


def of_each_kind(name: str, base: type[BaseModel], kinds: Mapping[str, Kind], what: Words) -> Any:
    """A named union, discriminated by `kind`, of the base with each kind's details; `what` is a kind of what."""
    shapes = [_shape(kind, one, name, base, what) for kind, one in kinds.items()]
    union: Any = Annotated[Union[tuple(shapes)], Field(discriminator="kind")]  # noqa: UP007  # built at run time
    return TypeAliasType(name, union)


def _shape(kind: str, one: Kind, name: str, base: type[BaseModel], what: Words) -> type[BaseModel]:
    """The base with one kind's details: `gift` and `DeclarationIn` make `GiftDeclarationIn`."""
    fields: dict[str, Any] = {
        "kind": (Literal[kind], Field(description=f"{what.zh}：{one.title.zh}。{what.en}: {one.title.en}.")),
        "details": (one.details, Field(description=f"{one.said.zh}。{one.said.en}.")),
    }
    own_name = "".join(part.capitalize() for part in kind.split("_")) + name
    return create_model(own_name, __base__=base, __doc__=f"{one.title.zh}。{one.title.en}.", **fields)
