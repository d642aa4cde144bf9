"""The histories of the cases that were written or asked for last, so that a busy case is not read again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from events.fact import AnyFact


class CaseCache:
    """Histories by stream, the least recently used forgotten first; bounded by the number of facts in all of them."""

    def __init__(self, most_facts: int) -> None:
        """Start empty."""
        self._most_facts = most_facts
        self._facts = 0
        self._cases: OrderedDict[str, Sequence[AnyFact]] = OrderedDict()

    def find(self, stream: str) -> Sequence[AnyFact] | None:
        """Return a history that is held, or None."""
        history = self._cases.get(stream)
        if history is not None:
            self._cases.move_to_end(stream)
        return history

    def keep(self, stream: str, history: Sequence[AnyFact]) -> None:
        """Hold a history, in place of an older one."""
        # An empty history counts as one, or asking for cases that do not exist would fill the memory.
        self._facts += max(len(history), 1) - self._size(self._cases.pop(stream, None))
        self._cases[stream] = history
        while self._facts > self._most_facts:
            _, oldest = self._cases.popitem(last=False)
            self._facts -= self._size(oldest)

    def forget(self, stream: str) -> None:
        """Hold a history no longer."""
        self._facts -= self._size(self._cases.pop(stream, None))

    def __len__(self) -> int:
        return self._facts

    @staticmethod
    def _size(history: Sequence[AnyFact] | None) -> int:
        return 0 if history is None else max(len(history), 1)
