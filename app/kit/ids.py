"""Identifiers: UUIDv7 (RFC 9562), so that keys sort by time of creation."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()


def as_id(written: str) -> UUID | None:
    """The id, if the text is one in its usual form and nothing else."""
    try:
        found = UUID(written)
    except ValueError:
        return None
    return found if str(found) == written.lower() else None
