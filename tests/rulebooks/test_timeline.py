"""Intervals of a moment are found, whatever their length and the order in which they were put in."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from events.moment import MICROSECONDS_A_DAY
from rulebooks.record.tenures import ALWAYS
from rulebooks.record.timeline import Timeline


class Away(NamedTuple):
    """One interval of one case."""

    case: str
    since: int
    until: int


instants = st.integers(0, 40).map(lambda day: day * MICROSECONDS_A_DAY)
lengths = st.sampled_from([0, 1, 3 * MICROSECONDS_A_DAY - 1, 20 * MICROSECONDS_A_DAY, ALWAYS, -MICROSECONDS_A_DAY])
intervals = st.lists(st.tuples(instants, lengths), max_size=12).map(
    lambda found: [Away(f"absence/a-{number}", since, since + length) for number, (since, length) in enumerate(found)]
)


@given(intervals, st.data())
def test_what_touches_an_interval_is_what_a_look_at_all_finds(there: list[Away], data: st.DataObject) -> None:
    timeline: Timeline[Away] = Timeline()
    for one in data.draw(st.permutations(there)):
        timeline.put(one)
    gone = data.draw(st.sets(st.sampled_from(there)) if there else st.just(set[Away]()))
    for one in gone:
        timeline.remove(one)
    since = data.draw(instants)
    until = data.draw(instants.map(lambda instant: max(since, instant)))
    touching = [one for one in there if one not in gone and one.since <= until and one.until >= since]
    assert timeline.touching(since, until) == sorted(touching, key=lambda one: (one.since, one.case))
