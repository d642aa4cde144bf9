"""Running the cases of a rulebook: each through the watch, compared with what it must come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rulebooks.judgement import SEVERITY
from services.checking import play_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rulebooks.checks.cases import Case
    from rulebooks.judgement import Judgement, Severity
    from rulebooks.loading import Rulebook
    from rulebooks.rule import Rule

WORST_FIRST: Final = ("violated", "not_determinable", "waived", "open", "satisfied", "waiting")
UNTOLD: Final = "not_determinable, nothing missing"
"""What meets no expectation: what cannot be told has to say what is missing."""


class Miss(NamedTuple):
    """A case that did not come to what it must come to."""

    case: Case
    got: tuple[str, ...]

    def __str__(self) -> str:
        got = "、".join(self.got) or "none"
        case = self.case
        return f"{case.file}:{case.line} {case.rule} “{case.name}”: 应为 expected {case.expect}，实为 got {got}"


def run_cases(rulebook: Rulebook, cases: Sequence[Case]) -> Iterator[Miss]:
    """Play every case under its rule alone and return those that miss."""
    rules = {rule.header.id: rule for rule in rulebook.rules}
    for case in cases:
        rule = rules.get(case.rule)
        if rule is None:
            yield Miss(case, ("no such rule",))
        elif (miss := run_case(rule, case)) is not None:
            yield miss


def run_case(rule: Rule, case: Case) -> Miss | None:
    """Play one case under one rule and return how it misses; None when it comes to what it must."""
    judged = [
        judgement
        for _, judgement in play_by(case.facts, [rule], case.until).watch.standing()
        if case.party is None or case.party in {judgement.party, judgement.period}
    ]
    outcomes = tuple(_shown(judgement) for judgement in judged)
    meets = _meets(case.expect, outcomes) and case.severity in {None, *_severities(rule, judged)}
    return None if meets else Miss(case, outcomes)


def _severities(rule: Rule, judged: Iterable[Judgement]) -> Iterator[Severity]:
    """Return how grave the breaches are."""
    for judgement in judged:
        if judgement.state == "violated":
            yield judgement.severity or SEVERITY[judgement.modality or rule.header.modality]


def _shown(judgement: Judgement) -> str:
    if judgement.state == "not_determinable" and not judgement.missing:
        return UNTOLD
    return "open" if judgement.state in {"paused", "forecast"} else judgement.state


def _meets(expect: str, outcomes: tuple[str, ...]) -> bool:
    """Tell whether the worst outcome is the one expected; a rule that still waits for facts does not say nothing."""
    return UNTOLD not in outcomes and expect == next((one for one in WORST_FIRST if one in outcomes), "none")
