"""Answering the replay of a whole district, by playing every fact that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.moment import datetime_of
from projections.replay.answer import Replay
from projections.replay.before_force import before_force
from projections.replay.case_replay import Told
from projections.replay.case_standing import Standing
from projections.replay.differences import differences
from projections.replay.judged import found_of, is_found, is_obligation, obligation_of
from projections.replay.notes import is_to_come, of_the_future
from projections.replay.timeline import fact_line
from services.replay.replaying import text_of
from services.replay.whole_play import WholePlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import AnyFact
    from events.ledger import LedgerReader
    from projections.replay.question import Question, Reach
    from services.replay.basis import DistrictBasis
    from services.replay.replaying import Asked


def replayed_district(
    ledger: LedgerReader,
    basis: DistrictBasis,
    district: str,
    asked: Asked,
    reach: Reach,
    progressed: Callable[[int], None] = lambda _facts: None,
) -> Replay:
    """Return the replay of a whole district: every fact is played up to the moment, and again for each compared."""

    def stands(question: Question) -> Standing:
        return _standing(ledger, basis, district, question, reach, progressed, satisfied=asked.satisfied)

    question = asked.question
    now = stands(question)
    compared = asked.compared(question)
    roster = now.world.roster
    since = Told(basis.rulebooks).supposed_since(basis.by)
    return Replay(
        district=district,
        case=None,
        known_at=text_of(question.known_at),
        true_at=text_of(question.true_at),
        judged_at=datetime_of(now.as_of.hour).isoformat(),
        through=now.as_of.through,
        head=reach.head,
        facts=len(now.facts),
        basis=basis.shown(),
        timeline=tuple(fact_line(one, {}, {}) for one in sorted(now.facts, key=lambda one: one.occurred_at.latest)),
        obligations=tuple(obligation_of(*one, roster) for one in now.judged if is_obligation(*one)),
        findings=tuple(
            found_of(*one, roster, supposed_since=since)
            for one in now.judged
            if is_found(one[1], satisfied=asked.satisfied)
        ),
        people=(),
        refers_to=(),
        notes=(
            *((of_the_future(reach),) if is_to_come(question, reach) else ()),
            *before_force(now.facts, basis.rulebooks, now.world.force),
        ),
        differences=None
        if compared is None
        else differences(
            now if compared[0] == question else stands(compared[0]),
            stands(compared[1]),
            (compared[0].words, compared[1].words),
        ),
    )


def _standing(
    ledger: LedgerReader,
    basis: DistrictBasis,
    district: str,
    question: Question,
    reach: Reach,
    progressed: Callable[[int], None],
    *,
    satisfied: bool,
) -> Standing:
    as_of = question.as_of(reach)
    facts: list[AnyFact] = []
    play = WholePlay(ledger, district, basis.by, as_of, satisfied=satisfied)
    played = play.play(progressed, lambda fact, _changes, _watch: facts.append(fact) if fact.sequence else None)
    struck = frozenset(one.id for one in facts if played.watch.struck(one.id))
    return Standing(as_of, facts, struck, played.judged, played.watch.world)
