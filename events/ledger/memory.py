"""A ledger in memory: for checking a history on the spot, and for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from threading import Lock
from typing import overload
from uuid import UUID

from events.fact import AnyFact, case_key
from events.ledger.admission import DEFAULT_TOLERANCE, admit, admit_clock, circumstances
from events.ledger.anchors import AnchorCheck
from events.ledger.port import Anchor, Head, Histories, Outcome, Proposal, Receipt, Verification, quietly
from events.personal import Keys
from events.printing import stored_bytes
from events.tree.sealing import Algorithm, Frontier, HashFunction, envelope_bytes, hash_function, leaf_hash


class _District:
    """One district's facts and what is found by id, case and key; seals are computed when they are asked for."""

    def __init__(self, digest: HashFunction) -> None:
        self.facts: list[AnyFact] = []
        self.versions: list[int] = []
        self.by_id: dict[UUID, int] = {}
        self.cases: dict[str, list[AnyFact]] = {}
        self.requests: dict[str, tuple[int, ...]] = {}
        self._digest = digest
        self._seals: list[tuple[bytes, bytes]] = []
        self._frontier = Frontier()
        self._sealing = Lock()

    def append(self, fact: AnyFact) -> None:
        case = self.cases.setdefault(case_key(fact.subject), [])
        case.append(fact)
        self.by_id[fact.id] = fact.sequence
        self.versions.append(len(case))
        self.facts.append(fact)

    def receipt(self, sequence: int) -> Receipt:
        fact = self.facts[sequence - 1]
        leaf, root = self.seal_through(sequence)
        return Receipt(fact.id, sequence, fact.recorded_at, leaf, root)

    def root(self) -> bytes:
        return self.seal_through(len(self.facts))[1]

    def seal_through(self, sequence: int) -> tuple[bytes, bytes]:
        """Return leaf and root of a sequence; of 0 the root of the empty tree."""
        with self._sealing:
            for place in range(len(self._seals), sequence):
                fact = self.facts[place]
                leaf = leaf_hash(self._digest, envelope_bytes(fact, self.versions[place]), stored_bytes(fact))
                self._frontier = self._frontier.extended(self._digest, leaf)
                self._seals.append((leaf, self._frontier.root(self._digest)))
        return self._seals[sequence - 1] if sequence else (b"", Frontier().root(self._digest))


