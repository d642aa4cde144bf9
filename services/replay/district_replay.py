"""Answering the replay of a whole district, by playing every fact that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.ledger.port import quietly
from events.moment import datetime_of
from projections.replay.answer import Replay
from projections.replay.before_force import before_force
from projections.replay.case_replay import Told
from projections.replay.case_standing import Standing
from projections.replay.differences import differences
from projections.replay.judged import found_of, is_found, is_obligation, obligation_of
from projections.replay.notes import before_all, is_to_come, of_dated_back, of_the_future
from projections.replay.timeline import fact_line
from services.replay.dated_back import dated_back
from services.replay.replaying import text_of
from services.replay.whole_play import WholePlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.replay.question import Question, Reach
    from services.replay.basis import DistrictBasis
    from services.replay.replaying import Asked


class WholeDistrict(NamedTuple):
    """A district whose ledger is played whole for each moment asked about; `progressed` is told of facts taken."""

    ledger: LedgerReader
    district: str
    reach: Reach
    progressed: Callable[[int], None] = quietly

    def stands(self, basis: DistrictBasis, question: Question) -> Standing:
        """Return how it stands, what was kept among it."""
        as_of = question.as_of(self.reach)
        facts: list[AnyFact] = []
        play = WholePlay(self.ledger, self.district, basis.by, as_of, satisfied=True)
        played = play.play(
            self.progressed, lambda fact, _changes, _watch: facts.append(fact) if fact.sequence else None
        )
        struck = frozenset(one.id for one in facts if played.watch.struck(one.id))
        return Standing(as_of, facts, struck, played.judged, played.watch.world)

    def replay(self, basis: DistrictBasis, asked: Asked, now: Standing) -> Replay:
        """Return the answer, given how the district stands; another moment to compare with is played now."""
        question, roster = asked.question, now.world.roster
        since = Told(basis.rulebooks).supposed_since(basis.by)
        compared = asked.compared(question)
        shown = [one for one in now.judged if asked.satisfied or one[1].state != "satisfied"]
        return Replay(
            district=self.district,
            case=None,
            known_at=text_of(question.known_at),
            true_at=text_of(question.true_at),
            judged_at=datetime_of(now.as_of.hour).isoformat(),
            through=now.as_of.through,
            head=self.reach.head,
            facts=len(now.facts),
            basis=basis.shown(),
            timeline=tuple(fact_line(one, {}, {}) for one in sorted(now.facts, key=lambda one: one.occurred_at.latest)),
            obligations=tuple(obligation_of(*one, roster) for one in shown if is_obligation(*one)),
            findings=tuple(
                found_of(*one, roster, supposed_since=since)
                for one in shown
                if is_found(one[1], satisfied=asked.satisfied)
            ),
            people=(),
            refers_to=(),
            notes=(
                *((of_the_future(self.reach),) if is_to_come(question, self.reach) else ()),
                *(before_all(self.ledger.read(self.district, 0, 1)) if not now.facts else ()),
                *before_force(now.facts, basis.rulebooks, now.world.force),
                *of_dated_back([*dated_back(now.facts)]),
            ),
            differences=None
            if compared is None
            else differences(
                now if compared[0] == question else self.stands(basis, compared[0]),
                self.stands(basis, compared[1]),
                (compared[0].words, compared[1].words),
            ),
        )
