"""What facts would set in motion, told before they are recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from events.fact import AnyFact
from services.recording.request import Problem

Change = TypeVar("Change")
Change_co = TypeVar("Change_co", covariant=True)


class Judged(Struct, Generic[Change_co], frozen=True, kw_only=True):
    """The changes that facts would bring, judged on the ledger of a district as far as `through`.

    `at` is the moment up to which time was let pass, None when nothing was judged: no rulebook is there. `unjudged` are
    the places of facts that the program could not judge.
    """

    through: int
    changes: tuple[Change_co, ...] = ()
    at: dt.datetime | None = None
    unjudged: tuple[int, ...] = ()


class Judge(Protocol[Change_co]):
    """What the watch would change if facts were recorded now; it keeps nothing of them."""

    def __call__(
        self, district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
    ) -> Judged[Change_co]:
        """Return the changes, judged on the ledger as far as a sequence number, or further where it went on since.

        `recorded_at` is for a history that is played: when the ledger would have learned of the facts.
        """
        ...


class Preview(Struct, Generic[Change], frozen=True, kw_only=True):
    """What would become of a request: `problems` it would be refused for, else the `changes` it would bring.

    All holds as of the sequence number `through`; somebody else may record in between. `at` and `unjudged` are those of
    `Judged`.
    """

    through: int
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    at: dt.datetime | None = None
    unjudged: tuple[int, ...] = ()
