"""Where the watch keeps what it does not hold in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from uuid import UUID

import msgspec

from events.fact import Classification
from events.moment import Instant, Moment
from projections.watch.past_counts import CountRow
from rulebooks.judgement import Judgement, Modality, Severity, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from events.fact import AnyFact
    from projections.watch.acts_asked import Acts
    from rulebooks.judgement import Identity

TOLD: Final = frozenset({"open", "paused", "not_determinable"})
"""The states that are told to whoever follows the watch; of the others it is told that they are none of these."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A judgement as it is saved: facts by id, moments as text, due and wake in microseconds.

    `classification` is that of the fact that opened it.
    """

    rule: str
    subject: str
    trigger: UUID
    state: State
    party: str | None = None
    period: str | None = None
    opened: str | None = None
    due: Instant | None = None
    due_is_day: bool = True
    provisional: bool = False
    happened: str | None = None
    wake: Instant | None = None
    expired: bool = False
    missing: tuple[str, ...] = ()
    modality: Modality | None = None
    severity: Severity | None = None
    facts: tuple[UUID, ...] = ()
    classification: Classification = "internal"


def kept(rule: str, judgement: Judgement) -> Kept:
    """Return a judgement in the form in which it is saved."""
    return Kept(
        rule=rule,
        subject=judgement.subject,
        trigger=judgement.trigger.id,
        state=judgement.state,
        party=judgement.party,
        period=judgement.period,
        opened=None if judgement.opened is None else judgement.opened.text,
        due=judgement.due,
        due_is_day=judgement.due_is_day,
        provisional=judgement.provisional,
        happened=None if judgement.happened is None else judgement.happened.text,
        wake=judgement.wake,
        expired=judgement.expired,
        missing=judgement.missing,
        modality=judgement.modality,
        severity=judgement.severity,
        facts=tuple(fact.id for fact in judgement.facts),
        classification=judgement.trigger.classification,
    )


def brought_back(saved: Kept, find: Callable[[UUID], AnyFact | None]) -> Judgement | None:
    """Return a saved judgement; None when the fact that opened it is not there any more."""
    trigger = find(saved.trigger)
    if trigger is None:
        return None
    return Judgement(
        subject=saved.subject,
        trigger=trigger,
        state=saved.state,
        party=saved.party,
        period=saved.period,
        opened=None if saved.opened is None else Moment(saved.opened),
        due=saved.due,
        due_is_day=saved.due_is_day,
        provisional=saved.provisional,
        happened=None if saved.happened is None else Moment(saved.happened),
        wake=saved.wake,
        expired=saved.expired,
        missing=saved.missing,
        modality=saved.modality,
        severity=saved.severity,
        facts=tuple(fact for one in saved.facts if (fact := find(one)) is not None),
    )


class Told(msgspec.Struct, frozen=True, array_like=True):
    """How a rule stands for a subject, as far as that is told."""

    rule: str
    subject: str
    standing: tuple[Kept, ...]


class Turn(NamedTuple):
    """What one fact changed of what is told, and when the watch then wants to be asked next though no fact comes."""

    told: tuple[Told, ...]
    next_wake: Instant | None


def tells_otherwise(before: Mapping[Identity, Judgement], after: Mapping[Identity, Judgement]) -> bool:
    """Tell whether judgements of a rule for a subject change what is told of them."""
    for identity, new in after.items():
        if new.state in TOLD and ((old := before.get(identity)) is None or not _is_told_alike(old, new)):
            return True
    for identity, old in before.items():
        if old.state in TOLD and ((new_one := after.get(identity)) is None or new_one.state not in TOLD):
            return True
    return False


def _is_told_alike(old: Judgement, new: Judgement) -> bool:
    return old is new or (
        old.state == new.state
        and old.due == new.due
        and old.missing == new.missing
        and old.opened == new.opened
        and old.provisional == new.provisional
        and old.due_is_day == new.due_is_day
        and old.modality == new.modality
        and old.severity == new.severity
    )


class Link(NamedTuple):
    """One case refers to another through a field."""

    source: str
    target: str
    field: str


class Shelf(Protocol):
    """What was saved of one district; `through` bounds facts by the sequence that the watch has reached."""

    @property
    def acts(self) -> Acts:
        """Whom absences and entrustments concern."""

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case, those recorded later left out."""

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id."""

    def standing_of(self, subject: str) -> Iterable[Kept]:
        """Return the judgements saved for a subject."""

    def links_to(self, target: str) -> Iterable[Link]:
        """Return the links saved that lead to a case."""

    def subjects_since(self, instant: Instant) -> Iterable[str]:
        """Return the cases saved whose facts or intervals reach an instant, in microseconds."""

    def subjects_violating(self) -> Iterable[str]:
        """Return the subjects for which a violation, waived or not, was saved."""

    def counts_of(self, rule: str, case: str | None) -> Iterable[tuple[str, CountRow]]:
        """Return what was saved of what a case, or each, contributes to the count of a rule, by case."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since the watch was last saved.

    Rows by rule and subject, links, how far each case reaches, contributions to counts by rule and case, facts of
    absences and entrustments, and, by the sequence of the fact that did so, what changed of what is told.
    """

    standing: dict[tuple[str, str], tuple[Kept, ...]]
    links: tuple[Link, ...]
    extents: dict[str, Instant]
    counts: dict[tuple[str, str], tuple[CountRow, ...]]
    acts: tuple[AnyFact, ...] = ()
    turns: dict[int, Turn] = {}
