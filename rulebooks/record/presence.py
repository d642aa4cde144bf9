"""Who was in the room of a meeting as a member, at the opening and while each item was under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.meeting_room import (
    MeetingAttendanceRecorded,
    MeetingDecisionMade,
    MeetingItemOpened,
    MeetingPersonLeft,
    MeetingPersonRejoined,
    MeetingRecusalMade,
)
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact, PersonId
    from events.moment import Instant, Moment
    from rulebooks.language.truth import Truth
    from rulebooks.record.casefile import CaseFile

ATTENDANCE: Final = "meeting.attendance_recorded.v1"
MOVES: Final = ("meeting.person_left.v1", "meeting.person_rejoined.v1")
RECUSAL: Final = "meeting.recusal_made.v1"
ITEMS: Final = ("meeting.item_opened.v1", "meeting.decision_made.v1")
CLOSED: Final = "meeting.closed.v1"
RECORDS: Final = (ATTENDANCE, *MOVES, RECUSAL, *ITEMS, CLOSED)


class Stretch(NamedTuple):
    """The time in which an item was under way, in microseconds, both ends included; `item` None is the opening.

    An item of which only the day is known may have been under way at any time of it.
    """

    item: int | None
    name: str
    first: Instant
    last: Instant
    day_only: bool = False


class Move(NamedTuple):
    """A person came in or went out; `at` None when it may have been at any time after the opening."""

    at: Instant | None
    inside: bool
    fact: AnyFact


class Seen(NamedTuple):
    """Whether a person was in the room as a member at a moment, None when not recorded, and the facts that show it."""

    inside: Truth
    facts: tuple[AnyFact, ...] = ()


class Room:
    """The room of one meeting from its first opening on; `openings` are all of them, where it was opened again too.

    Attendance recorded with the day alone, or not after the opening, counts from the opening; recorded later, the
    person came later. Who left with the day alone known left when the item named began, or, with none named, any time.
    """

    def __init__(self, file: CaseFile, openings: Sequence[Moment], *, recused_absent: bool) -> None:
        self._file = file
        self._openings = openings
        self._opened = opened = openings[0]
        self._recused_absent = recused_absent
        self._moves: dict[PersonId, tuple[Move, ...]] = {}
        self.opening = Stretch(None, "opening", opened.earliest, opened.earliest)
        self.items = tuple(sorted(_items(file), key=lambda one: (one.first, one.name)))

    def moments(self, stretch: Stretch, persons: Iterable[PersonId]) -> list[Instant]:
        """Return the moments of a stretch at which the room changed, its start first; of the opening, each of them."""
        if stretch.item is None:
            return [one.earliest for one in self._openings]
        moved = (move.at for person in persons for move in self._of(person) if move.at is not None)
        return sorted({stretch.first, *(at for at in moved if stretch.first < at <= stretch.last)})

    def seen(self, person: PersonId, stretch: Stretch, at: Instant) -> Seen:
        """Tell whether a person was in the room, as a member, at a moment of a stretch."""
        recused = self._recusal(person, stretch)
        if recused is not None and self._recused_absent:
            return Seen(inside=False, facts=(recused,))
        moves = self._of(person)
        if recused is not None:
            moves = tuple(one for one in moves if not _belongs_to(one, stretch))
        if not stretch.day_only:
            return _at(moves, stretch, at)
        answers = [_at(moves, stretch, moment) for moment in self._times(moves)]
        if len({one.inside for one in answers}) == 1:
            return answers[-1]
        return Seen(inside=None, facts=tuple(move.fact for move in moves))

    def _times(self, moves: tuple[Move, ...]) -> list[Instant]:
        return [self._opened.earliest, *(move.at for move in moves if move.at is not None)]

    def _recusal(self, person: PersonId, stretch: Stretch) -> AnyFact | None:
        for fact in self._file.of_type(RECUSAL) if stretch.item is not None else ():
            data = fact.data
            if isinstance(data, MeetingRecusalMade) and data.person == person and data.item == stretch.item:
                return fact if data.left_room else None
        return None

    def _of(self, person: PersonId) -> tuple[Move, ...]:
        found = self._moves.get(person)
        if found is None:
            moves = [*self._arrivals(person), *self._departures(person)]
            moves.sort(key=lambda one: (ALWAYS if one.at is None else one.at, one.fact.sequence))
            found = self._moves[person] = tuple(moves)
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
            yield Move(start, inside=False, fact=mine[0][0])
            return
        for number, (fact, data) in enumerate(as_member):
            later = self._opened.before(fact.occurred_at) is True
            if number == 0 and later:
                yield Move(start, inside=False, fact=fact)
            yield Move(fact.occurred_at.earliest if later else start, inside=data.present, fact=fact)

    def _departures(self, person: PersonId) -> Iterator[Move]:
        mine = [fact for fact in self._file.of_types(MOVES) if getattr(fact.data, "person", None) == person]
        recorded = any(getattr(fact.data, "person", None) == person for fact in self._file.of_type(ATTENDANCE))
        if mine and not recorded and isinstance(mine[0].data, MeetingPersonLeft):
            yield Move(self._opened.earliest, inside=True, fact=mine[0])
        for fact in mine:
            back = isinstance(fact.data, MeetingPersonRejoined)
            yield Move(self._moment(fact, back=back), inside=back, fact=fact)

    def _moment(self, fact: AnyFact, *, back: bool) -> Instant | None:
        if not fact.occurred_at.day_only:
            return fact.occurred_at.earliest
        item = getattr(fact.data, "item", None)
        for one in self.items:
            if one.item == item and not one.day_only:
                return one.last if back else one.first
        return None


def _at(moves: tuple[Move, ...], stretch: Stretch, at: Instant) -> Seen:
    found = Seen(inside=None)
    for move in moves:
        if move.at is not None and move.at <= at and not _belongs_to_next(move, stretch):
            found = Seen(move.inside and _for_item(move.fact, stretch.item), (move.fact,))
    if stretch.item is not None:
        for move in moves:
            if move.at is None and move.inside is not found.inside:
                return Seen(inside=None, facts=(*found.facts, move.fact))
    return found


def _belongs_to_next(move: Move, stretch: Stretch) -> bool:
    """Tell whether somebody who moved at the very end of an item did so for the sake of the next."""
    named = getattr(move.fact.data, "item", None)
    return move.at == stretch.last and isinstance(named, int) and stretch.item is not None and named != stretch.item


def _belongs_to(move: Move, stretch: Stretch) -> bool:
    """Tell whether a person went out or came back for the sake of an item or while it was under way."""
    if isinstance(move.fact.data, MeetingAttendanceRecorded):
        return False
    if getattr(move.fact.data, "item", None) == stretch.item:
        return True
    return move.at is not None and stretch.first <= move.at <= stretch.last


def _for_item(fact: AnyFact, item: int | None) -> bool:
    """Tell whether an attendance that is bounded to some items holds for one."""
    items = getattr(fact.data, "items", None)
    return not isinstance(items, tuple) or item in items


def _items(file: CaseFile) -> Iterator[Stretch]:
    opened: dict[str, AnyFact] = {}
    decided: dict[str, list[AnyFact]] = {}
    numbers: dict[str, int] = {}
    for fact in file.of_types(ITEMS):
        data = fact.data
        if not isinstance(data, MeetingItemOpened | MeetingDecisionMade):
            continue
        name = f"item {data.item}" if data.item else f"item 0 {data.matter}"
        numbers[name] = data.item
        if isinstance(data, MeetingItemOpened):
            opened.setdefault(name, fact)
        else:
            decided.setdefault(name, []).append(fact)
    for name, item in numbers.items():
        yield _stretch(file, item, name, opened.get(name), decided.get(name, []))


def _stretch(file: CaseFile, item: int, name: str, opened: AnyFact | None, decided: list[AnyFact]) -> Stretch:
    known = [fact.occurred_at for fact in (opened, *decided) if fact is not None]
    if any(moment.day_only for moment in known):
        return Stretch(item, name, min(one.earliest for one in known), max(one.latest for one in known), day_only=True)
    first = known[0].earliest if opened is not None else min(one.earliest for one in known)
    after = [one.occurred_at.earliest for one in decided if one.occurred_at.earliest >= first]
    if after:
        return Stretch(item, name, first, max(after))
    ends = (fact.occurred_at for fact in file.of_types((ITEMS[0], CLOSED)))
    last = min((one.earliest - 1 for one in ends if not one.day_only and one.earliest > first), default=ALWAYS)
    return Stretch(item, name, first, last)
