"""What cases contribute to the counts of rules that look across them."""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import groupby
from typing import TYPE_CHECKING

from events.fact import case_key
from events.moment import Moment, day_of
from projections.watch.own_copies import own_copy
from projections.watch.past_counts import CountRow, PastCounts, contribution_of, row_of
from rulebooks.counting.tallies import Contribution, Onset, place_of
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.shelf import Shelf
    from rulebooks.calendar.periods import Period, PeriodOf
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World
    from rulebooks.rule import Rule

COUNT_SIGN = "="
"""Stands before a key where a subject is expected, so that no case is meant: `=unit/u-gov`, `=` for the district."""
PERIOD_SIGN = " "
"""Stands between a key and the first day of a period: `=unit/u-gov 2026-01-01`.

How a key stands in one period is kept apart, so that a count that goes on for years costs no more than in its first.
"""


def begins_before(subject: str, day: str) -> bool:
    """Tell whether a key stands under a subject in a period that begins before a day, both written as 2026-01-01."""
    first = subject.partition(PERIOD_SIGN)[2]
    return bool(first) and first < day


class Counts:
    """Contributions of every counting rule, by case and by key, sorted in time."""

    def __init__(self, rules: Sequence[Rule], shelf: Shelf | None = None) -> None:
        self._rules = rules
        self._past = PastCounts(shelf)
        self.counting = frozenset(place for place, rule in enumerate(rules) if rule.tally is not None)
        self._of_case: dict[tuple[int, str], tuple[Contribution, ...]] = {}
        self._of_key: dict[tuple[int, str], list[Contribution]] = {}
        self._unsaved: set[tuple[int, str]] = set()
        self._since: dict[tuple[int, str], Instant] = {}
        self._anew: set[tuple[int, str]] = set()
        self._unsettled: dict[tuple[int, str], set[Instant]] = {}
        self._reach: dict[tuple[int, str], tuple[Instant, Instant]] = {}

    def continue_from(self, before: Counts) -> None:
        """Go on from where others by the same rules stand, which stay as they are and save what is theirs."""
        self._of_case = own_copy(before._of_case)
        self._of_key = own_copy(before._of_key)
        self._since = own_copy(before._since)
        self._anew = own_copy(before._anew)
        self._unsettled = own_copy(before._unsettled)
        self._reach = own_copy(before._reach)
        self._past.continue_from(before._past)

    def always(self, world: World) -> set[tuple[int, str]]:
        """Return the scopes that are judged though nothing is counted: lower limits of the district, or of a body."""
        tallies = ((place, self._rules[place].tally) for place in self.counting)
        return {(place, COUNT_SIGN + key) for place, tally in tallies if tally for key in tally.keys(world)}

    def everything(self, world: World) -> set[tuple[int, str]]:
        """Return the scope of every key, to be judged from the first period on."""
        scopes = {(place, COUNT_SIGN + key) for place, key in self._of_key} | self.always(world)
        self._anew |= scopes
        return scopes

    def of_roster(self, world: World, fact: AnyFact) -> set[tuple[int, str]]:
        """Return the scopes that hang on what a fact of the roster is about, to be judged from the first period on.

        They are those of the persons on whose posts it bears, and of a unit also its own and those of the district.
        """
        keys = {f"person/{person}" for person in world.roster.concerned(fact)}
        if fact.subject.kind == "unit":
            keys |= {"", f"unit/{fact.subject.id}"}
        scopes: set[tuple[int, str]] = set()
        for place in self.counting if keys else ():
            tally = self._rules[place].tally
            held = frozenset(tally.keys(world) if tally else ())
            scopes |= {(place, COUNT_SIGN + key) for key in keys if key in held or self._known(place, key)}
        self._anew |= scopes
        return scopes

    def _known(self, place: int, key: str) -> bool:
        """Tell whether a key was judged before, or something is counted for it."""
        return (place, key) in self._of_key or (place, COUNT_SIGN + key) in self._reach

    def update(self, place: int, world: World, file: CaseFile) -> set[tuple[int, str]]:
        """Count a case anew for one rule; return the scopes of the keys that it touched."""
        tally = self._rules[place].tally
        if tally is None:
            return set()
        if self._past.holds(place, file.key):
            self._put(place, file.key, (), self._past.of_case(place, self._rules[place].header.id, file.key))
        before = self._of_case.get((place, file.key), ())
        after = tuple(tally.contributions(world, file))
        if before == after:
            return set()
        keys = {one.key for one in (*before, *after)}
        onsets = {key: self._onset(place, self._of_key.get((place, key), ()), world) for key in keys}
        self._put(place, file.key, before, after)
        self._unsaved.add((place, file.key))
        for one in (*before, *after):
            scope = (place, COUNT_SIGN + one.key)
            self._since[scope] = min(one.at.earliest, self._since.get(scope, ALWAYS))
        for key in keys:
            if self._onset(place, self._of_key[place, key], world).first != onsets[key].first:
                self._anew.add((place, COUNT_SIGN + key))  # earlier periods, too, may be tied to what came first
        return {(place, COUNT_SIGN + key) for key in keys}

    def _put(self, place: int, case: str, before: tuple[Contribution, ...], after: tuple[Contribution, ...]) -> None:
        for one in before:
            there = self._of_key[place, one.key]
            start = bisect_left(there, place_of(one), key=place_of)
            del there[there.index(one, start)]
        for one in after:
            insort(self._of_key.setdefault((place, one.key), []), one, key=place_of)
        if after:
            self._of_case[place, case] = after
        else:
            self._of_case.pop((place, case), None)

    def judge(
        self, place: int, subject: str, world: World, stood: Callable[[str], Mapping[Identity, Judgement]]
    ) -> Iterator[tuple[str, list[Judgement]]]:
        """Judge the key of a scope, period by period: from what was counted anew or was open; earlier ones stay.

        `stood` tells how a period stands; what is yielded of a period has to be put there before the next is asked for.
        """
        tally, scope, key = self._rules[place].tally, (place, subject), subject.removeprefix(COUNT_SIGN)
        if tally is None:
            return
        changed = self._since.pop(scope, None)
        if tally.period_of is None:
            yield subject, tally.judge(world, key, self._of_key.get((place, key), ()))
            return
        unsettled = self._unsettled.pop(scope, None)
        moments = [*(unsettled or ()), *(() if changed is None else (changed,))]
        whole = scope in self._anew or unsettled is None or not moments
        self._anew.discard(scope)
        since = None if whole else tally.period_of(min(moments)).first
        contributions = self._contributed(place, key, since)
        periods = list(self._periods(tally.period_of, scope, world, contributions, since))
        exceeded = {} if changed is None else _exceeded_before(changed, (stood(name) for name, _ in periods))
        found: dict[Instant, list[Judgement]] = {}
        period: Period | None = None
        for one in tally.judge(world, key, contributions, since, exceeded):
            at = (one.opened or one.trigger.occurred_at).earliest
            if period is None or not period.first <= at <= period.last:
                period = tally.period_of(at)
            found.setdefault(period.first, []).append(one)
        unsettled = set()
        for name, first in (*periods, *self._ahead(scope, periods, found)):
            yield name, found.get(first, [])
            if any(one.wake is not None for one in stood(name).values()):
                unsettled.add(first)
        self._unsettled[scope] = unsettled

    def _contributed(self, place: int, key: str, since: Instant | None) -> Sequence[Contribution]:
        """Return what contributes to a key: those up to the first that surely counts and from an instant on, or all.

        What lies on the shelf is taken from there where it is asked for. That the first still is the first is sure: if
        it goes, or others begin to count, the key is asked from then on or wholly, as it is when just brought back.
        """
        if self._past.reaches(place, key, since):
            for case, contributions in self._past.of_key(place, self._rules[place].header.id, key):
                self._put(place, case, (), contributions)
        return self._of_key.get((place, key), ())

    def _onset(self, place: int, contributions: Iterable[Contribution], world: World) -> Onset:
        """Return with what contributions, given in the order of time, begin that count."""
        header = self._rules[place].header
        return Onset.of(one for one in contributions if world.judges(header, one.fact.occurred_at))

    def let_go(self, world: World, over: Instant) -> None:
        """Put contributions on the shelf whose periods were over by an instant; what is unsaved stays."""
        sure = {scope: self._onset(scope[0], there, world).sure for scope, there in self._of_key.items()}
        firsts = {scope: ALWAYS if one is None else one.at.latest for scope, one in sure.items()}
        gone: dict[int, set[str]] = {}
        for (place, case), contributions in self._of_case.items():
            contributed = [(one.key, one.at.latest) for one in contributions]
            if (place, case) not in self._unsaved and self._is_past(place, contributed, firsts, over):
                gone.setdefault(place, set()).add(case)
                self._past.put(place, case, contributed)
        for place, cases in gone.items():
            for case in cases:
                del self._of_case[place, case]
        for (place, key), there in self._of_key.items():
            if place in gone:
                left = [one for one in there if case_key(one.fact.subject) not in gone[place]]
                self._of_key[place, key] = left

    def _is_past(
        self,
        place: int,
        contributed: Iterable[tuple[str, Instant]],
        firsts: Mapping[tuple[int, str], Instant],
        over: Instant,
    ) -> bool:
        """Tell whether what a case contributes (to which keys, and when) can lie on the shelf: no key begins with it.

        A window that rolls is judged by all contributions, so that these stay.
        """
        tally = self._rules[place].tally
        if tally is None or tally.period_of is None:
            return False
        return all(firsts[place, key] < at < over for key, at in contributed)

    def _periods(
        self,
        period_of: PeriodOf,
        scope: tuple[int, str],
        world: World,
        contributions: Sequence[Contribution],
        since: Instant | None,
    ) -> Iterator[tuple[str, Instant]]:
        """Return the periods of a key from an instant on, or all: under which subject each stands, and its start.

        One that lies ahead is among them, since the record begins with a whole period.
        """
        known = [one for one in (world.began, *self._reach.get(scope, ())) if one is not None]
        edges = [*known, *(one.at.earliest for one in (*contributions[:1], *contributions[-1:]))]
        if not edges:
            return
        self._reach[scope] = (min(edges), max(edges))
        last = max(world.hour, period_of(max(edges)).last) + 1
        period = period_of(min(edges) if since is None else since)
        while period.first <= last:
            yield f"{scope[1]}{PERIOD_SIGN}{day_of(period.first)}", period.first
            period = period_of(period.last + 1)

    def _ahead(
        self, scope: tuple[int, str], periods: Sequence[tuple[str, Instant]], found: Iterable[Instant]
    ) -> list[tuple[str, Instant]]:
        """Return the periods of a key that were judged though they lie further ahead than others; they are kept."""
        last = max((first for _, first in periods), default=-ALWAYS)
        ahead = sorted(first for first in found if first > last)
        if ahead:
            earliest, latest = self._reach.get(scope, (ahead[0], ahead[0]))
            self._reach[scope] = (earliest, max(latest, ahead[-1]))
        return [(f"{scope[1]}{PERIOD_SIGN}{day_of(first)}", first) for first in ahead]

    @staticmethod
    def of_key(scope: tuple[int, str]) -> tuple[int, str]:
        """Return the scope of the key to which that of a period belongs; of another scope itself."""
        place, subject = scope
        if subject[0] != COUNT_SIGN or PERIOD_SIGN not in subject:
            return scope
        return place, subject.partition(PERIOD_SIGN)[0]

    def stands(self, scope: tuple[int, str]) -> None:
        """Note that it is saved how a period stands, when the watch is brought back."""
        key = self.of_key(scope)
        if key != scope:
            first = Moment(scope[1].partition(PERIOD_SIGN)[2]).earliest
            before = self._reach.get(key, (first, first))
            self._reach[key] = (min(first, before[0]), max(first, before[1]))

    def judged_anew(self, world: World) -> Iterator[tuple[int, Judgement]]:
        """Judge every key from its first period on; nothing of it is kept."""
        for place, subject in sorted({(place, COUNT_SIGN + key) for place, key in self._of_key} | self.always(world)):
            tally, key = self._rules[place].tally, subject.removeprefix(COUNT_SIGN)
            contributions = self._contributed(place, key, None)
            for judgement in [] if tally is None else tally.judge(world, key, contributions):
                yield place, judgement

    def unsaved(self) -> dict[tuple[str, str], tuple[CountRow, ...]]:
        """Return, once, the contributions of the rules and cases that changed since the last call."""
        rows = {
            (self._rules[place].header.id, case): tuple(map(row_of, self._of_case.get((place, case), ())))
            for place, case in sorted(self._unsaved)
        }
        self._unsaved.clear()
        return rows

    def bring_back(
        self,
        saved: Iterable[tuple[str, str, CountRow]],
        find: Callable[[str, UUID], AnyFact | None],
        over: Instant,
    ) -> None:
        """Take back saved contributions: rule, case and row, in the order of the first two.

        Those whose periods were over by an instant stay on the shelf.
        """
        places: Mapping[str, int] = {rule.header.id: place for place, rule in enumerate(self._rules)}
        known = [(places[rule], case, row) for rule, case, row in saved if rule in places]
        firsts: dict[tuple[int, str], Instant] = {}
        for place, _, row in known:
            firsts[place, row.key] = min(Moment(row.at).latest, firsts.get((place, row.key), ALWAYS))
            self._of_key.setdefault((place, row.key), [])
        for (place, case), group in groupby(known, lambda one: one[:2]):
            rows = [row for _, _, row in group]
            contributed = [(row.key, Moment(row.at).latest) for row in rows]
            if self._is_past(place, contributed, firsts, over):
                self._past.put(place, case, contributed)
                continue
            found = ((row, find(case, row.fact)) for row in rows)
            self._put(place, case, (), tuple(contribution_of(row, fact) for row, fact in found if fact is not None))


def _exceeded_before(changed: Instant, periods: Iterable[Mapping[Identity, Judgement]]) -> dict[int, Judgement]:
    """Return the violations of an upper limit to which only what lies before a change contributed."""
    return {
        one.trigger.id.int: one
        for judgements in periods
        for one in judgements.values()
        if one.state == "violated" and one.due is None and one.opened is not None and one.opened.latest < changed
    }
