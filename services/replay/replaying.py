"""Answering the replay of one case, from what bears on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import TIME_ZONE, Moment, datetime_of
from projections.replay.answer import NextFinding, Replay
from projections.replay.as_of import AsOf
from projections.replay.case_replay import Told, known_and_true, replay_case, what_differs
from projections.replay.entries import Note
from projections.replay.judged import found_of
from projections.replay.knowledge import Knowledge
from projections.replay.next_finding import next_finding
from projections.replay.notes import of_dated_back
from projections.replay.question import Question
from projections.replay.related import life_of, related
from services.replay.dated_back import dated_back_near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.ledger.port import LedgerReader
    from projections.replay.case_replay import CaseReplay
    from projections.replay.case_standing import Judged
    from projections.replay.knowledge import Index
    from projections.replay.question import Reach
    from services.replay.basis import DistrictBasis

COUNTED_FOR: Final = frozenset({"unit", "person"})
"""Kinds of case for which rules count across all others."""


class Asked(NamedTuple):
    """What is asked: of which case (None: the district), as of when, compared with which moment, and how much."""

    case: str | None
    question: Question
    compare: Moment | None = None
    next_finding: bool = False
    satisfied: bool = False
    classes: frozenset[str] | None = None
    whole: bool = True
    """Whether the whole ledger may be played where a case alone does not tell."""

    def compared(self, question: Question) -> tuple[Question, Question] | None:
        """Return the two questions that are compared, None when there is one answer alone."""
        if self.compare is not None:
            return question, question.moved_to(self.compare)
        return known_and_true(question)


class NoSuchCaseError(LookupError):
    """The ledger has no fact of a case, or none that its reader may see."""


def replayed_case(
    ledger: LedgerReader, index: Index, basis: DistrictBasis, district: str, asked: Asked, reach: Reach
) -> Replay:
    """Return the replay of a case; raise NoSuchCaseError."""
    case = asked.case or ""
    knowledge = Knowledge(ledger, district, index)
    told = Told(basis.rulebooks, asked.satisfied, asked.classes)
    if not any(map(told.sees, knowledge.facts_of(case))):
        raise NoSuchCaseError(case)
    question = asked.question
    more: Sequence[Judged] = ()
    notes: list[Note] = []
    if case.partition("/")[0] in COUNTED_FOR:
        if asked.whole:
            more = _counted(ledger, basis, district, case, question.as_of(reach))
        else:
            notes.append(NOT_COUNTED)
    found = replay_case(knowledge, basis.by, case, question, reach, told, more)
    if asked.next_finding and not found.withheld:
        following = _following(knowledge, basis, case, found, reach)
        if following is not None:
            question = _at_next(question, following)
            found = replay_case(knowledge, basis.by, case, question, reach, told, more)
    else:
        following = None
    compared = asked.compared(question)
    return Replay(
        district=district,
        case=case,
        known_at=text_of(question.known_at),
        true_at=text_of(question.true_at),
        judged_at=datetime_of(found.standing.as_of.hour).isoformat(),
        through=found.standing.as_of.through,
        head=reach.head,
        facts=len(found.standing.facts),
        basis=basis.shown(),
        timeline=found.timeline,
        obligations=found.obligations,
        findings=found.findings,
        people=found.people,
        refers_to=found.refers_to,
        notes=(*found.notes, *notes, *of_dated_back(_dated_back(ledger, index, district, found))),
        differences=None
        if compared is None or found.withheld
        else what_differs(knowledge, basis.by, case, compared, reach),
        next_finding=following,
    )


NOT_COUNTED: Final = Note(
    code="replay.not_counted",
    zh="跨案计数的规则（如每年至少几次会议）须通读全部账册，此处未判；请用 taizhang replay。",
    en="Rules that count across cases (such as meetings a year) need the whole ledger and were not judged here; use "
    "taizhang replay.",
)


def _dated_back(ledger: LedgerReader, index: Index, district: str, found: CaseReplay) -> Sequence[int]:
    """Return the facts dated back among those read, those shown, and where the moment asked about falls."""
    near = dated_back_near(ledger, district, [found.standing.as_of.through, *(one.sequence for one in found.facts)])
    return sorted({*index.dated_back(), *near})


def _counted(ledger: LedgerReader, basis: DistrictBasis, district: str, case: str, as_of: AsOf) -> list[Judged]:
    """Return how the rules stand that count across cases for a unit or a person."""
    from services.replay.whole_play import WholePlay  # noqa: PLC0415  few are replayed whole, and others start sooner

    played = WholePlay(ledger, district, basis.by, as_of, satisfied=True).play()
    return [one for one in played.judged if one[0].tally is not None and one[1].subject == case]


def _following(
    knowledge: Knowledge, basis: DistrictBasis, case: str, found: CaseReplay, reach: Reach
) -> NextFinding | None:
    every = found.standing._replace(as_of=AsOf(reach.head, reach.now))
    facts = [*knowledge.facts_of(case), *related(knowledge, case, every)]
    following = next_finding(knowledge, basis.by, case, found.standing, facts, reach)
    if following is None:
        return None
    roster = following.standing.world.roster
    return NextFinding(
        at=datetime_of(following.at).astimezone(TIME_ZONE).isoformat(),
        findings=tuple(
            found_of(
                *one,
                roster,
                life_of(knowledge, found_of(*one, roster).alert, following.standing),
            )
            for one in following.new
        ),
    )


def _at_next(question: Question, following: NextFinding) -> Question:
    moment = Moment(following.at)
    return question._replace(true_at=moment) if question.true_at is not None else question._replace(known_at=moment)


def text_of(moment: Moment | None) -> str | None:
    """Return a moment as it was given."""
    return None if moment is None else moment.text
