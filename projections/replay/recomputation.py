"""Recomputation: the alerts that a history must give, compared with those recorded, step by step.

A step of an alert's life has an id that follows from alert, transition and causing fact; so equal ids are equal in all
three, and only what else a step says is left to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from events.alert import AlertEscalated, AlertRaised, AlertWithdrawn
from projections.alerts.reconciliation import RECONCILED
from projections.findings import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from projections.alerts.facts import Provenance

Where = Literal["recorded_alone", "recomputed_alone", "says_otherwise"]
Verdict = Literal["equal", "explained", "unexplained"]
UNEXPLAINED: Final = "recompute.unexplained"
_OF_A_VERSION: Final = ("engine", "rulebook_sha256", "policy_sha256")
"""What an alert says of that by which it was judged."""

WHY: Final[dict[str, Told]] = {
    "recompute.other_engine": Told(
        "入账时由另一版本的程序判定，旧程序不在本机",
        "recorded by another version of the program, which is not here",
    ),
    "recompute.other_rulebook": Told(
        "入账时的规则书与现有同名规则书的摘要值不同", "the rulebook it was judged by has another hash than the one here"
    ),
    "recompute.other_policy": Told("入账时按另一份内部设置判定", "judged by other house settings when it was recorded"),
    "recompute.reconciled": Told(
        "更换版本后由对账撤回，不由某一事实引起",
        "withdrawn when a new version was taken into use, not because of a fact",
    ),
    "recompute.not_judged_yet": Told(
        "监看尚未判到此处，下次运行时入账", "the watch has not come that far; it is recorded when it runs next"
    ),
    "recompute.version_not_used_yet": Told(
        "现有程序、规则书或设置尚未在本账册运行过：采用后将如此入账",
        "this program, these rulebooks or settings have not run on this ledger; so it would be recorded once they do",
    ),
    "recompute.fact_set_aside": Told("起因事实程序无法判定，已搁置", "its cause could not be judged and is set aside"),
    UNEXPLAINED: Told(
        "没有解释：预警或其所据事实可能被改动，请运行 taizhang verify",
        "not explained: the alert, or a fact that it rests on, may have been changed; run taizhang verify",
    ),
}
"""Why a recorded and a recomputed history differ in a step, by stable code."""


class StepDiffers(msgspec.Struct, frozen=True, kw_only=True):
    """One step that differs; `cause` and `sequence` are sequence numbers, `fields` what it says otherwise."""

    where: Where
    alert: str
    transition: str
    cause: int | None
    sequence: int | None
    rule: str | None
    article: str | None
    subject: str | None
    party: str | None
    fields: tuple[str, ...]
    code: str
    why: Told


class Recomputation(msgspec.Struct, frozen=True, kw_only=True):
    """What recomputing found: steps recorded, steps recomputed, how many are equal, and each that is not."""

    verdict: Verdict
    judged_through: int
    recorded: int
    recomputed: int
    equal: int
    engine: str
    engines_recorded: tuple[str, ...]
    differences: tuple[StepDiffers, ...]


class Ran(NamedTuple):
    """How far the watch that recorded had come, and whether it was by what is used now; None: not known."""

    through: int | None
    by_these: bool | None


class Recomputing:
    """Takes recorded and recomputed steps as a history goes by, and keeps those that have no equal yet."""

    def __init__(self, by: Provenance) -> None:
        self._by = by
        self._recomputed: dict[UUID, tuple[AnyFact, int]] = {}
        self._recorded: dict[UUID, AnyFact] = {}
        self._otherwise: list[tuple[AnyFact, AnyFact, int]] = []
        self._raised: dict[str, AlertRaised] = {}
        self._due: dict[str, AlertRaised] = {}
        self._causes: dict[UUID, int] = {}
        self._counts = {"recorded": 0, "recomputed": 0, "equal": 0}
        self._last_cause = 0

    def must(self, fact: AnyFact, cause: int) -> None:
        """Take a step that follows from a fact of the history."""
        self._counts["recomputed"] += 1
        if isinstance(fact.data, AlertRaised):
            self._due[fact.subject.id] = fact.data
        recorded = self._recorded.pop(fact.id, None)
        if recorded is None:
            self._recomputed[fact.id] = (fact, cause)
        else:
            self._compare(recorded, fact, cause)

    def stands(self, fact: AnyFact) -> None:
        """Take a step that is recorded."""
        self._counts["recorded"] += 1
        if isinstance(fact.data, AlertRaised):
            self._raised[fact.subject.id] = fact.data
        found = self._recomputed.pop(fact.id, None)
        if found is None:
            self._recorded[fact.id] = fact
        else:
            self._compare(fact, *found)

    def caused(self, fact: AnyFact) -> None:
        """Take a fact that steps may name as their cause."""
        self._causes[fact.id] = fact.sequence

    def result(self, ran: Ran, set_aside: Sequence[int] = ()) -> Recomputation:
        """Return what was found."""
        found = sorted(
            self._differences(ran, frozenset(set_aside)), key=lambda one: (one.sequence or 0, one.cause or 0)
        )
        unexplained = any(one.code == UNEXPLAINED for one in found)
        return Recomputation(
            verdict="unexplained" if unexplained else "explained" if found else "equal",
            judged_through=self._last_cause if ran.through is None else ran.through,
            **self._counts,
            engine=self._by.engine,
            engines_recorded=tuple(sorted({one.engine for one in self._raised.values()})),
            differences=tuple(found),
        )

    def _compare(self, recorded: AnyFact, recomputed: AnyFact, cause: int) -> None:
        self._last_cause = max(self._last_cause, cause)
        if recorded.data == recomputed.data and recorded.classification == recomputed.classification:
            self._counts["equal"] += 1
        else:
            self._otherwise.append((recorded, recomputed, cause))

    def _differences(self, ran: Ran, set_aside: frozenset[int]) -> Iterator[StepDiffers]:
        for recorded, recomputed, cause in self._otherwise:
            fields = _differing(recorded, recomputed)
            code = self._by_version(recorded) or UNEXPLAINED
            yield self._shown("says_otherwise", recorded, cause, recorded.sequence, fields, code)
        for fact in self._recorded.values():
            cause_of = None if not isinstance(fact.cause, type(fact.id)) else self._causes.get(fact.cause)
            code = self._why_recorded(fact, cause_of, set_aside)
            yield self._shown("recorded_alone", fact, cause_of, fact.sequence, (), code)
        for fact, cause in self._recomputed.values():
            yield self._shown("recomputed_alone", fact, cause, None, (), self._why_recomputed(fact, cause, ran))

    def _why_recorded(self, fact: AnyFact, cause: int | None, set_aside: frozenset[int]) -> str:
        if isinstance(fact.data, AlertWithdrawn) and fact.data.reason == RECONCILED:
            return "recompute.reconciled"
        if cause is not None and cause in set_aside:
            return "recompute.fact_set_aside"
        return self._by_version(fact) or UNEXPLAINED

    def _why_recomputed(self, fact: AnyFact, cause: int, ran: Ran) -> str:
        if ran.by_these is False:
            return "recompute.version_not_used_yet"
        if cause > (self._last_cause if ran.through is None else ran.through):
            return "recompute.not_judged_yet"
        return self._by_version(fact) or UNEXPLAINED

    def _by_version(self, fact: AnyFact) -> str | None:
        """Return by which other version the alert of a step was recorded, if it was."""
        raised = self._raised.get(fact.subject.id)
        if raised is None:
            return None
        if raised.engine != self._by.engine:
            return "recompute.other_engine"
        if raised.rulebook_sha256 not in self._by.hashes.values():
            return "recompute.other_rulebook"
        due = self._due.get(fact.subject.id)
        settings = isinstance(fact.data, AlertRaised | AlertEscalated)
        if settings and due is not None and raised.policy_sha256 != due.policy_sha256:
            return "recompute.other_policy"
        return None

    def _shown(
        self, where: Where, fact: AnyFact, cause: int | None, sequence: int | None, fields: tuple[str, ...], code: str
    ) -> StepDiffers:
        raised = self._raised.get(fact.subject.id) or self._due.get(fact.subject.id)
        return StepDiffers(
            where=where,
            alert=fact.subject.id,
            transition=fact.type.removeprefix("alert.").removesuffix(".v1"),
            cause=cause,
            sequence=sequence,
            rule=None if raised is None else raised.rule,
            article=None if raised is None else raised.article,
            subject=None if raised is None else raised.about,
            party=None if raised is None or not isinstance(raised.party, str) else raised.party,
            fields=fields,
            code=code,
            why=WHY[code],
        )


def _differing(recorded: AnyFact, recomputed: AnyFact) -> tuple[str, ...]:
    """Return the names of what two steps say otherwise, that of the version first."""
    names = [*recorded.data.__struct_fields__]
    found = [name for name in names if getattr(recorded.data, name) != getattr(recomputed.data, name, None)]
    if recorded.classification != recomputed.classification:
        found.append("classification")
    return tuple(sorted(found, key=lambda name: (name not in _OF_A_VERSION, name)))
