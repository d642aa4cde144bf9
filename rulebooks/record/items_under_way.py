"""When each item of a meeting was before it: from its opening to its decision, anew each time that it is taken up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.meeting_room import MeetingDecisionMade, MeetingItemOpened
from events.moment import day_of, end_of
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.moment import Instant, Moment
    from rulebooks.record.casefile import CaseFile

ITEM_OPENED: Final = "meeting.item_opened.v1"
CLOSED: Final = "meeting.closed.v1"
ITEMS: Final = (ITEM_OPENED, "meeting.decision_made.v1")


class Stretch(NamedTuple):
    """A time in which an item was under way, in microseconds, both ends included; `item` None is the opening.

    An item of which only the day is known may have been under way at any time of it. `open_for` names what would tell
    whether the item was under way then; it is empty where it surely was.
    """

    item: int | None
    name: str
    first: Instant
    last: Instant
    day_only: bool = False
    open_for: str = ""


def items_under_way(file: CaseFile, openings: Sequence[Moment]) -> tuple[tuple[Stretch, ...], ...]:
    """Return the stretches of each item of a meeting with these openings, the items in the order of their beginning.

    A stretch ends where the item is opened anew, where the meeting is, and with the day. Between the opening of another
    item and its own decision an item may have been put aside; one without a decision ends with the next item or the
    close, and where neither is on record at an unknown time of the day.
    """
    recorded: dict[str, list[AnyFact]] = {}
    for fact in file.of_types(ITEMS):
        if isinstance(fact.data, MeetingItemOpened | MeetingDecisionMade):
            recorded.setdefault(_name(fact.data), []).append(fact)
    found = [
        tuple(stretch for run in _runs(facts, openings) for stretch in _stretches(file, name, run, openings))
        for name, facts in recorded.items()
    ]
    return tuple(sorted(found, key=lambda one: (one[0].first, one[0].name)))


def _name(data: MeetingItemOpened | MeetingDecisionMade) -> str:
    return f"item {data.item}" if data.item else f"item 0 {data.matter}"


def _runs(facts: Sequence[AnyFact], openings: Sequence[Moment]) -> list[list[AnyFact]]:
    """Part what is recorded of an item, in the order of time, where it was taken up anew; a day without hours stays."""
    runs: list[list[AnyFact]] = []
    vague = {fact.occurred_at.day for fact in facts if fact.occurred_at.day_only}
    before: object = None
    for fact in facts:
        at = fact.occurred_at
        sitting = (at.day, None if at.day in vague else sum(one.earliest <= at.earliest for one in openings))
        if sitting != before or (isinstance(fact.data, MeetingItemOpened) and at.day not in vague):
            runs.append([])
        runs[-1].append(fact)
        before = sitting
    return runs


def _stretches(file: CaseFile, name: str, run: Sequence[AnyFact], openings: Sequence[Moment]) -> Iterator[Stretch]:
    """Return when an item was under way in one run: from its opening, if recorded, through the decisions on it."""
    item: int = run[0].data.item  # type: ignore[attr-defined]  # only facts of an item are in a run
    first, last = run[0].occurred_at.earliest, run[-1].occurred_at.earliest
    open_for = f"{file.key} {ITEM_OPENED}: {name}"
    if run[-1].occurred_at.day_only:
        begins = min(one.occurred_at.earliest for one in run)
        yield Stretch(item, name, begins, run[-1].occurred_at.latest, day_only=True)
        return
    others, anew = _what_ends_it(file, name, first, openings)
    if isinstance(run[-1].data, MeetingDecisionMade) and others >= last:
        yield Stretch(item, name, first, last)
    elif isinstance(run[-1].data, MeetingDecisionMade):
        yield Stretch(item, name, first, others - 1)
        yield Stretch(item, name, others, last - 1, open_for=open_for)
        yield Stretch(item, name, last, last)
    elif others <= anew:
        yield Stretch(item, name, first, others - 1)
    else:
        yield Stretch(item, name, first, first)
        yield Stretch(item, name, first, anew - 1, open_for=open_for)


def _what_ends_it(file: CaseFile, name: str, first: Instant, openings: Iterable[Moment]) -> tuple[Instant, Instant]:
    """Return when the next item was opened or the meeting closed, and when this item or the meeting was opened anew.

    The day ends it too, as if it were taken up anew.
    """
    others, anew = [ALWAYS], [end_of(day_of(first)) + 1, *(one.earliest for one in openings)]
    for fact in file.of_types((ITEM_OPENED, CLOSED)):
        if not fact.occurred_at.day_only:
            own = isinstance(fact.data, MeetingItemOpened) and _name(fact.data) == name
            (anew if own else others).append(fact.occurred_at.earliest)
    return min(at for at in others if at > first), min(at for at in anew if at > first)
