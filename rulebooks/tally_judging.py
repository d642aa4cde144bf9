"""Judging counts: by calendar period, or in a window that rolls with each contribution."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import MICROSECONDS_A_DAY, Moment, day_of
from rulebooks.frame import each_once
from rulebooks.judgement import Judgement, Say
from rulebooks.tallies import NONE_EXCEEDED, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.judgement import State
    from rulebooks.limits import Limit
    from rulebooks.periods import Period, PeriodOf
    from rulebooks.rule import Header
    from rulebooks.tallies import Contribution
    from rulebooks.world import World

LONG_PERIOD: Final = 150 * MICROSECONDS_A_DAY
"""Half a year is longer than this, a quarter is not."""
ESTABLISHED: Final = "roster.unit_established.v1"
NAMED_AT_MOST: Final = 12


class Bounds(NamedTuple):
    """How many or how much at least and at most, and how it is measured: count, sum or distinct."""

    least: Decimal | None
    most: Decimal | None
    measure: str

    def total(self, contributions: Sequence[Contribution]) -> Decimal:
        """Return what these contributions come to; what is not recorded adds nothing."""
        total = Decimal(0)
        for total in self.running(contributions):  # noqa: B007  # the last total is the whole
            pass
        return total

    def running(self, contributions: Iterable[Contribution]) -> Iterator[Decimal]:
        """Return the total after each contribution."""
        total, seen = Decimal(0), set[str]()
        for one in contributions:
            if one.value is not None and (self.measure != "distinct" or one.what not in seen):
                seen.add(one.what)
                total += one.value
            yield total


class Scale(NamedTuple):
    """The contributions of one period: those that count for certain, and whether others may count."""

    bounds: Bounds
    all: Sequence[Contribution]
    sure: Sequence[Contribution]

    @classmethod
    def of(cls, bounds: Bounds, contributions: Sequence[Contribution]) -> Scale:
        """Return the contributions of a period, set apart."""
        sure = [one for one in contributions if one.sure and one.value is not None]
        return cls(bounds, contributions, sure)

    @property
    def unlimited(self) -> bool:
        """Whether a value that may be any amount is not recorded."""
        return self.bounds.measure != "count" and any(one.value is None for one in self.all)

    def at_least(self, wanted: Decimal) -> bool | None:
        """Tell whether the total reaches a number."""
        if self.bounds.total(self.sure) >= wanted:
            return True
        return None if self.unlimited or self.bounds.total(self.all) >= wanted else False

    def missing(self) -> tuple[str, ...]:
        """Return what keeps the total open."""
        found = [text for one in self.all if not one.sure for text in one.missing]
        found += [f"{_case(one.fact)} {one.fact.type}: value" for one in self.all if one.value is None]
        return tuple(dict.fromkeys(found))


def judge_periods(  # noqa: PLR0913, PLR0917  # a key, its first contribution and those of the periods asked for
    header: Header,
    bounds: Bounds,
    period_of: PeriodOf,
    world: World,
    key: str,
    first: Contribution | None,
    found: Sequence[Contribution],
    since: Instant | None = None,
    exceeded: Mapping[int, Judgement] = NONE_EXCEEDED,
) -> list[Judgement]:
    """Judge the calendar periods of a key: those with contributions and, with a lower bound, those without.

    `first` is the key's first contribution of all; with `since` only the periods from the one in which that instant
    lies are judged, of which `found` are the contributions.
    """
    judged: list[Judgement] = []
    if bounds.most is not None:
        for period in dict.fromkeys(period_of(one.at.earliest) for one in found):
            scale = Scale.of(bounds, within(found, period.first, period.last))
            quiet = bounds.least is not None
            judged += _too_many(scale, bounds.most, period, world, key, exceeded, quiet=quiet)
    opener = _opener(world, key, first)
    if bounds.least is not None and opener is not None:
        for period in _periods(period_of, world, key, first, found, since):
            inside = all(world.judges(header, Moment.at(edge)) for edge in (period.first, period.last))
            if inside:
                scale = Scale.of(bounds, within(found, period.first, period.last))
                one = _too_few(scale, bounds.least, period, world, key, opener)
                if one.state == "satisfied" or _covered(period, world):
                    judged.append(one)
    return judged


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


def _opener(world: World, key: str, first: Contribution | None) -> AnyFact | None:
    """Return the fact to which the duty of a key is tied: what set up the government, else the first contribution."""
    if not key:
        established = world.files.file(_subject(world, key)).of_type(ESTABLISHED)
        if established:
            return established[0]
    return None if first is None else first.fact


def _periods(
    period_of: PeriodOf,
    world: World,
    key: str,
    first: Contribution | None,
    found: Sequence[Contribution],
    since: Instant | None,
) -> Iterator[Period]:
    """Return the periods from where the record begins to the one that is running; a key's since it occurs."""
    began = world.began if world.began is not None else first.at.earliest if first else None
    if began is None:
        return
    period = period_of(began)
    whole = period if period.first >= began else period_of(period.last + 1)
    until = max([world.hour + 1, whole.first, *(one.at.latest for one in found[-1:])])
    if since is not None and since > period.first:
        period = period_of(since)
    while period.first <= until:
        if not key or (first is not None and first.at.latest <= period.last):
            yield period
        period = period_of(period.last + 1)


