"""One rule explained: article, wording, how it is computed, parameters, reading, exceptions, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rulebooks.checks.cases import load_cases
from rulebooks.checks.parameters import parameters_of
from rulebooks.judgement import Say
from rulebooks.loading import HOME, folders_of, load_rulebook
from rulebooks.problems import as_list
from rulebooks.words.explaining import cited
from rulebooks.words.kind_words import KINDS_IN_WORDS
from rulebooks.words.rule_words import MODALITIES_IN_WORDS, SEVERITIES_IN_WORDS, exceptions_of, how_computed
from services.rules.cases import run_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rulebooks.checks.cases import Case
    from rulebooks.compiling import Provision
    from rulebooks.loading import Rulebook
    from rulebooks.rule import Rule


class NumberShown(msgspec.Struct, frozen=True):
    """One parameter and where it stands in the rule."""

    place: str
    value: str


class CaseShown(msgspec.Struct, frozen=True):
    """One case: its name, what it must come to, whether it stands on a boundary, and whether it does come to it."""

    name: str
    outcome: str
    boundary: bool
    holds: bool


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What a person reads of a rule."""

    rule: str
    rulebook: str
    article: str
    cited: Say
    kind: str
    kind_in_words: Say
    modality: str
    force: Say
    wording: Say
    computed: tuple[Say, ...]
    parameters: tuple[NumberShown, ...]
    exceptions: tuple[Say, ...]
    reading: Say
    see: tuple[str, ...]
    cases: tuple[CaseShown, ...]
    source: str


def explained(rule: str, home: Path = HOME) -> Explanation | None:
    """Explain a rule by its id, in the latest version that has it; None when no rulebook has it."""
    for folder in reversed(folders_of(rule.partition("/")[0], home)):
        book = load_rulebook(folder)
        for provision in book.provisions:
            if provision.rule is not None and provision.rule.header.id == rule:
                cases = [case for case in load_cases(folder, book.district)[0] if case.rule == rule]
                return _explanation(book, provision, provision.rule, cases)
    return None


def _explanation(book: Rulebook, provision: Provision, rule: Rule, cases: list[Case]) -> Explanation:
    header, given = rule.header, provision.given
    return Explanation(
        rule=header.id,
        rulebook=book.name,
        article=header.article,
        cited=cited(header.title, header.article),
        kind=header.kind,
        kind_in_words=KINDS_IN_WORDS[header.kind],
        modality=header.modality,
        force=_force(header.modality, header.severity),
        wording=Say(header.zh, header.en),
        computed=how_computed(given, book.head),
        parameters=tuple(dict.fromkeys(NumberShown(one.place, one.written) for one in parameters_of(given, book.head))),
        exceptions=exceptions_of(given, book.head),
        reading=header.reading,
        see=tuple(map(str, as_list(given.get("see")))),
        cases=tuple(_cases(rule, cases)),
        source=f"{header.file}:{header.line}",
    )


def _force(modality: str, severity: str) -> Say:
    force, consequence = MODALITIES_IN_WORDS[modality], SEVERITIES_IN_WORDS[severity]
    return Say(f"{force.zh}，不遵守为{consequence.zh}", f"{force.en}; not keeping it is {consequence.en}")


def _cases(rule: Rule, cases: list[Case]) -> Iterator[CaseShown]:
    for case in cases:
        yield CaseShown(case.name, case.expect, case.boundary, run_case(rule, case) is None)
