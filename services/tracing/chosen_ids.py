"""Ids of spans: random, or those that were chosen for the next one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_TRACE_BITS = 128
_SPAN_BITS = 64


class Ids(NamedTuple):
    """The ids of a span; 0 stands for none."""

    trace: int
    span: int


def random_ids() -> Ids:
    """Return ids that nobody else has."""
    return Ids(_random(_TRACE_BITS), _random(_SPAN_BITS))


class ChosenIds:
    """Gives a tracer the ids that were chosen; random ones where none were. For any number of threads."""

    def __init__(self) -> None:
        self._next: ContextVar[Ids | None] = ContextVar("next_ids", default=None)

    @contextmanager
    def chosen(self, ids: Ids | None) -> Iterator[None]:
        """Let the span that begins in this block have these ids."""
        token = self._next.set(ids)
        try:
            yield
        finally:
            self._next.reset(token)

    def trace_id(self) -> int:
        """Return the id of a new trace."""
        ids = self._next.get()
        return _random(_TRACE_BITS) if ids is None else ids.trace

    def span_id(self) -> int:
        """Return the id of a new span."""
        ids = self._next.get()
        return _random(_SPAN_BITS) if ids is None else ids.span


def _random(bits: int) -> int:
    return random.getrandbits(bits) or 1
