"""Progress bars on standard error; nothing where that is no terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from events.ledger.port import quietly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID


@contextmanager
def progress_bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; the function it gives is told how much more was done."""
    if not sys.stderr.isatty():
        yield quietly
        return
    with _bars() as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def steps_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar a step while the block runs; the function is told the step, how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    with _bars() as progress:
        tasks: dict[str, TaskID] = {}

        def progressed(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total or None)
            progress.update(tasks[step], completed=done)

        yield progressed


def _bars() -> Progress:
    # Programs that read what a command prints see no bar, and the command starts sooner for them.
    from rich.console import Console  # noqa: PLC0415  as said
    from rich.progress import (  # noqa: PLC0415  as said
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
