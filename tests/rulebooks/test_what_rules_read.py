"""What a rule reads when it judges is what it said, when it was compiled, that it depends on.

A fact that is recorded late would otherwise not make the rule look again, wherever in the record it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.fact import AnyFact
from events.vocabulary import FACTS, opens, subject_kind
from projections.watch.casefiles import CaseFiles
from rulebooks.language.fields import defining_types, types_with_reference
from rulebooks.language.path_parts import Links
from rulebooks.record.absences import SEEN_BY_OTHERS
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from rulebooks.rule import Rule
from tests.projections.playing import Played, districts, end_of_time, history

ROSTER_KINDS: Final = frozenset({"unit", "post", "person", "division", "ab_arrangement"})
Seen = set[tuple[str, str]]
"""Cases and the types of their facts that were asked for."""


class ReadFile(CaseFile):
    """A case file that notes which types of fact are asked of it."""

    __slots__ = ("seen",)

    def __init__(self, key: str, facts: Iterable[AnyFact], seen: Seen) -> None:
        super().__init__(key, facts)
        self.seen = seen

    def of_type(self, type_name: str) -> list[AnyFact] | tuple[AnyFact, ...]:
        self.seen.add((self.key, type_name))
        return super().of_type(type_name)

    def of_types(self, type_names: tuple[str, ...]) -> list[AnyFact] | tuple[AnyFact, ...]:
        self.seen.update((self.key, name) for name in type_names)
        return super().of_types(type_names)

    def field(self, name: str) -> tuple[object, AnyFact | None]:
        self.seen.update((self.key, one) for one in defining_types(self.kind, name))
        value = super().field(name)
        self.fields_read.clear()  # so that what is asked for twice is noted twice
        return value


class ReadFiles:
    """Case files that note what is asked of them, and over which of their links others are looked for."""

    def __init__(self, files: CaseFiles) -> None:
        self.seen: Seen = set()
        self._files = files
        self._read: dict[str, ReadFile] = {}

    def file(self, key: str) -> ReadFile:
        if key not in self._read:
            self._read[key] = ReadFile(key, self._files.file(key).facts(), self.seen)
        return self._read[key]

    def referring(self, key: str, kind: str | None, field: str | None) -> Iterable[str]:
        found = list(self._files.referring(key, kind, field))
        self.seen.update((one, name) for one in found for name in _linking(self._files.file(one), field))
        return found

    def referred(self, key: str, field: str | None) -> Iterable[str]:
        self.seen.update((key, name) for name in types_with_reference(key.partition("/")[0], field))
        return self._files.referred(key, field)

    def fields_between(self, source: str, target: str) -> Sequence[str]:
        return self._files.fields_between(source, target)


def _linking(file: CaseFile, field: str | None) -> list[str]:
    """Return the types of a case's facts that link it to others through a field, where a field is asked for."""
    return [name for name in types_with_reference(file.kind, field) if field is not None and file.of_type(name)]


def reached(files: CaseFiles, subject: str, way: Links) -> set[str]:
    """Return the cases to which links lead from a subject."""
    cases = {subject}
    for direction, kind, field in way:
        cases = {
            other
            for case in cases
            for other in (files.referred(case, field) if direction == "out" else files.referring(case, kind, field))
        }
    return cases


def unforeseen(rule: Rule, world: World, files: ReadFiles, stored: CaseFiles, subject: str) -> Seen:
    """Return what a rule reads in judging a subject and did not say that it would."""
    files.seen.clear()
    file = files.file(subject)
    rule.judge(world, file) if rule.tally is None else rule.tally.contributions(world, file)
    needs = rule.dependencies
    foreseen = {(subject, name) for name in FACTS if opens(name) and subject_kind(name) == rule.subject_kind}
    for way in {way for _, way in needs.reads}:
        names = [name for name, one in needs.reads if one == way]
        foreseen |= {(case, name) for case in reached(stored, subject, way) for name in names}

    def about_all(case: str, name: str) -> bool:
        kind = case.partition("/")[0]
        return (
            (kind in ROSTER_KINDS and needs.roster)
            or (kind == "entrustment" and needs.mandates)
            or (kind == "absence" and needs.absences and (name in SEEN_BY_OTHERS or (name, ()) in needs.reads))
        )

    return {one for one in files.seen - foreseen if not about_all(*one)}


@pytest.mark.parametrize("district", districts())
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_a_rule_reads_nothing_but_what_makes_it_look_again(district: str, seed: int) -> None:
    facts = history(district, Random(seed))
    played = Played(district)
    for fact in facts:
        played.take(fact)
    stored, known = played.watch.files, played.watch.world
    files = ReadFiles(stored)
    world = World(files, known.calendar, end_of_time(facts))
    for name in ("roster", "absences", "mandates", "force", "began", "set_up"):
        setattr(world, name, getattr(known, name))
    found = [
        (rule.header.id, *one)
        for subject in sorted({f"{fact.subject.kind}/{fact.subject.id}" for fact in facts})
        for rule in played.watch.rules
        if rule.subject_kind == subject.partition("/")[0] and any(map(files.file(subject).of_type, rule.triggers))
        for one in unforeseen(rule, world, files, stored, subject)
    ]
    assert found == []
