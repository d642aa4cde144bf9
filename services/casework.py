"""Running the cases of a rulebook: each through the watch, compared with what it must come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from services.checking import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rulebooks.cases import Case
    from rulebooks.judgement import Judgement
    from rulebooks.loading import Rulebook


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
        outcomes = ("no such rule",) if rule is None else tuple(_outcomes(rulebook, case))
        if not _meets(case.expect, outcomes):
            yield Miss(case, outcomes)


def _outcomes(rulebook: Rulebook, case: Case) -> Iterator[str]:
    played = play(list(case.facts), [rulebook], case.until, only=case.rule)
    for _, judgement in played.watch.standing():
        if case.party is None or case.party in {judgement.party, judgement.period}:
            yield _shown(judgement)


def _shown(judgement: Judgement) -> str:
    return "open" if judgement.state in {"paused", "forecast"} else judgement.state


def _meets(expect: str, outcomes: tuple[str, ...]) -> bool:
    """Tell whether the worst outcome is the one expected: violated, then not determinable, open, satisfied."""
    decided = [one for one in outcomes if one != "waiting"]
    if expect == "none":
        return not decided
    for worst in ("violated", "not_determinable", "waived", "open", "satisfied"):
        if worst in decided:
            return worst == expect
    return False
