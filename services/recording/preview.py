"""What facts would set in motion, told before they are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from events.fact import AnyFact
from services.recording.request import Problem

Change = TypeVar("Change")
Change_co = TypeVar("Change_co", covariant=True)


class Judge(Protocol[Change_co]):
    """What the watch would change if facts were recorded now; it keeps nothing of them."""

    def __call__(self, district: str, facts: Sequence[AnyFact], through: int) -> Sequence[Change_co]:
        """Return the changes, judged on the ledger of a district as far as a sequence number."""
        ...


class Preview(Struct, Generic[Change], frozen=True, kw_only=True):
    """What would become of a request: `problems` it would be refused for, else the `changes` it would bring.

    Both hold as of the sequence number `through`; somebody else may record in between.
    """

    through: int
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
