"""Wakes are what a table of moments would say, whatever is put and taken in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projections.watch.wakes import Wakes

KEYS = st.sampled_from("abcd")
MOMENTS = st.integers(0, 5)
PUTS = st.tuples(KEYS, st.none() | MOMENTS)


@given(st.lists(PUTS | MOMENTS, max_size=30))
def test_the_earliest_key_wakes_first_and_only_at_the_moment_said_last(
    steps: list[tuple[str, int | None] | int],
) -> None:
    wakes: Wakes[str] = Wakes()
    table: dict[str, int] = {}
    for step in steps:
        if isinstance(step, tuple):
            key, moment = step
            wakes.put(key, moment)
            table.pop(key, None)
            if moment is not None:
                table[key] = moment
        else:
            assert wakes.due(step) == {key for key, moment in table.items() if moment <= step}
            due = min(((moment, key) for key, moment in table.items() if moment <= step), default=None)
            taken = wakes.take(step)
            assert taken == (None if due is None else (due[1], due[0]))
            if due is not None:
                del table[due[1]]
        assert wakes.next() == min(table.values(), default=None)


@given(st.lists(PUTS, max_size=10), st.lists(PUTS, max_size=10))
def test_a_copy_goes_on_by_itself(before: list[tuple[str, int | None]], after: list[tuple[str, int | None]]) -> None:
    wakes: Wakes[str] = Wakes()
    for key, moment in before:
        wakes.put(key, moment)
    copied, expected = wakes.copied(), wakes.next()
    for key, moment in after:
        wakes.put(key, moment)
    assert copied.next() == expected
