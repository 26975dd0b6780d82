"""Folders for files under way. Who is killed cannot clear its own away, and they hold people's records: whoever needs a folder next does."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover  # where files cannot be held like this, nothing is cleared away for others
    fcntl = None  # type: ignore[assignment]

_HELD = ".held"
_JUST_MADE = 60.0
"""Seconds for which a folder without its mark is taken to be somebody's who is about to set it."""


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder of one's own for as long as the block runs, once those that nobody holds any more are gone.

    A file in it is locked (flock) as long as its process lives, however that ends.
    """
    _clear(prefix)
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder, (Path(folder) / _HELD).open("w") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield Path(folder)


def _clear(prefix: str) -> None:
    if fcntl is None:  # pragma: no cover
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):  # another who clears, or not ours to clear
            if _abandoned(folder):
                shutil.rmtree(folder)


def _abandoned(folder: Path) -> bool:
    try:
        with (folder / _HELD).open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return folder.is_dir() and time.time() - folder.stat().st_mtime > _JUST_MADE
