"""A fact corrected or annulled and recorded once more as it was ends in what is found when it is recorded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from uuid import uuid5

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact, FactData
from events.record import RecordAnnulled, RecordCorrected
from tests.projections.playing import districts, end_of_time, history, play

ORDERED_BY_SEQUENCE = frozenset({"unit", "post", "person", "division", "ab_arrangement", "correction", "rulebook"})


def about(wrong: AnyFact, kind: str, data: FactData) -> AnyFact:
    """Return a fact that corrects or annuls another."""
    subject = replace(wrong.subject, kind="correction", id=str(wrong.id))
    return replace(wrong, id=uuid5(wrong.id, kind), type=f"record.{kind}.v1", subject=subject, data=data)


def once_more(fact: AnyFact) -> AnyFact:
    """Return the same fact as recorded anew."""
    return replace(fact, id=uuid5(fact.id, "again"))


def in_place_of(fact: AnyFact, way: str) -> list[AnyFact]:
    """Return the same fact once more, and what strikes out the first: before it, after it, or as its correction."""
    again = once_more(fact)
    if way == "corrected":
        data = RecordCorrected(wrong=fact.id, right=again.id, reason="重录")
        return [again, about(fact, "corrected", data)]
    annulled = about(fact, "annulled", RecordAnnulled(wrong=fact.id, reason="误录"))
    return [again, annulled] if way == "annulled after" else [annulled, again]


def alone_in_time(facts: Sequence[AnyFact]) -> list[AnyFact]:
    """Return the facts of which another moment, and not the sequence alone, tells whether they came first."""
    begin, end = (Counter(getattr(fact.occurred_at, edge) for fact in facts) for edge in ("earliest", "latest"))
    return [
        fact
        for fact in facts
        if fact.subject.kind not in ORDERED_BY_SEQUENCE
        and begin[fact.occurred_at.earliest] == end[fact.occurred_at.latest] == 1
    ]


@pytest.mark.parametrize("way", ["corrected", "annulled after", "annulled before"])
@pytest.mark.parametrize("district", districts())
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
@example(seed=301)  # three visits of one day in Yuanzhou, of which one is recorded once more
def test_a_fact_recorded_once_more_in_place_of_itself_counts_once(district: str, way: str, seed: int) -> None:
    choice = Random(seed)
    facts = history(district, choice)
    end, order = end_of_time(facts), list(facts)
    alone = alone_in_time(facts)
    repeated = choice.sample(alone, min(len(alone), 2))
    for fact in repeated:
        place = choice.randint(order.index(fact) + 1, len(order))
        order[place:place] = in_place_of(fact, way)
    struck = {choice.randrange(len(order)): choice.choice(facts).occurred_at.latest + 1 for _ in range(2)}
    right = [once_more(fact) if fact in repeated else fact for fact in facts]
    assert play(district, order, struck, end) == play(district, right, {}, end)
