"""The instruments of law that rules and limits cite, by key."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .parameters import RulebookError, read_toml


class Instrument(BaseModel):
    """A law, regulation or document (文件): its title as findings cite it, issuer and first day in force."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    issuer: str | None = None
    number: str | None = None
    since: str | None = None
    note: str | None = None


def read_instruments(path: Path) -> Mapping[str, Instrument]:
    """All instruments of the file.

    Raises:
        RulebookError: with the file and the key at fault.
    """
    try:
        return {key: Instrument(key=key, **body) for key, body in read_toml(path).items()}
    except (ValidationError, TypeError) as error:
        raise RulebookError(f"{path}:1: {error}") from error
