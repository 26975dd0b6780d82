"""What the operator has settled: where bytes lie, who looks for viruses, and how much is too much."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from app.kit.database import Database

from .examining import Examiner
from .scanning import Clamd, Scanner
from .storage import FolderOrBucket, Store, not_set_up


class Limits(NamedTuple):
    """How much a file may be, and how many a declaration may have."""

    file_bytes: int = 20_000_000
    pixels: int = 50_000_000
    pages: int = 100
    number: int = 20
    upload_hours: int = 48

    @property
    def upload_lasts(self) -> timedelta:
        """For how long an upload is waited for since it last went on."""
        return timedelta(hours=self.upload_hours)


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it, with what has files cleaned in this process."""

    store: Store | None = None
    scanner: Scanner | None = None
    limits: Limits = field(default_factory=Limits)
    examiner: Examiner = field(default_factory=Examiner)

    def require_store(self) -> Store:
        """Where bytes lie.

        Raises:
            Problem: 409 where the operator has not said.
        """
        if self.store is None:
            raise not_set_up()
        return self.store


def attachment_policy(database: Database, url: str | None, scanner: str | None, limits: Limits) -> Policy:
    """The policy by the operator's settings; an embedded register keeps attachments in a folder beside its database unless told otherwise."""
    if url is None and database.file is not None:
        url = database.file.with_name(f"{database.file.name}.attachments").absolute().as_uri()
    return Policy(FolderOrBucket(url) if url else None, Clamd(scanner) if scanner else None, limits)
