"""Who was in the room of a meeting as a member, at the opening and while each item was under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.meeting_room import (
    MeetingAttendanceRecorded,
    MeetingPersonLeft,
    MeetingPersonRejoined,
    MeetingRecusalMade,
)
from rulebooks.language.frame import each_once
from rulebooks.record.items_under_way import CLOSED, ITEMS, Stretch, items_under_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact, PersonId
    from events.moment import Instant, Moment
    from rulebooks.language.truth import Truth
    from rulebooks.record.casefile import CaseFile

ATTENDANCE: Final = "meeting.attendance_recorded.v1"
MOVES: Final = ("meeting.person_left.v1", "meeting.person_rejoined.v1")
RECUSAL: Final = "meeting.recusal_made.v1"
RECORDS: Final = (ATTENDANCE, *MOVES, RECUSAL, *ITEMS, CLOSED)


class Move(NamedTuple):
    """A person came in or went out, at any time from `first` to `last`; they differ where the hour is not known."""

    first: Instant
    last: Instant
    inside: bool
    fact: AnyFact


class Seen(NamedTuple):
    """Whether a person was in the room as a member at a moment, None when not recorded, and the facts that show it."""

    inside: Truth
    facts: tuple[AnyFact, ...] = ()


class Room:
    """The room of one meeting from its first opening on; `openings` are all of them, where it was opened again too.

    Attendance recorded with the day alone, or not after the opening, counts from the opening; recorded later, the
    person came later. Who left with the day alone known left when the item named began, or, with none named, at any
    time of that day.
    """

    def __init__(self, file: CaseFile, openings: Sequence[Moment], *, recused_absent: bool) -> None:
        self._file = file
        self._openings = openings
        self._opened = opened = openings[0]
        self._recused_absent = recused_absent
        self._moves: dict[PersonId, tuple[Move, ...]] = {}
        self.opening = Stretch(None, "opening", opened.earliest, opened.earliest)
        self.items = items_under_way(file, openings)

    def moments(self, stretch: Stretch, persons: Iterable[PersonId]) -> list[Instant]:
        """Return the moments of a stretch at which the room changed, its start first; of the opening, each of them."""
        if stretch.item is None:
            return [one.earliest for one in self._openings]
        moved = (at for person in persons for move in self._of(person) for at in (move.first, move.last))
        return sorted({stretch.first, *(at for at in moved if stretch.first < at <= stretch.last)})

    def seen(self, person: PersonId, stretch: Stretch, at: Instant) -> Seen:
        """Tell whether a person was in the room, as a member, at a moment of a stretch."""
        recused = self._recusal(person, stretch)
        if recused is not None and self._recused_absent:
            return Seen(inside=False, facts=(recused,))
        moves = self._of(person)
        if recused is not None:
            moves = tuple(one for one in moves if not self._belongs_to(one, stretch))
        if not stretch.day_only:
            return _at(moves, stretch, at)
        answers = [_at(moves, stretch, moment) for moment in self._times(moves, stretch)]
        if len({one.inside for one in answers}) == 1:
            return answers[-1]
        return Seen(inside=None, facts=tuple(move.fact for move in moves))

    def _times(self, moves: Iterable[Move], stretch: Stretch) -> list[Instant]:
        """Return when the room changed for one person on the days of a stretch, from the opening on that day on."""
        opened = (one.earliest for one in self._openings if stretch.first <= one.earliest <= stretch.last)
        first = min(opened, default=stretch.first)
        return [first, *(move.last for move in moves if first < move.last <= stretch.last)]

    def _recusal(self, person: PersonId, stretch: Stretch) -> AnyFact | None:
        wanted = (person, stretch.item)
        for fact in self._file.of_type(RECUSAL) if stretch.item is not None else ():
            data = fact.data
            if isinstance(data, MeetingRecusalMade) and data.left_room and (data.person, data.item) == wanted:
                return fact
        return None

    def _of(self, person: PersonId) -> tuple[Move, ...]:
        found = self._moves.get(person)
        if found is None:
            found = self._moves[person] = (*self._arrivals(person), *self._departures(person))
        return found

    def _arrivals(self, person: PersonId) -> Iterator[Move]:
        """Read attendance: of somebody recorded as a member only that counts; anybody else was not there as one."""
        records = [(fact, fact.data) for fact in self._file.of_type(ATTENDANCE)]
        mine = [
            (fact, data)
            for fact, data in records
            if isinstance(data, MeetingAttendanceRecorded) and data.person == person
        ]
        as_member = [(fact, data) for fact, data in mine if data.capacity == "member"]
        start = self._opened.earliest
        if not as_member and mine:
            yield Move(start, start, inside=False, fact=mine[0][0])
            return
        for number, (fact, data) in enumerate(as_member):
            later = self._opened.before(fact.occurred_at) is True
            if number == 0 and later:
                yield Move(start, start, inside=False, fact=fact)
            at = fact.occurred_at.earliest if later else start
            yield Move(at, at, inside=data.present, fact=fact)

    def _departures(self, person: PersonId) -> Iterator[Move]:
        mine = [fact for fact in self._file.of_types(MOVES) if getattr(fact.data, "person", None) == person]
        recorded = any(getattr(fact.data, "person", None) == person for fact in self._file.of_type(ATTENDANCE))
        start = self._opened.earliest
        if mine and not recorded and isinstance(mine[0].data, MeetingPersonLeft):
            yield Move(start, start, inside=True, fact=mine[0])
        for fact in mine:
            back = isinstance(fact.data, MeetingPersonRejoined)
            yield Move(*self._bounds(fact, back=back), inside=back, fact=fact)

    def _bounds(self, fact: AnyFact, *, back: bool) -> tuple[Instant, Instant]:
        first, last = fact.occurred_at.earliest, fact.occurred_at.latest
        if first == last:
            return first, last
        item = getattr(fact.data, "item", None)
        named = (stretch for stretches in self.items for stretch in stretches if stretch.item == item)
        there = [one for one in named if not one.day_only and first <= one.first <= last]
        if there:
            at = there[-1].last if back else there[0].first
            return at, at
        return max(first, self._opened.earliest + 1), last

    def _belongs_to(self, move: Move, stretch: Stretch) -> bool:
        """Tell whether a person went out or came back for the sake of an item or while it was under way."""
        if isinstance(move.fact.data, MeetingAttendanceRecorded):
            return False
        if getattr(move.fact.data, "item", None) == stretch.item:
            return True
        under_way = (one for stretches in self.items for one in stretches if one.name == stretch.name)
        return any(one.first <= move.first and move.last <= one.last for one in under_way)


def _at(moves: tuple[Move, ...], stretch: Stretch, at: Instant) -> Seen:
    """Tell whether a person was there, however late the moves of unknown hour were made, and however early."""
    found = _after(sorted(moves, key=lambda one: (one.last, one.fact.sequence)), stretch, at)
    if all(one.first == one.last for one in moves):
        return found
    open_ones = [one.fact for one in moves if one.first <= at < one.last and one.inside is not found.inside]
    sooner = _after(sorted(moves, key=lambda one: (one.first, one.fact.sequence)), stretch, at)
    if open_ones or sooner.inside is not found.inside:
        return Seen(None, tuple(each_once(*found.facts, *sooner.facts, *open_ones)))
    return found


def _after(moves: Iterable[Move], stretch: Stretch, at: Instant) -> Seen:
    found = Seen(inside=None)
    for move in moves:
        if move.last <= at and not _belongs_to_next(move, stretch):
            found = Seen(move.inside and _for_item(move.fact, stretch.item), (move.fact,))
    return found


def _belongs_to_next(move: Move, stretch: Stretch) -> bool:
    """Tell whether somebody who moved at the very end of an item did so for the sake of the next."""
    named = getattr(move.fact.data, "item", None)
    return move.last == stretch.last and isinstance(named, int) and stretch.item is not None and named != stretch.item


def _for_item(fact: AnyFact, item: int | None) -> bool:
    """Tell whether an attendance that is bounded to some items holds for one."""
    items = getattr(fact.data, "items", None)
    return not isinstance(items, tuple) or item in items
