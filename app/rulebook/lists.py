"""The three lists of the implementing rules: what is regulated, banned and encouraged."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .parameters import RulebookError, read_toml


class Ban(BaseModel):
    """One of the eleven bans (十一个不准), with what only a person can judge of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(ge=1, le=11)
    title: str
    title_en: str
    for_a_person: str
    for_a_person_en: str


class ListedConduct(BaseModel):
    """One entry of the positive or the encouraged list, and the permitting rule that serves it, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    title_en: str
    rules: tuple[str, ...] = ()
    source: str


def read_lists(path: Path) -> tuple[tuple[Ban, ...], Mapping[str, tuple[ListedConduct, ...]]]:
    """(the eleven bans, the `regulated` and `encouraged` lists).

    Raises:
        RulebookError: when the file is incomplete.
    """
    body = read_toml(path)
    try:
        bans = tuple(Ban(**ban) for ban in body["banned"])
        lists = {name: tuple(ListedConduct(**entry) for entry in body[name]) for name in ("regulated", "encouraged")}
    except (KeyError, TypeError, ValidationError) as error:
        raise RulebookError(f"{path}:1: {error}") from error
    if [ban.number for ban in bans] != list(range(1, 12)):
        raise RulebookError(f"{path}:1: the eleven bans must stand in order, 1 to 11")
    return bans, lists
