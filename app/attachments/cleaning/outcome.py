"""What comes of cleaning a file: what it is now, or why it is not kept."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

THUMBNAIL_PIXELS = 320
"""The long edge of a thumbnail."""


class Reason(StrEnum):
    """Why a file is not shown."""

    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_FRAMES = "too-many-frames"
    TOO_MANY_PAGES = "too-many-pages"
    ENCRYPTED = "encrypted"
    TOO_DEMANDING = "too-demanding"
    INFECTED = "infected"


class NotKept(Exception):  # noqa: N818  # not an error of ours
    """The file cannot be kept, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Task:
    """A file, what it is by its content, the folder that takes what comes of it, and the limits."""

    source: Path
    media_type: str
    folder: Path
    pixels: int
    pages: int

    @property
    def kept(self) -> Path:
        """The file as it is kept."""
        return self.folder / "kept"

    @property
    def thumbnail(self) -> Path:
        """A small picture of it."""
        return self.folder / "thumbnail"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the file is now; pages for a document, pixels for a picture."""

    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
