"""Connections to the rows of the views for many threads: each is used by one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from projections.view_rows import ViewRows

if TYPE_CHECKING:
    from pathlib import Path


class ViewRowsReaders:
    """Opens connections for reading as they are needed, and keeps those that are free."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: SimpleQueue[ViewRows] = SimpleQueue()

    @contextmanager
    def __call__(self) -> Iterator[ViewRows]:
        """Give a connection that nobody else uses meanwhile; raise ViewsError."""
        rows = self._taken() or ViewRows(self._path, writable=False)
        try:
            yield rows
        finally:
            self._free.put(rows)

    def close(self) -> None:
        """Close the connections that are free."""
        while (rows := self._taken()) is not None:
            rows.close()

    def _taken(self) -> ViewRows | None:
        try:
            return self._free.get_nowait()
        except Empty:
            return None
