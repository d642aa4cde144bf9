"""Connections to the views for many threads: each is used by one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from projections.views_file import ViewsFile

if TYPE_CHECKING:
    from pathlib import Path


class ViewsReaders:
    """Opens connections for reading as they are needed, and keeps those that are free."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: SimpleQueue[ViewsFile] = SimpleQueue()

    @contextmanager
    def __call__(self) -> Iterator[ViewsFile]:
        """Give a connection that nobody else uses meanwhile; raise ViewsError."""
        views = self._taken() or ViewsFile(self._path, writable=False)
        try:
            yield views
        finally:
            self._free.put(views)

    def close(self) -> None:
        """Close the connections that are free."""
        while (views := self._taken()) is not None:
            views.close()

    def _taken(self) -> ViewsFile | None:
        try:
            return self._free.get_nowait()
        except Empty:
            return None