class _LazyReceipts(Sequence[Receipt]):
    """Receipts that are sealed when somebody looks at them."""

    def __init__(self, district: _District, sequences: Sequence[int]) -> None:
        self._district = district
        self._sequences = tuple(sequences)

    @overload
    def __getitem__(self, index: int) -> Receipt: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Receipt]: ...
    def __getitem__(self, index: int | slice) -> Receipt | Sequence[Receipt]:
        if isinstance(index, slice):
            return _LazyReceipts(self._district, self._sequences[index])
        return self._district.receipt(self._sequences[index])

    def __len__(self) -> int:
        return len(self._sequences)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class MemoryLedger:
    """A ledger that lasts as long as the object; one writer at a time, any number of readers."""

    def __init__(
        self,
        algorithm: Algorithm = "sha256",
        *,
        keys: Keys | None = None,
        clock_tolerance: dt.timedelta = DEFAULT_TOLERANCE,
    ) -> None:
        """Start empty; without `keys` personal fields stay readable."""
        self._algorithm: Algorithm = algorithm
        self._digest = hash_function(algorithm)
        self._keys = keys
        self._tolerance = clock_tolerance
        self._districts: dict[str, _District] = {}
        self._writing = Lock()

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        """Record many proposals; each stands alone."""
        given = circumstances(now, self._tolerance, self._keys)
        with self._writing:
            return [admit(self, proposal, given) for proposal in proposals]

    def record_clock(self, district: str, at: dt.datetime, now: dt.datetime) -> Outcome:
        """Record that a due moment was reached, once."""
        with self._writing:
            return admit_clock(self, district, at, circumstances(now, self._tolerance, self._keys))

    def districts(self) -> list[str]:
        """Return the districts that have facts, sorted."""
        return sorted(name for name, district in list(self._districts.items()) if district.facts)

    def head(self, district: str) -> Head:
        """Return how far a district has come."""
        books = self._district(district)
        sequence, recorded_at = self.last(district)
        return Head(district, sequence, recorded_at, books.seal_through(sequence)[1], self._algorithm)

    def sequences(self) -> dict[str, int]:
        """Return the last sequence of each district that has facts."""
        return {district: self.last(district)[0] for district in self.districts()}

    def read(
        self, district: str, after: int = 0, limit: int = 1_000, passing_over: Collection[str] = ()
    ) -> list[AnyFact]:
        """Return the next facts after a sequence, at most `limit`."""
        facts = self._district(district).facts[after : after + limit]
        return [*(one for one in facts[:-1] if one.type not in passing_over), *facts[-1:]]

    def stored_facts(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the next facts after a sequence as they would be stored, at most `limit`."""
        return [stored_bytes(fact) for fact in self.read(district, after, limit)]

    def read_case(self, district: str, case: str) -> list[AnyFact]:
        """Return the facts of a case in order of recording."""
        return list(self._district(district).cases.get(case, ()))

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of many cases."""
        known = self._district(district).cases
        return {case: tuple(known.get(case, ())) for case in cases}

    def read_at(self, district: str, sequences: Collection[int]) -> Mapping[int, AnyFact]:
        """Return facts by their sequences."""
        facts = self._district(district).facts
        return {sequence: facts[sequence - 1] for sequence in sequences}

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, or None."""
        return self.stored(district, fact_id)

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the first receipts of facts, sealed when they are looked at."""
        books = self._district(district)
        return _LazyReceipts(books, [sequence for sequence in sequences if 0 < sequence <= len(books.facts)])

    def leaves(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the leaves of the next facts after a sequence, at most `limit`."""
        books = self._district(district)
        until = min(after + limit, len(books.facts))
        return [books.seal_through(sequence)[0] for sequence in range(after + 1, until + 1)]

    def verify(
        self, district: str, anchors: Sequence[Anchor] = (), progressed: Callable[[int], None] = quietly
    ) -> Verification:
        """Seal what is not sealed yet and compare; what is held in memory cannot differ from its own seal."""
        books = self._district(district)
        check = AnchorCheck(anchors)
        last = len(books.facts)
        faults = (check.passed(sequence, books.seal_through(sequence)[1]) for sequence in range(last + 1))
        bad = next((fault for fault in faults if fault is not None), None) or check.ended(last)
        root = books.seal_through(last)[1]
        progressed(last)
        if bad is not None:
            return Verification(ok=False, facts=last, root=root, first_bad=bad.first_bad, reason=bad.reason)
        return Verification(ok=True, facts=last, root=root)

    def last(self, district: str) -> tuple[int, dt.datetime | None]:
        """Return the last sequence and its recorded_at."""
        facts = self._district(district).facts
        return (len(facts), facts[-1].recorded_at) if facts else (0, None)

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        return len(self._district(district).cases.get(case, ()))

    def stored(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, or None."""
        books = self._district(district)
        sequence = books.by_id.get(fact_id)
        return None if sequence is None else books.facts[sequence - 1]

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered the request with an idempotency key."""
        return self._district(district).requests.get(key)

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return facts by sequence."""
        facts = self._district(district).facts
        return [facts[sequence - 1] for sequence in sequences]

    def append(self, district: str, facts: Sequence[AnyFact]) -> None:
        """Take numbered facts."""
        books = self._district(district)
        for fact in facts:
            books.append(fact)

    def remember(self, district: str, key: str, sequences: Sequence[int]) -> None:
        """Keep which facts answered the request with an idempotency key."""
        self._district(district).requests[key] = tuple(sequences)

    def _district(self, district: str) -> _District:
        books = self._districts.get(district)
        if books is None:
            books = self._districts.setdefault(district, _District(self._digest))
        return books
