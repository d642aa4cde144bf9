"""Admission: what becomes of one proposal, decided in the writing transaction and the same for every store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.ledger import errors
from events.ledger.clock import clock_fact, is_clock
from events.ledger.errors import LedgerError, PersonErasedError, Reason
from events.ledger.port import Conflict, Failed, Histories, Outcome, Proposal, Receipt, Recorded, Refused, Repeated
from events.moment import TIME_ZONE
from events.personal import Keys, seal, with_sealed_text

DEFAULT_TOLERANCE = dt.timedelta(minutes=5)
"""How far the clock may stand behind the last fact before recording stops."""


class UnstorableError(ValueError):
    """A fact that cannot be written as bytes."""

    def __init__(self, fact_id: UUID, why: str) -> None:
        super().__init__(why)
        self.reason = errors.unstorable(fact_id, why)


class Books(Protocol):
    """What a store knows inside its writing transaction, the proposals taken before in the same batch included."""

    def last(self, district: str) -> tuple[int, dt.datetime | None]:
        """Return the last sequence and its recorded_at."""
        ...

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        ...

    def stored(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the stored fact with an id."""
        ...

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered the request with an idempotency key."""
        ...

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return stored facts by sequence."""
        ...

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of stored facts."""
        ...

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of cases."""
        ...

    def append(self, district: str, facts: Sequence[AnyFact]) -> None:
        """Take numbered facts, all or none; raise UnstorableError when one cannot be written."""
        ...

    def remember(self, district: str, key: str, sequences: Sequence[int]) -> None:
        """Keep which facts answered the request with an idempotency key."""
        ...


class Circumstances(Struct, frozen=True):
    """What holds for a whole batch: the clock, how far it may stand behind, and the keys of personal fields."""

    now: dt.datetime
    tolerance: dt.timedelta = DEFAULT_TOLERANCE
    keys: Keys | None = None


class _Split(Struct, frozen=True):
    """The facts of a proposal that are new, and for each fact its sequence or its place among the new ones."""

    new: list[AnyFact]
    places: list[tuple[bool, int]]


def circumstances(now: dt.datetime, tolerance: dt.timedelta, keys: Keys | None) -> Circumstances:
    """Return the circumstances of a batch, with the clock in +08:00; raise ValueError for a clock without offset."""
    if now.tzinfo is None:
        message = f"{now.isoformat()} has no offset from UTC"
        raise ValueError(message)
    return Circumstances(now.astimezone(TIME_ZONE), tolerance, keys)


def admit(books: Books, proposal: Proposal, given: Circumstances) -> Outcome:
    """Decide on a proposal and, if it may go in, append its facts."""
    reason = _malformed(proposal)
    return Refused(reason) if reason is not None else _admit(books, proposal, given)


def admit_clock(books: Books, district: str, at: dt.datetime, given: Circumstances) -> Outcome:
    """Append the clock fact of a due moment unless it is there."""
    if given.now < at:
        return Refused(errors.clock_not_reached(at, given.now))
    return _admit(books, Proposal(facts=(clock_fact(district, at),)), given)


def _malformed(proposal: Proposal) -> Reason | None:
    if not proposal.facts:
        return errors.empty_proposal()
    district = proposal.facts[0].district
    for fact in proposal.facts:
        if fact.district != district:
            return errors.several_districts(district, fact.district)
        if is_clock(fact):
            return errors.clock_reserved(fact.type)
    return None


def _admit(books: Books, proposal: Proposal, given: Circumstances) -> Outcome:
    facts = proposal.facts if given.keys is None else _sealed(books, proposal.facts, given.keys)
    if isinstance(facts, Refused):
        return facts
    district = facts[0].district
    known = None if proposal.key is None else books.request(district, proposal.key)
    if known is not None:
        return _answer_again(books, proposal, facts, known)
    split = _split(books, facts)
    if isinstance(split, Refused):
        return split
    if not split.new:
        return Repeated(books.receipts(district, [place for _, place in split.places]))
    return _objection(books, proposal, district) or _append(books, proposal, split, given)


