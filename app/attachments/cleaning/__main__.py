"""The process: `python -m app.attachments.cleaning FILE MEDIA_TYPE FOLDER PIXELS PAGES` cleans one file and says what came of it, as JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from app.kit.confining import confine

from .outcome import Cleaned, NotKept, Reason, Task

MEMORY_BYTES = 1_500_000_000
"""Address space: a picture of 50 million pixels is decoded, turned and encoded in a third of it."""

SECONDS = 20
"""Of the processor."""

LARGEST_FILE = 500_000_000


def _main(source: str, media_type: str, folder: str, pixels: str, pages: str) -> int:
    task = Task(Path(source), media_type, Path(folder), int(pixels), int(pages))
    try:
        said = asdict(_cleaned(task))
    except NotKept as refused:
        said = {"reason": refused.reason}
    except (MemoryError, RecursionError):
        said = {"reason": Reason.TOO_DEMANDING}
    sys.stdout.write(json.dumps(said))
    return 0


def _cleaned(task: Task) -> Cleaned:
    """The file cleaned by whoever knows its kind.

    Raises:
        NotKept: whatever a decoder says of a broken file, it is that.
    """
    try:
        if task.media_type == "application/pdf":
            from .documents import LIMITS, clean_document  # noqa: PLC0415  # once its memory is limited

            try:
                return clean_document(task)
            except LIMITS as error:
                raise NotKept(Reason.TOO_DEMANDING) from error
        from .images import clean_image  # noqa: PLC0415  # likewise

        return clean_image(task)
    except (NotKept, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise NotKept(Reason.UNREADABLE) from error


if __name__ == "__main__":
    confine(MEMORY_BYTES, SECONDS, LARGEST_FILE)
    raise SystemExit(_main(*sys.argv[1:]))
