"""Judging counts by calendar period."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from events.moment import MICROSECONDS_A_DAY, Moment
from rulebooks.counting.duty import WHOEVER_IS_COUNTED
from rulebooks.counting.tallies import NONE_EXCEEDED, within
from rulebooks.counting.totals import Bounds, Scale, days_of, exceeding, party_of, subject_of
from rulebooks.judgement import Judgement, Say
from rulebooks.language.frame import each_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.calendar.periods import Period, PeriodOf
    from rulebooks.counting.duty import Duty
    from rulebooks.counting.tallies import Contribution, Onset
    from rulebooks.record.world import World
    from rulebooks.rule import Header

LONG_PERIOD: Final = 150 * MICROSECONDS_A_DAY
"""Half a year is longer than this, a quarter is not."""


def judge_periods(  # noqa: PLR0913, PLR0917  # a key, its first contributions and those of the periods asked for
    header: Header,
    bounds: Bounds,
    period_of: PeriodOf,
    world: World,
    key: str,
    onset: Onset,
    found: Sequence[Contribution],
    since: Instant | None = None,
    exceeded: Mapping[int, Judgement] = NONE_EXCEEDED,
    duty: Duty = WHOEVER_IS_COUNTED,
) -> list[Judgement]:
    """Judge the calendar periods of a key: those with contributions and, with a lower bound, those without.

    `duty` tells who is held to a lower bound, and to which fact that is tied. `onset` is with what the key's
    contributions begin: whom only these hold to it is not accused until one surely counts. With `since` only the
    periods from the one in which that instant lies are judged, of which `found` are the contributions.
    """
    judged: list[Judgement] = []
    if bounds.most is not None:
        for period in _counted_in(period_of, found):
            scale = Scale.of(bounds, within(found, period.first, period.last))
            quiet = bounds.least is not None
            judged += _too_many(scale, bounds.most, period, world, key, exceeded, quiet=quiet)
    if bounds.least is not None:
        held_since = (world.in_force_since(header), duty.begins(world, key)) if duty.from_record else ()
        begins = max((one for one in held_since if one is not None), default=None)
        for period in _periods(period_of, world, onset.first, found, since, begins, from_record=duty.from_record):
            inside = all(world.judges(header, Moment.at(edge)) for edge in (period.first, period.last))
            opener = duty.tied(world, key, period, onset.first) if inside else None
            if opener is not None:
                scale = Scale.of(bounds, within(found, period.first, period.last))
                doubt = None if duty.from_record else onset.doubt(period.last)
                one = _too_few(scale, bounds.least, period, world, key, opener, doubt)
                if one.state == "satisfied" or _covered(period, world):
                    judged.append(one)
    return judged


def _counted_in(period_of: PeriodOf, found: Sequence[Contribution]) -> list[Period]:
    """Return the periods of contributions, given in the order of time."""
    periods: list[Period] = []
    for one in found:
        if not periods or one.at.earliest > periods[-1].last:
            periods.append(period_of(one.at.earliest))
    return periods


def _covered(period: Period, world: World) -> bool:
    """Tell whether the record covers a period well enough to say that nothing happened in it.

    It does when acts were recorded before it began; of half a year or more also when the roster stood before and the
    first act lies in its first half.
    """
    if world.began is None:
        return False
    if world.began <= period.first:
        return True
    length = period.last - period.first
    in_first_half = world.began <= period.first + length // 2
    stood = world.set_up is not None and world.set_up <= period.first
    return length > LONG_PERIOD and in_first_half and stood


def _periods(
    period_of: PeriodOf,
    world: World,
    first: Contribution | None,
    found: Sequence[Contribution],
    since: Instant | None,
    begins: Instant | None,
    *,
    from_record: bool,
) -> Iterator[Period]:
    """Return the periods from where the record begins to the one that is running, or from the first contribution on.

    The first whole one after the record and whatever else `begins` is among them, though it may lie ahead: what is
    judged of it wakes when it begins, and so each period after it.
    """
    began = world.began if world.began is not None else first.at.earliest if first else None
    if began is None:
        return
    period, starting = period_of(began), period_of(began if begins is None else max(began, begins))
    whole = starting if starting.first >= max(began, begins or began) else period_of(starting.last + 1)
    until = max([world.hour + 1, whole.first, *(one.at.latest for one in found[-1:])])
    if since is not None and since > period.first:
        period = period_of(since)
    while period.first <= until:
        if from_record or (first is not None and first.at.latest <= period.last):
            yield period
        period = period_of(period.last + 1)


def _too_many(
    scale: Scale, most: Decimal, period: Period, world: World, key: str, known: Mapping[int, Judgement], *, quiet: bool
) -> Iterator[Judgement]:
    """Judge each contribution that exceeds the upper bound; `quiet` says nothing of a period within it."""
    exceeded = False
    reached = Decimal(0)
    for number, (one, total) in enumerate(zip(scale.sure, scale.bounds.running(scale.sure), strict=True), start=1):
        if total > most and total > reached:
            exceeded = True
            found = known.get(one.fact.id.int)
            yield found or exceeding(scale.sure[:number], total, most, period.name, world, key)
        reached = total
    if exceeded or not scale.all:
        return
    open_one = scale.unlimited or scale.bounds.total(scale.all) > most
    if open_one or not quiet:
        last = scale.all[-1] if open_one else scale.all[0]
        yield Judgement(
            subject=subject_of(world, key),
            party=party_of(key),
            period=period.name,
            trigger=last.fact,
            state="not_determinable" if open_one else "satisfied",
            opened=last.at,
            happened=last.at,
            facts=tuple(one.fact for one in scale.all),
            missing=scale.missing() if open_one else (),
        )


def _too_few(  # a key, its period, and what holds it to the bound, perhaps in doubt
    scale: Scale, least: Decimal, period: Period, world: World, key: str, opener: AnyFact, doubt: Contribution | None
) -> Judgement:
    """Judge the lower bound of a period: waiting before it begins, open while it runs, then satisfied or not."""
    enough = scale.at_least(least)
    unsure = () if doubt is None else doubt.missing
    if enough is False and doubt is not None:
        enough = None
    begun, over = world.hour + 1 >= period.first, world.hour >= period.last
    running = "open" if begun else "waiting"
    state = "satisfied" if enough else running if not over else "not_determinable" if enough is None else "violated"
    ended = state in {"not_determinable", "violated"}
    return Judgement(
        subject=subject_of(world, key),
        party=party_of(key),
        period=period.name,
        trigger=opener,
        state=state,  # type: ignore[arg-type]  # one of five literals
        opened=Moment.at(period.first),
        due=period.last,
        wake=None if over else period.last if begun or enough else period.first,
        expired=ended,
        facts=(opener, *each_once(*(one.fact for one in scale.all))),
        missing=tuple(dict.fromkeys((*unsure, *scale.missing()))) if state == "not_determinable" else (),
        reason=(_said(scale, least, period),) if ended else (),
    )


def _said(scale: Scale, least: Decimal, period: Period) -> Say:
    total, days = scale.bounds.total(scale.sure), days_of(scale.sure) or "—"
    return Say(
        f"{period.name} 累计 {total}，至少 {least}：{days}", f"{total} in {period.name}, at least {least}: {days}"
    )
