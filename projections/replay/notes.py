"""What has to be said of an answer itself: moments that lie outside the record, what is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import TIME_ZONE, Moment, datetime_of
from projections.replay.before_force import MOST_NAMED
from projections.replay.entries import Note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.fact import AnyFact
    from projections.replay.case_standing import Standing
    from projections.replay.question import Question, Reach

WITHHELD: Final = Note(
    code="replay.withheld",
    zh="本案有您不能查阅的事实；义务与发现由全部事实得出，故一并不显示。",
    en="Some facts of this case are not for you; obligations and findings follow from all of them, so none are shown.",
)


def notes_of_time(own: Sequence[AnyFact], question: Question, reach: Reach, standing: Standing) -> Iterator[Note]:
    """Return what has to be said of the moments asked about; `own` are all the facts of the case there are."""
    if is_to_come(question, reach):
        yield of_the_future(reach)
    if not standing.facts and own:
        first, earliest = own[0], min(one.occurred_at for one in own).text
        recorded = first.recorded_at.astimezone(TIME_ZONE).isoformat()
        yield Note(
            code="replay.before_first_fact",
            zh=f"所问时点本案尚无事实：最早的发生于 {earliest}，最先入账的是第 {first.sequence} 号（{recorded}）。",
            en=f"At the moment asked about this case has no fact: the earliest occurred {earliest}, the first recorded "
            f"is number {first.sequence} ({recorded}).",
            facts=(first.sequence,),
        )
    until = standing.as_of.true_until
    known = [one for one in own if one.sequence <= standing.as_of.through]
    unsure = [
        one.sequence
        for one in known
        if until is not None and one.occurred_at.earliest <= until < one.occurred_at.latest
    ]
    if unsure:
        yield Note(
            code="replay.day_only",
            zh="这些事实只知是当天，不知是否在所问时刻之前，故未计入；问当天的日期即计入。",
            en="Of these facts only the day is known, not whether they came before the moment asked about, so they are "
            "left out; ask about the day to have them in.",
            facts=tuple(unsure),
        )


def before_all(first: Sequence[AnyFact]) -> Iterator[Note]:
    """Return the note that a ledger, which begins with a fact, had none yet."""
    for one in first:
        recorded = one.recorded_at.astimezone(TIME_ZONE).isoformat()
        yield Note(
            code="replay.before_first_fact",
            zh=f"所问时点账册中尚无事实：第一个于 {recorded} 入账。",
            en=f"At the moment asked about the ledger has no fact that counts: the first was recorded {recorded}.",
            facts=(one.sequence,),
        )


def of_dated_back(sequences: Sequence[int]) -> Iterator[Note]:
    """Return the note that some facts say they were recorded before the fact before them."""
    if sequences:
        named = ", ".join(map(str, sequences[:MOST_NAMED])) + (" …" if len(sequences) > MOST_NAMED else "")
        yield Note(
            code="replay.dated_back",
            zh=f"第 {named} 号事实所记的入账时间早于前一号，本系统从不这样入账：有人倒填入账时间并自行封存。"
            "何时所知因此不可信，请运行 taizhang verify，并与见证及备份核对。",
            en=f"The facts {named} say they were recorded before the fact before them, which recording never writes: "
            "somebody dated them back and sealed them himself. What was known when cannot be relied on; run taizhang "
            "verify and compare with witness and backups.",
            facts=tuple(sequences),
        )


def is_to_come(question: Question, reach: Reach) -> bool:
    """Tell whether a moment asked about has not come yet."""
    asked = (question.known_at, question.true_at)
    return any(isinstance(one, Moment) and one.earliest > reach.now for one in asked)


def of_the_future(reach: Reach) -> Note:
    """Return the note that a moment asked about has not come yet."""
    now = datetime_of(reach.now).isoformat()
    return Note(
        code="replay.future",
        zh=f"所问时点尚未到来：以下是截至 {now} 所知的情况，未到的期限不作违反。",
        en=f"The moment asked about has not come: this is what is known as of {now}; limits that still run are not "
        "taken as broken.",
    )
