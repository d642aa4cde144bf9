"""What a store knows inside one writing transaction: what it held before, and what was taken since.

What is appended is seen by later proposals at once; the store inserts it all together before the commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from events.fact import AnyFact, case_key
from events.ledger.admission import UnstorableError
from events.ledger.case_cache import CaseCache
from events.ledger.port import Histories, Receipt
from events.printing import stored_bytes
from events.tree.sealing import Frontier, HashFunction, envelope_bytes, leaf_hash


class Stored(Protocol):
    """What a store answers inside the writing transaction about facts that were recorded before it."""

    def known(self, district: str, ids: Sequence[UUID]) -> Iterable[UUID]:
        """Return those ids that are recorded."""
        ...

    def find(self, district: str, fact_id: UUID) -> AnyFact:
        """Return a recorded fact."""
        ...

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return recorded facts, in any order; sequences that are not recorded are left out."""
        ...

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of recorded facts."""
        ...

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered a request."""
        ...

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        ...

    def read_cases(self, district: str, cases: Sequence[str]) -> Histories:
        """Return the facts of cases."""
        ...


class Seal(Struct, frozen=True):
    """What is stored beside a fact's bytes."""

    district: str
    sequence: int
    fact_id: UUID
    leaf: bytes
    root: bytes


class DistrictHead(Struct, frozen=True):
    """Where a district stands; `recorded_at` is None before its first fact."""

    district: str
    sequence: int
    recorded_at: dt.datetime | None
    frontier: Frontier


class Addition(Struct, frozen=True):
    """What a transaction has to write for a district: its new head and the requests it answered."""

    head: DistrictHead
    requests: dict[str, Sequence[int]]


class _District:
    """Where a district stands in this transaction, and what was added to it."""

    __slots__ = ("asked", "by_id", "facts", "frontier", "known", "receipts", "recorded_at", "requests", "sequence")

    def __init__(self, head: DistrictHead) -> None:
        self.sequence = head.sequence
        self.recorded_at = head.recorded_at
        self.frontier = head.frontier
        self.asked: set[UUID] = set()
        self.known: set[UUID] = set()
        self.by_id: dict[UUID, AnyFact] = {}
        self.facts: dict[int, AnyFact] = {}
        self.receipts: dict[int, Receipt] = {}
        self.requests: dict[str, Sequence[int]] = {}


