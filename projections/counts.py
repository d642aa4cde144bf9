"""What cases contribute to the counts of rules that look across them."""

from __future__ import annotations

from bisect import insort
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from events.moment import Moment
from rulebooks.roster import ALWAYS
from rulebooks.tallies import Contribution, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.casefile import CaseFile
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.rule import Rule
    from rulebooks.world import World

COUNT_SIGN = "="
"""Stands before a key where a subject is expected, so that no case is meant: `=unit/u-gov`, `=` for the district."""


class CountRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A contribution as it is saved."""

    key: str
    at: str
    value: str | None
    fact: UUID
    what: str = ""
    sure: bool = True
    missing: tuple[str, ...] = ()


def row_of(one: Contribution) -> CountRow:
    """Return a contribution in the form in which it is saved."""
    value = None if one.value is None else str(one.value)
    return CountRow(one.key, one.at.text, value, one.fact.id, one.what, one.sure, one.missing)


class Counts:
    """Contributions of every counting rule, by case and by key, sorted in time."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.places = [place for place, rule in enumerate(rules) if rule.tally is not None]
        self._of_case: dict[tuple[int, str], tuple[Contribution, ...]] = {}
        self._of_key: dict[tuple[int, str], list[Contribution]] = {}
        self._unsaved: set[tuple[int, str]] = set()
        self._since: dict[tuple[int, str], Instant] = {}
        self._anew: set[tuple[int, str]] = set()

    def always(self) -> list[tuple[int, str]]:
        """Return the scopes that are judged though nothing is counted: lower limits of the district as a whole."""
        return [
            (place, COUNT_SIGN)
            for place in self.places
            if (tally := self._rules[place].tally) is not None and tally.for_district
        ]

    def everything(self) -> set[tuple[int, str]]:
        """Return the scope of every key, to be judged from the first period on."""
        scopes = {(place, COUNT_SIGN + key) for place, key in self._of_key} | set(self.always())
        self._anew |= scopes
        return scopes

    def of_district(self) -> set[tuple[int, str]]:
        """Return the scopes of the district as a whole, to be judged from the first period on."""
        scopes = {(place, COUNT_SIGN) for place in self.places if (place, "") in self._of_key} | set(self.always())
        self._anew |= scopes
        return scopes

    def update(self, place: int, world: World, file: CaseFile) -> set[tuple[int, str]]:
        """Count a case anew for one rule; return the scopes of the keys that it touched."""
        tally = self._rules[place].tally
        if tally is None:
            return set()
        before = self._of_case.get((place, file.key), ())
        after = tuple(tally.contributions(world, file))
        if before == after:
            return set()
        self._put(place, file.key, before, after)
        self._unsaved.add((place, file.key))
        for one in (*before, *after):
            scope = (place, COUNT_SIGN + one.key)
            self._since[scope] = min(one.at.earliest, self._since.get(scope, ALWAYS))
        return {(place, COUNT_SIGN + one.key) for one in (*before, *after)}

    def _put(self, place: int, case: str, before: tuple[Contribution, ...], after: tuple[Contribution, ...]) -> None:
        for one in before:
            self._of_key[place, one.key].remove(one)
        for one in after:
            insort(self._of_key.setdefault((place, one.key), []), one, key=place_of)
        if after:
            self._of_case[place, case] = after
        else:
            self._of_case.pop((place, case), None)

    def judge(self, place: int, subject: str, world: World, before: Mapping[Identity, Judgement]) -> list[Judgement]:
        """Judge the key of a scope: what was counted anew and what was open; earlier periods stand as they stood."""
        tally = self._rules[place].tally
        if tally is None:
            return []
        changed = self._since.pop((place, subject), None)
        key = subject.removeprefix(COUNT_SIGN)
        contributions = self._of_key.get((place, key), ())
        unsettled = [one.opened.earliest for one in before.values() if one.opened is not None and one.wake is not None]
        moments = [*unsettled, *(() if changed is None else (changed,))]
        whole = (place, subject) in self._anew or not before or not moments
        self._anew.discard((place, subject))
        start = None if whole else tally.start_of(min(moments))
        if start is None:
            return tally.judge(world, key, contributions)
        earlier = [one for one in before.values() if one.opened is not None and one.opened.latest < start]
        exceeded = {} if changed is None else _exceeded_before(changed, before.values())
        return [*earlier, *tally.judge(world, key, contributions, start, exceeded)]

    def judged_anew(self, world: World) -> Iterator[tuple[int, Judgement]]:
        """Judge every key from its first period on; nothing of it is kept."""
        for place, subject in sorted({(place, COUNT_SIGN + key) for place, key in self._of_key} | set(self.always())):
            tally, key = self._rules[place].tally, subject.removeprefix(COUNT_SIGN)
            for judgement in [] if tally is None else tally.judge(world, key, self._of_key.get((place, key), ())):
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
        self, saved: Iterable[tuple[str, str, CountRow]], find: Callable[[str, UUID], AnyFact | None]
    ) -> None:
        """Take back saved contributions: rule, case and row."""
        places: Mapping[str, int] = {rule.header.id: place for place, rule in enumerate(self._rules)}
        for rule, case, row in saved:
            fact = find(case, row.fact)
            if rule not in places or fact is None:
                continue
            value = None if row.value is None else Decimal(row.value)
            one = Contribution(row.key, Moment(row.at), value, fact, row.what, row.sure, row.missing)
            before = self._of_case.get((places[rule], case), ())
            self._of_case[places[rule], case] = (*before, one)
            insort(self._of_key.setdefault((places[rule], row.key), []), one, key=place_of)


def _exceeded_before(changed: Instant, judgements: Iterable[Judgement]) -> dict[int, Judgement]:
    """Return the violations of an upper limit to which only what lies before a change contributed."""
    return {
        one.trigger.id.int: one
        for one in judgements
        if one.state == "violated" and one.due is None and one.opened is not None and one.opened.latest < changed
    }
