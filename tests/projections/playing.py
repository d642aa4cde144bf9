"""Histories for the watch, drawn from the cases of the shipped rulebooks, and short ways to play and compare them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from random import Random
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.ledger.clock import clock_fact
from events.ledger.port import Ledger, Outcome, Proposal
from events.moment import MICROSECONDS_A_DAY, Instant, datetime_of
from projections.policy.policy import shipped_policy
from projections.watch.shelf import Kept, kept
from projections.watch.watch import Watch
from rulebooks.checks.cases import Case, load_cases
from rulebooks.loading import HOME, rulebooks_of, shipped_districts
from services.judging import Judging, judging_by

LONG_AFTER = 400 * MICROSECONDS_A_DAY
ROSTER_KINDS = frozenset({"unit", "post", "person", "division", "ab_arrangement"})


@cache
def judging(district: str) -> Judging:
    """Return by what a district is judged, compiled once."""
    return judging_by(rulebooks_of(district), shipped_policy())


@cache
def cases_of(district: str) -> Sequence[Case]:
    """Return every case of a district's rulebooks."""
    folders = sorted(path.parent for path in HOME.glob(f"{district}/*/rulebook.yaml"))
    return tuple(case for folder in folders for case in load_cases(folder, district)[0])


def districts() -> list[str]:
    """Return the districts whose rulebooks have cases."""
    return [district for district in shipped_districts() if cases_of(district)]


def history(district: str, choice: Random, most_cases: int = 3) -> list[AnyFact]:
    """Choose the facts of some cases of a district's rulebooks, in the order they are written in.

    Cases that would open each other's matters and meetings once more are not put together: no ledger would take that.
    """
    found: dict[UUID, AnyFact] = {}
    taken: set[str] = set()
    for case in choice.sample(cases_of(district), choice.randint(1, most_cases)):
        own = {case_key(fact.subject) for fact in case.facts if fact.subject.kind not in ROSTER_KINDS}
        if taken.isdisjoint(own):
            taken |= own
            found.update({fact.id: fact for fact in case.facts})
    return list(found.values())


def end_of_time(facts: Iterable[AnyFact]) -> Instant:
    """Return a moment long after the last fact, when every limit is over."""
    return max((fact.occurred_at.latest for fact in facts), default=0) + LONG_AFTER


def shuffled(facts: Sequence[AnyFact], choice: Random) -> list[AnyFact]:
    """Put facts into any order; those of one moment keep theirs, since only the sequence tells which came first.

    Of the roster only those of one case do: who took up which post does not depend on which was recorded first.
    """
    groups: dict[tuple[str, Instant], list[AnyFact]] = {}
    for fact in facts:
        groups.setdefault(_group(fact), []).append(fact)
    waiting = {group: iter(members) for group, members in groups.items()}
    return [next(waiting[_group(fact)]) for fact in choice.sample(facts, len(facts))]


def _group(fact: AnyFact) -> tuple[str, Instant]:
    return case_key(fact.subject) if fact.subject.kind in ROSTER_KINDS else "", fact.occurred_at.latest


class Played:
    """A watch that takes facts in the order given, with clock facts where asked."""

    def __init__(self, district: str) -> None:
        self.district = district
        by = judging(district)
        self.watch = Watch(by.rules, by.calendar)
        self._sequence = 0

    def take(self, fact: AnyFact) -> None:
        self._sequence += 1
        self.watch.take(replace(fact, sequence=self._sequence))

    def reach(self, instant: Instant) -> None:
        """Let every due moment pass up to an instant, and that instant itself."""
        while (wake := self.watch.next_wake()) is not None and self.watch.world.hour < wake <= instant:
            self.take(clock_fact(self.district, datetime_of(wake)))
        if self.watch.world.hour < instant:
            self.take(clock_fact(self.district, datetime_of(instant)))


def play(district: str, facts: Sequence[AnyFact], clocks: Mapping[int, Instant], end: Instant) -> frozenset[Finding]:
    """Play facts, with the hour reaching an instant after some of them, and return what is found at the end."""
    played = Played(district)
    for place, fact in enumerate(facts):
        played.take(fact)
        if place in clocks:
            played.reach(clocks[place])
    played.reach(end)
    return found(played.watch)


class Finding(NamedTuple):
    """One judgement, without the sequence numbers that the order of recording decides."""

    kept: Kept
    proof: frozenset[str]
    missing: frozenset[str]


def found(watch: Watch) -> frozenset[Finding]:
    """Return how everything stands, apart from what still waits for its record."""
    standing = (kept(rule.header.id, one) for rule, one in watch.standing())
    return frozenset(
        Finding(replace(one, facts=(), missing=()), frozenset(map(str, one.facts)), frozenset(one.missing))
        for one in standing
        if one.state != "waiting"
    )


class Direct:
    """The way into a ledger without a thread: what is handed in is recorded at once, at the moment that `now` says."""

    def __init__(self, ledger: Ledger, now: dt.datetime) -> None:
        self.ledger = ledger
        self.now = now

    def clock(self) -> dt.datetime:
        return self.now

    def submit(self, proposal: Proposal) -> Future[Outcome]:
        answer: Future[Outcome] = Future()
        answer.set_result(self.ledger.record([proposal], self.now)[0])
        return answer

    def record_clock(self, district: str, at: dt.datetime) -> Outcome:
        return self.ledger.record_clock(district, at, self.now)