class LedgerBooks:
    """The books of one transaction. A cached history is believed: the store drops stale ones before."""

    def __init__(self, stored: Stored, heads: Iterable[DistrictHead], digest: HashFunction, cases: CaseCache) -> None:
        """Start where the districts stand, under the lock that keeps other writers out."""
        self._stored = stored
        self._digest = digest
        self._cases = cases
        self._districts = {head.district: _District(head) for head in heads}
        self._histories: dict[str, Sequence[AnyFact]] = {}
        self._added: dict[str, list[AnyFact]] = {}
        self._versions: dict[str, int] = {}
        self.events: list[StoredEvent] = []
        self.seals: list[Seal] = []

    def last(self, district: str) -> tuple[int, dt.datetime | None]:
        """Return the last sequence and its recorded_at."""
        added = self._district(district)
        return added.sequence, added.recorded_at

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        name = stream(district, case)
        version = self._versions.get(name)
        if version is None:
            held = self._histories.get(name)
            held = self._cases.find(name) if held is None else held
            version = self._stored.version(district, case) if held is None else len(held)
            self._versions[name] = version
            if held is not None or version == 0:
                self._histories[name] = held or ()
        return version

    def ask_for(self, district: str, ids: Sequence[UUID]) -> None:
        """Find out at once which ids are known, so that `stored` does not ask for each."""
        found = self._district(district)
        found.asked.update(ids)
        found.known.update(self._stored.known(district, ids))

    def stored(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the stored fact with an id."""
        found = self._district(district)
        added = found.by_id.get(fact_id)
        if added is not None:
            return added
        if fact_id not in found.asked:
            self.ask_for(district, [fact_id])
        return self._stored.find(district, fact_id) if fact_id in found.known else None

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered the request with an idempotency key."""
        added = self._district(district).requests.get(key)
        return self._stored.request(district, key) if added is None else added

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return stored facts by sequence."""
        found = {fact.sequence: fact for fact in self._stored.facts(district, sequences)}
        found |= self._district(district).facts
        return [found[sequence] for sequence in sequences]

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of stored facts."""
        added = self._district(district).receipts
        before = [sequence for sequence in sequences if sequence not in added]
        if not before:
            return tuple(added[sequence] for sequence in sequences)
        found = added | {receipt.sequence: receipt for receipt in self._stored.receipts(district, before)}
        return tuple(found[sequence] for sequence in sequences)

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of cases."""
        names = {case: stream(district, case) for case in cases}
        missing = [case for case, name in names.items() if not self._is_held(name)]
        if missing:
            self._load(district, missing)
        return {case: self._histories[name] for case, name in names.items()}

    def append(self, district: str, facts: Sequence[AnyFact]) -> None:
        """Take numbered facts, all or none; raise UnstorableError when one cannot be written."""
        payloads = [_payload(fact) for fact in facts]
        added, digest = self._district(district), self._digest
        for fact, payload in zip(facts, payloads, strict=True):
            case, sequence = case_key(fact.subject), fact.sequence
            name = stream(district, case)
            version = self._next_version(district, case, name, fact)
            leaf = leaf_hash(digest, envelope_bytes(fact, version), payload)
            added.frontier = added.frontier.extended(digest, leaf)
            root = added.frontier.root(digest)
            added.by_id[fact.id] = added.facts[sequence] = fact
            added.receipts[sequence] = Receipt(fact.id, sequence, fact.recorded_at, leaf, root)
            self.events.append(StoredEvent(name, version, fact.type, payload))
            self.seals.append(Seal(district, sequence, fact.id, leaf, root))
        added.sequence, added.recorded_at = facts[-1].sequence, facts[-1].recorded_at

    def remember(self, district: str, key: str, sequences: Sequence[int]) -> None:
        """Keep which facts answered the request with an idempotency key."""
        self._district(district).requests[key] = sequences

    def additions(self) -> list[Addition]:
        """Return what is to be written for each district that got facts."""
        return [
            Addition(DistrictHead(name, added.sequence, added.recorded_at, added.frontier), added.requests)
            for name, added in self._districts.items()
            if added.receipts
        ]

    def committed(self) -> None:
        """Let later transactions find the histories of this one; only to be called after the commit."""
        for name, history in self._histories.items():
            self._cases.keep(name, history)

    def _next_version(self, district: str, case: str, name: str, fact: AnyFact) -> int:
        version = self._versions.get(name)
        version = (self.version(district, case) if version is None else version) + 1
        self._versions[name] = version
        history = self._histories.get(name)
        if history is None:
            self._added.setdefault(name, []).append(fact)
        else:
            self._histories[name] = (*history, fact)
        return version

    def _is_held(self, name: str) -> bool:
        """Tell whether a case's history is at hand; one of the cache is taken into this transaction."""
        if name not in self._histories:
            held = self._cases.find(name)
            if held is None or self._versions.get(name, len(held)) != len(held):
                return False
            self._histories[name] = held
        return True

    def _load(self, district: str, cases: Sequence[str]) -> None:
        for case, stored in self._stored.read_cases(district, cases).items():
            name = stream(district, case)
            self._histories[name] = (*stored, *self._added.get(name, ()))

    def _district(self, district: str) -> _District:
        found = self._districts.get(district)
        if found is None:
            found = self._districts[district] = _District(DistrictHead(district, 0, None, Frontier()))
        return found


def stream(district: str, case: str) -> str:
    """Return the name under which the recorder keeps a case."""
    return f"{district}/{case}"


def _payload(fact: AnyFact) -> bytes:
    try:
        return stored_bytes(fact)
    except (TypeError, ValueError) as fault:
        raise UnstorableError(fact.id, str(fault)) from fault
