"""Background work that is done again and again until its process is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress


async def repeat(
    act: Callable[[], Awaitable[object]], stopping: asyncio.Event, pause_seconds: float, log: logging.Logger, failure: str
) -> None:
    """Do something, wait, and do it again; what fails is logged as such a failure and tried again, as work outlives a database that is away."""
    while not stopping.is_set():
        try:
            await act()
        except Exception:
            log.exception(failure)
        await pause(stopping, pause_seconds)


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until one is told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
