"""Connections for many threads: each is used by one at a time, opened when needed and kept while it is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar


class Closeable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


Connection = TypeVar("Connection", bound=Closeable)


class Readers(Generic[Connection]):
    """Opens connections for reading as they are needed, and keeps those that are free."""

    def __init__(self, opened: Callable[[], Connection]) -> None:
        self._opened = opened
        self._free: SimpleQueue[Connection] = SimpleQueue()

    @contextmanager
    def __call__(self) -> Iterator[Connection]:
        """Give a connection that nobody else uses meanwhile; raise ViewsError."""
        connection = self._taken() or self._opened()
        try:
            yield connection
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Close the connections that are free."""
        while (connection := self._taken()) is not None:
            connection.close()

    def _taken(self) -> Connection | None:
        try:
            return self._free.get_nowait()
        except Empty:
            return None
