"""What a replay says of facts that somebody dated back and sealed himself, before anybody has verified the ledger."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from events.moment import Moment
from projections.replay.question import Question
from services.replay.answering import Answering
from services.replay.basis import basis_of
from services.replay.dated_back import dated_back_near
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from tests.audit.stored_rows import Tables
from tests.audit.stores import Store
from tests.events.ledger.examples import MINUTE, NINE, XINZHOU, alone, withdrawn

LAST = 12
AT = {number: NINE + number * MINUTE for number in range(1, LAST + 1)}
THIRD_CASE = "matter/m-0"


def recorded(store: Store) -> None:
    """Record a fact a minute, in three cases."""
    with store.writing() as ledger:
        for number, moment in AT.items():
            ledger.record(alone(withdrawn(number, matter=f"m-{number % 3}")), moment)


def dated(tables: Tables, times: dict[int, int]) -> Tables:
    """Return the tables with some facts dated as others are, everything sealed anew."""
    rows = []
    for row in tables.rows:
        moment = AT[times.get(row.sequence, row.sequence)].isoformat().encode()
        rows.append(replace(row, state=re.sub(rb'"recorded_at":"[^"]*"', b'"recorded_at":"%b"' % moment, row.state)))
    return replace(tables, rows=tuple(rows)).sealed_anew()


def said(store: Store, case: str | None, known_at: str | None = None) -> dict[str, tuple[int, ...]]:
    """Replay and return what is said of the answer, and of which facts."""
    basis = basis_of(XINZHOU)
    assert basis is not None
    with store.reading() as ledger:
        reach = reach_of(ledger, XINZHOU, AT[LAST])
        question = Question(None if known_at is None else Moment(known_at))
        found = Answering(Sources(ledger), basis, XINZHOU, reach).answer(Asked(case=case, question=question))
    return {one.code: one.facts for one in found.notes if one.code == "replay.dated_back"}


@pytest.mark.parametrize(
    ("times", "named"),
    [
        ({}, ()),
        ({LAST: 2}, (LAST,)),
        ({7: 2}, (7,)),
        ({7: 2, 8: 3}, (7,)),
        ({7: 9}, (8,)),
        ({3: 1, 9: 4, LAST: 5}, (3, 9, LAST)),
    ],
)
def test_a_replay_names_facts_that_say_they_were_recorded_before_the_one_before(
    store: Store, times: dict[int, int], named: tuple[int, ...]
) -> None:
    recorded(store)
    store.overwrite(dated(store.tables(), times))
    expected = {"replay.dated_back": named} if named else {}
    assert said(store, THIRD_CASE) == expected
    assert said(store, THIRD_CASE, AT[LAST].isoformat()) == expected
    assert said(store, None) == expected


def test_without_reading_the_whole_the_facts_of_the_case_and_their_neighbours_are_compared(store: Store) -> None:
    recorded(store)
    store.overwrite(dated(store.tables(), {7: 2}))
    with store.reading() as ledger:
        assert [dated_back_near(ledger, XINZHOU, [one]) for one in (0, 1, 5, 6, 7, 8, 9, LAST)] == [
            *([[]] * 3),
            *([[7]] * 2),
            *([[]] * 3),
        ]
