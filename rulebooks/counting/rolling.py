"""Judging counts in a window that rolls with each contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.calendar.periods import Period
from rulebooks.counting.tallies import within
from rulebooks.counting.totals import Scale, exceeding, party_of, subject_of
from rulebooks.judgement import Judgement, Say
from rulebooks.language.frame import each_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from rulebooks.counting.duty import Duty
    from rulebooks.counting.tallies import Contribution
    from rulebooks.counting.totals import Bounds
    from rulebooks.judgement import State
    from rulebooks.language.limits import Due, Limit
    from rulebooks.record.world import World


def judge_rolling(  # a key, what was counted for it, and by what it is judged
    bounds: Bounds, window: Limit, world: World, key: str, found: Sequence[Contribution], duty: Duty
) -> list[Judgement]:
    """Judge a window that rolls: no more than so many within it, or the next one before it ends.

    The next one is awaited only of a key that `duty` holds to it through the whole window, and is not determinable
    where one that may be it is on record, nor where it is not known whether the one before counts.
    """
    judged: list[Judgement] = []
    if bounds.most is not None:
        judged += _crowded(bounds, bounds.most, window, world, key, found)
    if bounds.least is not None:
        following: Contribution | None = None
        awaited: list[Judgement] = []
        for one in reversed(found):
            due = window.after(one.at, world.calendar)
            if duty.tied(world, key, Period("", one.at.earliest, due.instant), found[0]) is not None:
                maybe = [other for other in within(found, one.at.latest + 1, due.instant) if not other.sure]
                after = _followed(one, following, maybe, due, window, world, key)
                awaited += [after] if one.sure or after.state != "satisfied" else []
            following = one if one.sure else following
        judged += reversed(awaited)
    return judged


def _crowded(
    bounds: Bounds, most: Decimal, window: Limit, world: World, key: str, found: Sequence[Contribution]
) -> Iterator[Judgement]:
    sure = [one for one in found if one.sure and one.value is not None]
    crowded = False
    for upto in _windows(sure, window, world):
        total = bounds.total(upto)
        if total > most:
            crowded = True
            yield exceeding(upto, total, most, None, world, key)
    if crowded or not found:
        return
    scales = (Scale.of(bounds, upto) for upto in _windows(found, window, world))
    open_one = next((one for one in scales if one.unlimited or bounds.total(one.all) > most), None)
    shown = found if open_one is None else open_one.all
    of = shown[0] if open_one is None else shown[-1]
    yield Judgement(
        subject=subject_of(world, key),
        party=party_of(key),
        trigger=of.fact,
        state="satisfied" if open_one is None else "not_determinable",
        opened=of.at,
        happened=of.at,
        facts=tuple(each_once(*(one.fact for one in shown))),
        missing=() if open_one is None else open_one.missing(),
    )


def _windows(found: Sequence[Contribution], window: Limit, world: World) -> Iterator[Sequence[Contribution]]:
    """Return for each contribution those of the window that ends with it."""
    start = 0
    for number, one in enumerate(found, start=1):
        while window.after(found[start].at, world.calendar).instant < one.at.earliest:
            start += 1
        yield found[start:number]


def _followed(  # what follows, what may, by when and for whom
    one: Contribution,
    following: Contribution | None,
    maybe: Sequence[Contribution],
    due: Due,
    window: Limit,
    world: World,
    key: str,
) -> Judgement:
    facts = tuple(each_once(one.fact, None if following is None else following.fact, *(other.fact for other in maybe)))
    in_time = following is not None and following.at.earliest <= due.instant
    over = following is not None or world.hour >= due.instant
    doubtful = maybe if one.sure else (one, *maybe)
    late: State = "not_determinable" if doubtful or one.fact.origin == "imported" else "violated"
    words = window.say()
    zh = f"{one.at.said} 之后{words.zh}内（至 {due.said}）没有下一次"
    return Judgement(
        subject=subject_of(world, key),
        party=party_of(key),
        period="next",
        trigger=one.fact,
        state="satisfied" if in_time else "open" if not over else late,
        opened=one.at,
        due=due.instant,
        due_is_day=due.is_day,
        provisional=due.provisional,
        calendars=(due.year,),
        happened=None if following is None else following.at,
        wake=None if over else due.instant,
        expired=over and following is None,
        facts=facts,
        missing=tuple(text for other in doubtful for text in other.missing) if over and not in_time else (),
        reason=(Say(zh, f"no next one within {words.en} of {one.at.said} (by {due.said})"),)
        if over and not in_time
        else (),
    )
