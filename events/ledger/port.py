"""The ledger as the rest of the program sees it: proposals go in, outcomes and typed facts come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from events.fact import AnyFact
from events.ledger.errors import Reason
from events.tree.sealing import Algorithm

Histories = Mapping[str, Sequence[AnyFact]]
"""The facts of cases in order, by `kind/id`; the number of facts of a case is its version."""


class Receipt(Struct, frozen=True):
    """Proof that a fact is recorded: `root` is the root of the tree of the first `sequence` facts of the district."""

    fact_id: UUID
    sequence: int
    recorded_at: dt.datetime
    leaf: bytes
    root: bytes


class Recorded(Struct, frozen=True):
    """The proposal's facts are in the ledger, durably; one receipt a fact, in the order given."""

    receipts: Sequence[Receipt]


class Repeated(Struct, frozen=True):
    """The same facts, or the same request, had been recorded before; nothing was written. The first receipts again."""

    receipts: Sequence[Receipt]


class Conflict(Struct, frozen=True):
    """A case has another version than the proposal stated; nothing of it was written."""

    case: str
    expected: int
    actual: int


class Refused(Struct, frozen=True):
    """Nothing of the proposal was written, for the reason given."""

    reason: Reason


class Failed(Struct, frozen=True):
    """The proposal's own `decide` raised; nothing of it was written, and the others of its batch went in."""

    error: Exception


Outcome = Recorded | Repeated | Conflict | Refused | Failed
Decide = Callable[[Histories], Refused | None]


class Proposal(Struct, frozen=True, kw_only=True):
    """The facts of one request of one district, recorded all or none.

    `expected` states the version of cases by `kind/id`. `key` is the caller's idempotency key.
    `decide` is asked inside the writing transaction, with the histories of the facts' own cases and of those in
    `reads`; it must be pure. A repeat is answered before it is asked.
    `recorded_at` is for a history that is played: when the ledger learned it then; by default the moment of recording.
    """

    facts: tuple[AnyFact, ...]
    expected: Mapping[str, int] = {}
    key: str | None = None
    reads: tuple[str, ...] = ()
    decide: Decide | None = None
    recorded_at: dt.datetime | None = None


def quietly(_facts: int) -> None:
    """Take no notice of progress."""


class Head(Struct, frozen=True):
    """How far a district's ledger has come; `recorded_at` is None and `sequence` 0 before its first fact."""

    district: str
    sequence: int
    recorded_at: dt.datetime | None
    root: bytes
    algorithm: Algorithm


class Anchor(Struct, frozen=True):
    """What somebody outside holds of a tree: the root of its first `size` facts, from a checkpoint or a receipt."""

    size: int
    root: bytes


class Verification(Struct, frozen=True):
    """What recomputing every leaf and root of a district found.

    `first_bad` is the sequence of the first fact that is missing or does not match its seal; `facts` counts those
    looked at, `root` is the root recomputed from them.
    """

    ok: bool
    facts: int
    root: bytes
    first_bad: int | None = None
    reason: Reason | None = None


class LedgerReader(Protocol):
    """Reading: typed, in order of sequence, without gaps, never waiting for a writer."""

    def districts(self) -> list[str]:
        """Return the districts that have facts, sorted."""
        ...

    def head(self, district: str) -> Head:
        """Return how far a district has come."""
        ...

    def sequences(self) -> dict[str, int]:
        """Return the last sequence of each district that has facts, in one read."""
        ...

    def read(
        self, district: str, after: int = 0, limit: int = 1_000, passing_over: Collection[str] = ()
    ) -> list[AnyFact]:
        """Return the next facts after a sequence, at most `limit`; an empty list at the head.

        Of those, facts of the types in `passing_over` are left out, but for the last, which tells how far was read.
        """
        ...

    def read_case(self, district: str, case: str) -> list[AnyFact]:
        """Return the facts of a case (`kind/id`) in order of recording; empty for an unknown case."""
        ...

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of many cases in one read; every case asked for is a key."""
        ...

    def read_at(self, district: str, sequences: Collection[int]) -> Mapping[int, AnyFact]:
        """Return facts by their sequences in one read; every sequence asked for is a key, for it has to be recorded."""
        ...

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, or None."""
        ...

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the first receipts of facts; sequences that are not recorded are left out."""
        ...

    def leaves(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the leaves as stored of the next facts after a sequence, at most `limit`, without a gap."""
        ...

    def verify(
        self, district: str, anchors: Sequence[Anchor] = (), progressed: Callable[[int], None] = quietly
    ) -> Verification:
        """Recompute every leaf and root from what is stored, and compare them with anchors.

        Where only an anchor does not match, the whole ledger was sealed anew: the first bad fact is then the first
        after the last anchor that does match. `progressed` is told how many facts more were looked at.
        """
        ...


class Ledger(LedgerReader, Protocol):
    """Reading and writing. One writer a ledger; many callers reach it through `events.ledger.group_commit`."""

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        """Record many proposals in one transaction and return their outcomes in order.

        A proposal that cannot go in stands alone: the others are recorded. `recorded_at` becomes the later of `now` and
        the district's last. Raise LedgerError when nothing at all could be recorded.
        """
        ...

    def record_clock(self, district: str, at: dt.datetime, now: dt.datetime) -> Outcome:
        """Record that a due moment was reached: once a district and moment, however often it is called."""
        ...
