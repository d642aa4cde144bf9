"""As known at a moment is what a ledger says now that holds only what was known then, whatever was corrected since.

Histories of every district, with annulments, corrections, corrections of these, and facts of which only a day is known,
are asked a second before, at and after each correction, a microsecond before, at and after facts drawn by lot, at
instants drawn by lot, at midnight, and in another offset; and what was true at an earlier instant, as known at each.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from msgspec.structs import replace

from events.fact import AnyFact, Case, case_key
from events.moment import TIME_ZONE, Moment
from events.parsing import History
from events.record import RecordAnnulled, RecordCorrected
from services.replay.replaying import NoSuchCaseError
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from tests.services.replay.replay_scene import recorded, replay

_NAMES = UUID(int=7)
_SECOND = dt.timedelta(seconds=1)
_MICROSECOND = dt.timedelta(microseconds=1)
_OF_THE_QUESTION = ("known_at", "head", "differences", "notes")
_COUNTED = {"unit", "person", "correction"}


def corrected(wrong: AnyFact, name: str, at: dt.datetime, right: AnyFact | None = None) -> AnyFact:
    """Return that a fact is annulled, or that another takes its place."""
    data: RecordAnnulled | RecordCorrected = RecordAnnulled(wrong=wrong.id, reason="录错")
    if right is not None:
        data = RecordCorrected(wrong=wrong.id, right=right.id, reason="录错")
    return replace(
        wrong,
        id=uuid5(_NAMES, name),
        type=data.TYPE.name,
        subject=Case("correction", name),
        occurred_at=Moment(at.isoformat()),
        recorded_at=at,
        data=data,
    )


def with_corrections(facts: Sequence[AnyFact], choice: Random) -> list[AnyFact]:
    """Return a history in which some facts are annulled or corrected, and some of that again."""
    background = [one for one in facts if one.subject.kind in {"person", "post", "absence", "entrustment"}]
    more: list[AnyFact] = []
    for number in range(20):
        wrong = choice.choice(facts if number % 2 else background)
        at = wrong.recorded_at + dt.timedelta(days=choice.choice([0, 1, 5]), seconds=60)
        later = at + dt.timedelta(days=choice.choice([0, 2]), seconds=30)
        right = None
        if number % 3:
            day = wrong.occurred_at.day + dt.timedelta(days=choice.choice([-3, 0, 1]))
            right = replace(wrong, id=uuid5(_NAMES, f"r-{number}"), occurred_at=Moment.on(day), recorded_at=at)
            more.append(right)
        first = corrected(wrong, f"a-{number}", at + _SECOND, right)
        more.append(first)
        if number % 4 == 0:
            more.append(corrected(first, f"b-{number}", later))
        elif right is not None:
            other = replace(right, id=uuid5(_NAMES, f"s-{number}"), recorded_at=later)
            more += [other, corrected(right, f"b-{number}", later + _SECOND, other)]
    return sorted([*facts, *more], key=lambda one: one.recorded_at)


def moments(facts: Sequence[AnyFact], choice: Random) -> list[tuple[str, dt.datetime]]:
    """Return cases and moments to ask about: around corrections and at midnights, before the first fact too."""
    by_id = {one.id: one for one in facts}
    asked: list[tuple[str, dt.datetime]] = []
    for one in choice.sample([one for one in facts if one.subject.kind == "correction"], 5):
        wrong = one
        while isinstance(wrong.data, RecordAnnulled | RecordCorrected):
            wrong = by_id[wrong.data.wrong]
        asked += [(case_key(wrong.subject), one.recorded_at + step * _SECOND) for step in (-1, 0, 1)]
    for one in choice.sample(list(facts), 3):
        midnight = dt.datetime.combine(one.recorded_at.astimezone(TIME_ZONE).date(), dt.time(0), TIME_ZONE)
        asked += [(case_key(one.subject), midnight - dt.timedelta(microseconds=1)), (case_key(one.subject), midnight)]
    for one in choice.sample(list(facts), 4):
        near = [one.recorded_at + step * _MICROSECOND for step in (-1, 0, 1)]
        between = one.recorded_at + choice.randrange(30 * 86_400 * 10**6) * _MICROSECOND
        asked += [(case_key(one.subject), moment) for moment in (*near, between)]
    return [one for one in asked if one[0].partition("/")[0] not in _COUNTED]


def said(facts: Sequence[AnyFact], case: str, district: str, now: dt.datetime, **asked: str) -> dict[str, Any]:
    """Return the answer but for what repeats the question; nothing where there is no such case."""
    try:
        found = replay(recorded(facts), case, district=district, now=now, satisfied=True, **asked)
    except NoSuchCaseError:
        return {}
    answer: dict[str, Any] = json.loads(msgspec.json.encode(found))
    return {name: value for name, value in answer.items() if name not in _OF_THE_QUESTION}


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_as_known_at_a_moment_is_what_a_ledger_says_that_holds_no_more(district: str) -> None:
    choice = Random(district)
    lived = list(History(history_text(district, plan(DISTRICTS[district], 30, 3, 6)).encode().splitlines()))
    facts = with_corrections([one for one in lived if one.origin not in {"watch", "clock"}], choice)
    end = facts[-1].recorded_at + dt.timedelta(days=30)
    compared = 0
    for case, moment in moments(facts, choice):
        known = [one for one in facts if one.recorded_at <= moment]
        earlier = moment - choice.randrange(10 * 86_400 * 10**6) * _MICROSECOND
        for true_at in ({}, {"true_at": moment.isoformat()}, {"true_at": earlier.isoformat()}):
            then = said(known, case, district, moment, **true_at)
            now = said(facts, case, district, end, known_at=moment.astimezone(dt.UTC).isoformat(), **true_at)
            assert now == then or (not then and not now["facts"]), f"{case} {moment} {true_at}"
            compared += bool(then)
    assert compared
