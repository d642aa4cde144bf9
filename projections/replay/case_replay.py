"""The replay of one case: put together from how it stands at the moments asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.alerts.alert import OBLIGATIONS
from projections.alerts.identity import alert_id
from projections.replay.before_force import before_force
from projections.replay.case_standing import stands
from projections.replay.differences import differences
from projections.replay.judged import found_of, is_found, is_obligation, obligation_of
from projections.replay.notes import WITHHELD, notes_of_time
from projections.replay.people import who_knew
from projections.replay.question import Question
from projections.replay.related import life_of, refers_to, related
from projections.replay.timeline import timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.replay.case_standing import By, Judged, Standing
    from projections.replay.differences import Differences
    from projections.replay.entries import Found, Knew, Line, Note, Obligation
    from projections.replay.knowledge import Knowledge
    from projections.replay.question import Reach
    from rulebooks.loading import Rulebook

WAITED_FOR = frozenset({"open", "paused", "forecast"})


class CaseReplay(NamedTuple):
    """What stood for a case as of a moment, as its reader may know it; `withheld` when some of it is not for him."""

    standing: Standing
    withheld: bool
    facts: tuple[AnyFact, ...]
    timeline: tuple[Line, ...]
    obligations: tuple[Obligation, ...]
    findings: tuple[Found, ...]
    people: tuple[Knew, ...]
    refers_to: tuple[str, ...]
    notes: tuple[Note, ...]


class Told(NamedTuple):
    """What is told of a case: its reader sees the classes named (None: all), and what was kept if he asks for it."""

    rulebooks: Sequence[Rulebook]
    satisfied: bool = False
    classes: frozenset[str] | None = None

    def supposed_since(self, by: By) -> Instant | None:
        """Return the day in force of a rulebook that is only supposed, in microseconds."""
        return min(one.since for one in self.rulebooks) if by.supposed else None

    def sees(self, fact: AnyFact) -> bool:
        """Tell whether a fact is for the reader."""
        return self.classes is None or fact.classification in self.classes


def replay_case(
    knowledge: Knowledge, by: By, case: str, question: Question, reach: Reach, told: Told, more: Iterable[Judged] = ()
) -> CaseReplay:
    """Return the replay of a case; `more` are judgements by rules that count across cases, made elsewhere."""
    standing = stands(knowledge, by, case, question.as_of(reach))
    standing = standing._replace(judged=(*standing.judged, *more))
    beyond = related(knowledge, case, standing)
    every = sorted((*standing.facts, *beyond), key=lambda one: one.sequence)
    facts = tuple(one for one in every if told.sees(one))
    hidden = len(every) != len(facts) or not all(map(told.sees, knowledge.facts_of(case)))
    shown = standing._replace(judged=()) if hidden else standing
    roster = standing.world.roster
    obligations = tuple(obligation_of(*one, roster) for one in shown.judged if is_obligation(*one))
    findings = tuple(
        found_of(*one, roster, life_of(knowledge, _alert(knowledge, one), standing), told.supposed_since(by))
        for one in shown.judged
        if is_found(one[1], satisfied=told.satisfied)
    )
    own = tuple(one for one in standing.facts if told.sees(one))
    return CaseReplay(
        standing=shown._replace(facts=own),
        withheld=hidden,
        facts=facts,
        timeline=timeline_of(case, facts, obligations, findings, standing.world.calendar, _waits(shown)),
        obligations=obligations,
        findings=findings,
        people=who_knew(facts),
        refers_to=refers_to(own),
        notes=(
            *notes_of_time(list(filter(told.sees, knowledge.facts_of(case))), question, reach, standing),
            *before_force(own, told.rulebooks, standing.world.force),
            *((WITHHELD,) if hidden else ()),
        ),
    )


def what_differs(
    knowledge: Knowledge, by: By, case: str, questions: tuple[Question, Question], reach: Reach
) -> Differences:
    """Return what differs between the answers to two questions about a case."""
    before, after = (stands(knowledge, by, case, one.as_of(reach)) for one in questions)
    every = {one.id: one for standing in (before, after) for one in related(knowledge, case, standing)}
    return differences(before, after, (questions[0].words, questions[1].words), every.values())


def known_and_true(question: Question) -> tuple[Question, Question] | None:
    """Return, where both times are asked about, the two questions that are compared.

    What the ledger showed then is set against what was true then by everything known now, so that a fact recorded late
    is seen.
    """
    if question.known_at is None or question.true_at is None:
        return None
    return question._replace(true_at=None), question._replace(known_at=None)


def _alert(knowledge: Knowledge, one: Judged) -> str:
    rule, judgement = one
    return str(alert_id(knowledge.district, rule.header.id, judgement))


def _waits(standing: Standing) -> Instant | None:
    """Return the moment looked at while something of the case is still waited for, None when nothing is."""
    waits = any(
        one.state in WAITED_FOR
        or (one.state == "violated" and one.happened is None and rule.header.kind in OBLIGATIONS)
        for rule, one in standing.judged
    )
    return standing.as_of.hour if waits else None
