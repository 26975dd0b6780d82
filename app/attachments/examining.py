"""Files are cleaned by a process of their own, a few at a time; one that blows up takes that process with it and nothing else."""

import asyncio
import os
import sys
from asyncio import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .cleaning.outcome import Cleaned, NotKept, Reason, Task

SECONDS = 30.0
"""Time that a file may take by the clock; of the processor it gets less."""

AT_ONCE = 2
"""Files cleaned at a time by one process of the service: each takes a processor."""

_ENVIRONMENT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR")
"""What the process is told of its surroundings: no address, no password. One arena for memory, as each would count towards its limit."""


class TakesLongError(Exception):
    """The file was not cleaned in the time that there was."""


@dataclass(slots=True)
class Examiner:
    """Has files cleaned. `busy` tells whether one would have to wait."""

    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def busy(self) -> bool:
        """Whether as many files as may be are under way."""
        return self._places.locked()

    async def clean(self, task: Task, seconds: float = SECONDS) -> Cleaned:
        """Clean a file; what comes of it lies in the task's folder.

        Raises:
            NotKept: why it is not kept; a decoder that crashes finds it unreadable.
            TakesLongError: it takes longer than that.
        """
        async with self._places:
            return _said(await _ran(task, seconds))


async def _ran(task: Task, seconds: float) -> tuple[int, bytes]:
    """(the exit code of the process, what it said); killed when its time is over or nobody waits any longer."""
    told = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
    command = (sys.executable, "-m", "app.attachments.cleaning", *_arguments(task))
    process = await subprocess.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=told
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError as error:
        raise TakesLongError from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode or 0, said


def _arguments(task: Task) -> tuple[str, ...]:
    return str(task.source), task.media_type, str(task.folder), str(task.pixels), str(task.pages)


def _said(ended: tuple[int, bytes]) -> Cleaned:
    code, text = ended
    try:
        said: dict[str, Any] = msgspec.json.decode(text) if code == 0 else {"reason": Reason.UNREADABLE}
    except msgspec.DecodeError:
        said = {"reason": Reason.UNREADABLE}
    if "reason" in said:
        raise NotKept(Reason(said["reason"]))
    return Cleaned(**said)