def _too_many(
    scale: Scale, most: Decimal, period: Period, world: World, key: str, known: Mapping[int, Judgement], *, quiet: bool
) -> Iterator[Judgement]:
    """Judge each contribution that exceeds the upper bound; `quiet` says nothing of a period within it."""
    exceeded = False
    reached = Decimal(0)
    for number, total in enumerate(scale.bounds.running(scale.sure), start=1):
        if total > most and total > reached:
            exceeded = True
            found = known.get(scale.sure[number - 1].fact.id.int)
            yield found or _exceeding(scale.sure[:number], total, most, period.name, world, key)
        reached = total
    if exceeded or not scale.all:
        return
    open_one = scale.unlimited or scale.bounds.total(scale.all) > most
    if open_one or not quiet:
        last = scale.all[-1] if open_one else scale.all[0]
        yield Judgement(
            subject=_subject(world, key),
            party=_party(key),
            period=period.name,
            trigger=last.fact,
            state="not_determinable" if open_one else "satisfied",
            opened=last.at,
            happened=last.at,
            facts=tuple(one.fact for one in scale.all),
            missing=scale.missing() if open_one else (),
        )


def _exceeding(
    upto: Sequence[Contribution], total: Decimal, most: Decimal, period: str | None, world: World, key: str
) -> Judgement:
    last = upto[-1]
    days = _days(upto)
    when, when_en = (f"{period} ", f" in {period}") if period else ("", "")
    return Judgement(
        subject=_subject(world, key),
        party=_party(key),
        period=period,
        trigger=last.fact,
        state="violated",
        opened=last.at,
        happened=last.at,
        facts=tuple(each_once(*(one.fact for one in upto))),
        reason=(Say(f"{when}累计 {total}，最多 {most}：{days}", f"{total}{when_en}, at most {most}: {days}"),),
    )


def _too_few(scale: Scale, least: Decimal, period: Period, world: World, key: str, opener: AnyFact) -> Judgement:
    """Judge the lower bound of a period: waiting before it begins, open while it runs, then satisfied or not."""
    enough = scale.at_least(least)
    begun, over = world.hour + 1 >= period.first, world.hour >= period.last
    total, days = scale.bounds.total(scale.sure), _days(scale.sure) or "—"
    said = Say(
        f"{period.name} 累计 {total}，至少 {least}：{days}", f"{total} in {period.name}, at least {least}: {days}"
    )
    running = "open" if begun else "waiting"
    state = "satisfied" if enough else running if not over else "not_determinable" if enough is None else "violated"
    ended = state in {"not_determinable", "violated"}
    return Judgement(
        subject=_subject(world, key),
        party=_party(key),
        period=period.name,
        trigger=opener,
        state=state,  # type: ignore[arg-type]  # one of five literals
        opened=Moment.at(period.first),
        due=period.last,
        wake=None if over else period.last if begun or enough else period.first,
        expired=ended,
        facts=(opener, *each_once(*(one.fact for one in scale.all))),
        missing=scale.missing() if state == "not_determinable" else (),
        reason=(said,) if ended else (),
    )


def judge_rolling(
    bounds: Bounds, window: Limit, world: World, key: str, found: Sequence[Contribution]
) -> list[Judgement]:
    """Judge a window that rolls: no more than so many within it, or the next one before it ends."""
    judged: list[Judgement] = []
    if bounds.most is not None:
        judged += _crowded(bounds, bounds.most, window, world, key, found)
    if bounds.least is not None:
        sure = [one for one in found if one.sure]
        for number, one in enumerate(sure):
            following = sure[number + 1] if number + 1 < len(sure) else None
            judged.append(_followed(one, following, window, world, key))
    return judged


def _crowded(
    bounds: Bounds, most: Decimal, window: Limit, world: World, key: str, found: Sequence[Contribution]
) -> Iterator[Judgement]:
    sure = [one for one in found if one.sure and one.value is not None]
    crowded = False
    start = 0
    for number, one in enumerate(sure, start=1):
        while window.after(sure[start].at, world.calendar).instant < one.at.earliest:
            start += 1
        total = bounds.total(sure[start:number])
        if total > most:
            crowded = True
            yield _exceeding(sure[start:number], total, most, None, world, key)
    if sure and not crowded:
        first = sure[0]
        yield Judgement(
            subject=_subject(world, key),
            party=_party(key),
            trigger=first.fact,
            state="satisfied",
            opened=first.at,
            happened=first.at,
            facts=tuple(each_once(*(one.fact for one in sure))),
        )


def _followed(one: Contribution, following: Contribution | None, window: Limit, world: World, key: str) -> Judgement:
    due = window.after(one.at, world.calendar)
    facts = (one.fact,) if following is None else (one.fact, following.fact)
    in_time = following is not None and following.at.earliest <= due.instant
    over = following is not None or world.hour >= due.instant
    late: State = "not_determinable" if one.fact.origin == "imported" else "violated"
    words = window.say()
    zh = f"{one.at.text} 之后{words.zh}内（至 {due.text}）没有下一次"
    return Judgement(
        subject=_subject(world, key),
        party=_party(key),
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
        reason=(Say(zh, f"no next one within {words.en} of {one.at.text} (by {due.text})"),)
        if over and not in_time
        else (),
    )


def _subject(world: World, key: str) -> str:
    """Return the case that a key names: the district's own is its government."""
    if key:
        return key
    governments = world.roster.units(("government",))
    return f"unit/{governments[0] if governments else 'u-gov'}"


def _party(key: str) -> str | None:
    return key.partition("/")[2] or None


def _days(contributions: Sequence[Contribution]) -> str:
    days = list(dict.fromkeys(day_of(one.at.earliest).isoformat() for one in contributions))
    if len(days) > NAMED_AT_MOST:
        return f"{days[0]} … {days[-1]}"
    return " ".join(days)


def _case(fact: AnyFact) -> str:
    return f"{fact.subject.kind}/{fact.subject.id}"
