"""Where the signing key lies: a file of the operator's, or for an embedded register one beside its database, made when it is first needed."""

import os
import tempfile
from pathlib import Path

from app.kit.database import Database
from app.kit.ids import new_id

from .notes import NoteError, SigningKey


class KeyFileError(Exception):
    """The file that should hold the signing key cannot be used; the text names it."""


def signing_key(database: Database, configured: Path | None) -> SigningKey | None:
    """The key that checkpoints are signed with; None where PostgreSQL has none configured: lines are sealed all the same.

    Raises:
        KeyFileError: there is a file, or should be, and it holds no key.
    """
    path = configured or beside(database)
    if path is None:
        return None
    if configured is None and not path.exists():
        make_key_file(path, fresh_origin())
    return read_key_file(path)


def fresh_origin() -> str:
    """A name that no other ledger has."""
    return f"qinqing/{new_id()}"


def beside(database: Database) -> Path | None:
    """The file beside an embedded database."""
    return database.file and database.file.with_name(f"{database.file.name}.ledger-key")


def read_key_file(path: Path) -> SigningKey:
    """The key in a file.

    Raises:
        KeyFileError: there is none.
    """
    try:
        return SigningKey.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise KeyFileError(f"{path}: {error.strerror if isinstance(error, OSError) else error}") from error


def make_key_file(path: Path, origin: str) -> None:
    """A new key, for its owner's eyes alone; a file that is there already stays, and no half of one is ever to be seen.

    Raises:
        KeyFileError: the folder takes no file.
        NoteError: the origin is no name.
    """
    key = SigningKey.new(origin)
    try:
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(key.text + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            os.unlink(draft)  # noqa: PTH108  # beside os.link, which pathlib names the other way round
    except FileExistsError:
        return
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from error
