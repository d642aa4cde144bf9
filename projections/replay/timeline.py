"""The timeline of a case: its facts, what they opened and closed, what was found, and where nothing happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from events.fact import case_key
from events.moment import TIME_ZONE, Moment, day_of
from events.record import RecordAnnulled, RecordCorrected
from events.vocabulary import label
from projections.replay.before_force import HOUSE_KINDS
from projections.replay.entries import FactLine, FindingLine, IdleLine, ObligationLine, Who
from projections.views.timeline import says
from projections.views.view import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.replay.entries import Found, Line, Obligation
    from rulebooks.calendar.working_days import Calendar

IDLE_FROM: Final = 3
"""Working days without a fact from which on a stretch is folded into one line."""
_MADE_HERE: Final = frozenset({"watch", "clock"})
_PLACE: Final[dict[type, int]] = {FactLine: 0, ObligationLine: 1, FindingLine: 2, IdleLine: 3}


def timeline_of(
    case: str,
    facts: Sequence[AnyFact],
    obligations: Iterable[Obligation],
    findings: Iterable[Found],
    calendar: Calendar,
    until: Instant | None,
) -> tuple[Line, ...]:
    """Return the lines of a case's timeline, as things happened.

    `until` is the moment, in microseconds, up to which something still waits; None when nothing does.
    """
    lines: list[tuple[Instant, int, int, Line]] = []
    sequences = {one.id: one.sequence for one in facts}
    struck_by = {
        one.data.wrong: one.sequence for one in facts if isinstance(one.data, RecordCorrected | RecordAnnulled)
    }
    lines.extend((fact.occurred_at.latest, 0, fact.sequence, fact_line(fact, sequences, struck_by)) for fact in facts)
    others: list[Line] = [*_of_obligations(obligations), *_of_findings(findings)]
    acts = [one for one in facts if case_key(one.subject) == case or one.subject.kind not in HOUSE_KINDS]
    for line in (*others, *idle_lines(acts, calendar, until)):
        lines.append((Moment(line.at).latest, _PLACE[type(line)], len(lines), line))
    return tuple(one[3] for one in sorted(lines, key=lambda one: one[:3]))


def fact_line(fact: AnyFact, sequences: Mapping[UUID, int], struck_by: Mapping[UUID, int]) -> FactLine:
    """Return the line of a fact; `sequences` and `struck_by` tell of facts by id."""
    zh, en = label(fact.type)
    recorded = fact.recorded_at.astimezone(TIME_ZONE)
    strikes = fact.data.wrong if isinstance(fact.data, RecordCorrected | RecordAnnulled) else None
    return FactLine(
        at=fact.occurred_at.text,
        recorded_at=recorded.isoformat(),
        sequence=fact.sequence,
        id=str(fact.id),
        type=fact.type,
        zh=zh,
        en=en,
        case=case_key(fact.subject),
        who=Who(
            person=told(fact.actor.person),
            post=told(fact.actor.post),
            unit=told(fact.actor.unit),
            on_behalf_of=told(fact.on_behalf_of),
        ),
        recorded_by=told(fact.recorded_by),
        origin=fact.origin,
        classification=fact.classification,
        late=fact.origin not in _MADE_HERE and recorded.date() > fact.occurred_at.day,
        struck_by=struck_by.get(fact.id),
        strikes=None if strikes is None else sequences.get(strikes),
        says=says(fact),
    )


def idle_lines(facts: Iterable[AnyFact], calendar: Calendar, until: Instant | None) -> Iterator[IdleLine]:
    """Return the stretches of at least IDLE_FROM working days in which nobody did anything."""
    acts = sorted((one.occurred_at for one in facts if one.origin not in _MADE_HERE), key=lambda one: one.latest)
    ends: list[Moment | None] = [*acts[1:]]
    if until is not None:
        ends.append(None)
    for before, after in zip(acts, ends, strict=False):
        last = after.day if after is not None else day_of(until or 0)
        if last <= before.day:
            continue
        counted = calendar.working_days_between(before.day, last, count_first=False, count_last=after is None)
        if counted.days >= IDLE_FROM:
            yield IdleLine(
                at=before.text,
                until=None if after is None else after.text,
                working_days=counted.days,
                days=(last - before.day).days - (after is not None),
                provisional=counted.provisional,
            )


def _of_obligations(obligations: Iterable[Obligation]) -> Iterator[ObligationLine]:
    for one in obligations:
        if one.opened_at is not None:
            yield _line(one, "opened", one.opened_at, (one.opened_by,))
        if one.state == "violated" and one.due_at is not None:
            yield _line(one, "due", one.due_at, ())
        if one.closed_at is not None:
            yield _line(one, "closed", one.closed_at, one.closed_by)


def _line(one: Obligation, step: Literal["opened", "due", "closed"], at: str, facts: tuple[int, ...]) -> ObligationLine:
    return ObligationLine(
        at=at,
        step=step,
        rule=one.rule,
        article=one.article,
        party=one.party,
        due_at=one.due_at,
        facts=facts,
    )


def _of_findings(findings: Iterable[Found]) -> Iterator[FindingLine]:
    for one in findings:
        at = found_at(one)
        if one.outcome != "satisfied" and at is not None:
            yield FindingLine(
                at=at,
                rule=one.rule,
                article=one.article,
                outcome=one.outcome,
                severity=one.severity,
                party=one.party,
                facts=one.facts,
            )


def found_at(one: Found) -> str | None:
    """Return from when a finding could be made: the limit that ended, else the act, else its beginning."""
    return one.due_at or one.happened_at or one.opened_at