def _sealed(books: Books, facts: tuple[AnyFact, ...], keys: Keys) -> tuple[AnyFact, ...] | Refused:
    sealed = []
    for fact in facts:
        try:
            sealed.append(seal(fact, keys))
        except PersonErasedError as erased:
            stored = books.stored(fact.district, fact.id)
            if stored is None or stored.type != fact.type:
                return Refused(erased.reason)
            sealed.append(with_sealed_text(fact, stored))
        except LedgerError as fault:
            return Refused(fault.reason)
    return tuple(sealed)


def _same_content(proposed: AnyFact, stored: AnyFact) -> bool:
    given = replace(proposed, sequence=stored.sequence, recorded_at=stored.recorded_at, recorded_by=stored.recorded_by)
    return given == stored


def _answer_again(books: Books, proposal: Proposal, facts: Sequence[AnyFact], known: Sequence[int]) -> Outcome:
    district = facts[0].district
    stored = books.facts(district, known)
    same = len(stored) == len(facts) and all(
        _same_content(replace(fact, id=before.id), before) for fact, before in zip(facts, stored, strict=True)
    )
    if not same:
        return Refused(errors.key_reused(proposal.key or ""))
    return Repeated(books.receipts(district, known))


def _split(books: Books, facts: Sequence[AnyFact]) -> _Split | Refused:
    new: list[AnyFact] = []
    places: list[tuple[bool, int]] = []
    for fact in facts:
        stored = books.stored(fact.district, fact.id)
        if stored is not None:
            if not _same_content(fact, stored):
                return Refused(errors.other_content(fact.id, stored.sequence))
            places.append((False, stored.sequence))
            continue
        twin = next((place for place, other in enumerate(new) if other.id == fact.id), None) if new else None
        if twin is None:
            places.append((True, len(new)))
            new.append(fact)
        elif new[twin] == fact:
            places.append((True, twin))
        else:
            return Refused(errors.other_content(fact.id, 0))
    return _Split(new, places)


def _objection(books: Books, proposal: Proposal, district: str) -> Conflict | Refused | Failed | None:
    for case, expected in proposal.expected.items():
        actual = books.version(district, case)
        if actual != expected:
            return Conflict(case, expected, actual)
    if proposal.decide is None:
        return None
    cases = dict.fromkeys([*(case_key(fact.subject) for fact in proposal.facts), *proposal.reads])
    try:
        return proposal.decide(books.read_cases(district, cases))
    except Exception as error:  # noqa: BLE001  a faulty decision of one caller must not lose the batch of the others
        return Failed(error)


def _append(books: Books, proposal: Proposal, split: _Split, given: Circumstances) -> Outcome:
    district = split.new[0].district
    last, last_at = books.last(district)
    recorded_at = _moment(proposal, last_at, given)
    if isinstance(recorded_at, Refused):
        return recorded_at
    numbered = [
        replace(fact, sequence=sequence, recorded_at=recorded_at) for sequence, fact in enumerate(split.new, last + 1)
    ]
    try:
        books.append(district, numbered)
    except UnstorableError as fault:
        return Refused(fault.reason)
    sequences = [last + 1 + place if is_new else place for is_new, place in split.places]
    if proposal.key is not None:
        books.remember(district, proposal.key, sequences)
    return Recorded(books.receipts(district, sequences))


def _moment(proposal: Proposal, last: dt.datetime | None, given: Circumstances) -> dt.datetime | Refused:
    moment = given.now
    if proposal.recorded_at is not None:
        moment = proposal.recorded_at.astimezone(TIME_ZONE)
        if moment > given.now + given.tolerance:
            return Refused(errors.recorded_in_future(moment, given.now))
    elif last is not None and moment < last - given.tolerance:
        return Refused(errors.clock_set_back(moment, last))
    return moment if last is None else max(moment, last)
