"""A compiled rule: what it is about, when it wants to be asked, and how it judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rulebooks.judgement import SEVERITY, Judgement, Modality, Say, Severity
from rulebooks.problems import CompileError

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.counting.tallies import Tally
    from rulebooks.language.scope import Dependencies
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World

RULE_ID: Final = re.compile(
    r"^(?P<district>[a-z][a-z0-9]*)/(?P<article>\d+(?:\.\d+)?(?:\(\d+\))?\d*)-(?P<name>[a-z0-9-]+)$"
)
Judge = Callable[["World", "CaseFile"], list[Judgement]]
JudgeAlone = Callable[["World", "CaseFile", "AnyFact"], Sequence[Judgement] | None]


@dataclass(frozen=True)
class Header:
    """What every rule says of itself.

    `article` is ARTICLE, ARTICLE.PARAGRAPH or with items, as `45.1(2)3`. `since` and `until` bound, in microseconds,
    the acts that the rulebook judges.
    """

    id: str
    article: str
    kind: str
    modality: Modality
    zh: str
    en: str
    reading: Say
    file: str
    line: int
    rulebook: str
    title: Say
    since: Instant
    until: Instant

    @property
    def severity(self) -> Severity:
        """How grave a breach is: the force of the wording decides."""
        return SEVERITY[self.modality]


@dataclass(frozen=True)
class Rule:
    """One rule, ready to judge any case of its kind.

    `triggers` are the fact types that open it; `settles` those that, once there, let it be judged. While a subject
    waits to be settled, only these can change anything. A rule that counts across cases has a `tally`, and finds
    nothing in a case alone.
    """

    header: Header
    subject_kind: str
    triggers: tuple[str, ...]
    settles: tuple[str, ...]
    dependencies: Dependencies
    judge: Judge
    case_kinds: frozenset[str] | None = None
    """The values of the case's field `kind` for which alone the rule says anything; None: all."""
    tally: Tally | None = None
    judge_alone: JudgeAlone | None = None
    alone: frozenset[str] = frozenset()
    """Triggers of which a new one changes nothing for those before it, unless `judge_alone`, which judges it, says so.

    It then returns None.
    """
    meeting_absences: bool = False
    """Whether the subject is an absence for which only absences that share time with it matter."""


def article_of(rule_id: str) -> str:
    """Return the article that a rule's id names; raise CompileError when the id is malformed."""
    found = RULE_ID.match(rule_id)
    if found is None:
        raise CompileError(
            f"规则编号“{rule_id}”应为 区县/条.款-名称，如 xinzhou/28.2-reply",
            f"rule id {rule_id!r} should read DISTRICT/ARTICLE.PARAGRAPH-name, such as xinzhou/28.2-reply",
        )
    return found["article"]
