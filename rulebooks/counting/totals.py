"""What contributions to a count come to, and how it is said that they are too many."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import day_of
from rulebooks.judgement import Judgement, Say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rulebooks.counting.tallies import Contribution
    from rulebooks.record.world import World

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
        found = [text for one in self.all if not one.sure or one.value is None for text in one.missing]
        return tuple(dict.fromkeys(found))


def exceeding(
    upto: Sequence[Contribution], total: Decimal, most: Decimal, period: str | None, world: World, key: str
) -> Judgement:
    """Return the breach of the contribution, the last of these, by which a key's total exceeds the upper bound."""
    last = upto[-1]
    days, named = days_of(upto), tuple(dict.fromkeys([one.what for one in upto if one.what]))
    when, when_en = (f"{period} ", f" in {period}") if period else ("", "")
    return Judgement(
        subject=subject_of(world, key),
        party=party_of(key),
        period=period,
        trigger=last.fact,
        state="violated",
        opened=last.at,
        happened=last.at,
        facts=tuple({one.fact.sequence: one.fact for one in upto}.values()),
        reason=(
            Say(
                f"{when}累计 {total}，最多 {most}：{days}" + (f"；分别为 {'、'.join(named)}" if named else ""),
                f"{total}{when_en}, at most {most}: {days}" + (f"; namely {', '.join(named)}" if named else ""),
            ),
        ),
    )


def subject_of(world: World, key: str) -> str:
    """Return the case that a key names: the district's own is its government."""
    if key:
        return key
    governments = world.roster.units(("government",))
    return f"unit/{governments[0] if governments else 'u-gov'}"


def party_of(key: str) -> str | None:
    """Return the party that a key names; None for the district as a whole."""
    return key.partition("/")[2] or None


def days_of(contributions: Sequence[Contribution]) -> str:
    """Return the days of contributions, given in the order of time: the first and the last where they are many."""
    days: list[str] = []
    for one in contributions:
        day = day_of(one.at.earliest).isoformat()
        if not days or day != days[-1]:
            days.append(day)
        if len(days) > NAMED_AT_MOST:
            return f"{days[0]} … {day_of(contributions[-1].at.earliest)}"
    return " ".join(days)
