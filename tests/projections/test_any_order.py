"""Whatever the order in which the same facts are recorded, and whenever the hour moved between, the end is the same."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.playing import districts, end_of_time, history, play, shuffled


@pytest.mark.parametrize("district", districts())
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_any_order_of_recording_ends_in_the_same_findings(district: str, seed: int) -> None:
    choice = Random(seed)
    facts = history(district, choice)
    end = end_of_time(facts)
    moments = sorted({fact.occurred_at.latest + 1 for fact in facts})
    clocks = {choice.randrange(len(facts)): choice.choice(moments) for _ in range(choice.randint(0, 3)) if facts}
    assert play(district, shuffled(facts, choice), clocks, end) == play(district, facts, {}, end)
