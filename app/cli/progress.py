"""How far long work has come, as a bar on stderr where somebody watches; stdout is for what it came to."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Done = TypeVar("Done")
Tell = Callable[[int, int | None], None]

ASK_SECONDS = 0.5


@contextmanager
def bar(title: str) -> Iterator[Tell]:
    """A bar that is told (how much is done, how much there is, if that is known yet); nothing is shown where stderr is no terminal.

    What draws it is loaded here, as a service that starts needs none.
    """
    from rich.console import Console  # noqa: PLC0415  # as said above
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # as said above

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, size: progress.update(task, completed=done, total=size)


async def watched(title: str, act: Awaitable[Done], ask: Callable[[], Awaitable[tuple[int, int | None]]]) -> Done:
    """Do something, asking twice a second how far it has come."""
    with bar(title) as tell:
        doing = asyncio.ensure_future(act)
        try:
            while not (await asyncio.wait({doing}, timeout=ASK_SECONDS))[0]:
                tell(*await ask())
            return await doing
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
