"""When many things want to be looked at again though no fact comes: the earliest first, each at one moment at most."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from events.moment import Instant

Key = TypeVar("Key")


class Wakes(Generic[Key]):
    """The moment at which each key wakes, in microseconds; keys that wake at one moment do so in their own order."""

    def __init__(self) -> None:
        # A moment that no longer holds stays in the heap until it comes to the top; `_moment_of` tells which hold.
        self._heap: list[tuple[Instant, Key]] = []
        self._moment_of: dict[Key, Instant] = {}

    def put(self, key: Key, instant: Instant | None) -> None:
        """Let a key wake at an instant, None for at none; what was said of it before no longer counts."""
        if instant is None:
            self._moment_of.pop(key, None)
        elif self._moment_of.get(key) != instant:
            self._moment_of[key] = instant
            heappush(self._heap, (instant, key))

    def next(self) -> Instant | None:
        """Return the earliest moment; None when nothing wakes."""
        while self._heap:
            instant, key = self._heap[0]
            if self._moment_of.get(key) == instant:
                return instant
            heappop(self._heap)
        return None

    def take(self, hour: Instant) -> tuple[Key, Instant] | None:
        """Return, once, the key that wakes first, and its moment; None when none wakes by an hour."""
        instant = self.next()
        if instant is None or instant > hour:
            return None
        _, key = heappop(self._heap)
        del self._moment_of[key]
        return key, instant

    def due(self, hour: Instant) -> set[Key]:
        """Return the keys that wake by an hour, whatever their order; they wake all the same."""
        found: set[Key] = set()
        places = [0]
        while places:
            place = places.pop()
            if place < len(self._heap) and self._heap[place][0] <= hour:
                instant, key = self._heap[place]
                if self._moment_of.get(key) == instant:
                    found.add(key)
                places += (2 * place + 1, 2 * place + 2)
        return found

    def copied(self) -> Wakes[Key]:
        """Return the same moments, to go on by themselves."""
        other: Wakes[Key] = Wakes()
        other._heap, other._moment_of = self._heap.copy(), self._moment_of.copy()
        return other
