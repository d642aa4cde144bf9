"""A watch to try facts on: it goes on from where another stands, reads what that one saved, and keeps all to itself."""
# ruff: noqa: SLF001  a throwaway is a second body for the state of a watch and of an alert book, field by field

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from projections.alerts.book import AlertBook
from projections.watch.watch import Watch
from rulebooks.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.alerts.book import KnownAlerts
    from projections.watch.shelf import Kept, Link, Shelf
    from rulebooks.working_days import Calendar

State = TypeVar("State")


class Taken(NamedTuple):
    """The watch and the alert book of one district, as they stand together.

    `quiet` tells that no other fact came since the clock last struck.
    """

    watch: Watch
    book: AlertBook
    quiet: bool = False


class LaidOver:
    """A shelf as it was saved at a position, with facts laid over it that were taken since and are not saved."""

    def __init__(self, shelf: Shelf, position: int) -> None:
        self._shelf = shelf
        self._position = position
        self._taken: dict[UUID, AnyFact] = {}

    def lay(self, fact: AnyFact) -> None:
        """Lay a fact over the shelf, before a watch takes it."""
        self._taken[fact.id] = fact

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that were saved; a watch holds those that it took since."""
        return self._shelf.facts_of(case, min(through, self._position))

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id, saved or laid over."""
        taken = self._taken.get(fact_id)
        return self._shelf.fact(fact_id) if taken is None else taken

    def standing_of(self, subject: str) -> Iterable[Kept]:
        """Return the judgements saved for a subject."""
        return self._shelf.standing_of(subject)

    def links_to(self, target: str) -> Iterable[Link]:
        """Return the links saved that lead to a case."""
        return self._shelf.links_to(target)

    def subjects_since(self, instant: Instant) -> Iterable[str]:
        """Return the cases saved whose facts or intervals reach an instant."""
        return self._shelf.subjects_since(instant)

    def subjects_violating(self) -> Iterable[str]:
        """Return the subjects for which a violation, waived or not, was saved."""
        return self._shelf.subjects_violating()


def throwaway(taken: Taken, published: Calendar, shelf: Shelf, saved: KnownAlerts) -> Taken:
    """Return a watch and its alerts that go on from others, all of which must have been saved on the shelf.

    `published` is the calendar before any notice was adopted.
    """
    watch = _watch(taken.watch, published, shelf)
    return Taken(watch, _book(taken.book, saved, watch), taken.quiet)


def _book(book: AlertBook, saved: KnownAlerts, watch: Watch) -> AlertBook:
    other = AlertBook(book._district, book._by, saved, watch.struck)
    other._wakes = book._wakes.copied()
    other._policies._shipped = book._policies._shipped
    other._policies._adoptions = list(book._policies._adoptions)
    other._policy_change = book._policy_change
    return other


def _watch(watch: Watch, published: Calendar, shelf: Shelf) -> Watch:
    """Return another watch: cases are read from the shelf when they are needed, the roster and the like are copied."""
    other = Watch(watch.rules, published, shelf, watch._dispatch)
    other.position = other.files.through = watch.position
    for name in ("roster", "absences", "mandates", "force"):
        setattr(other.world, name, _own(getattr(watch.world, name)))
    for name in ("calendar", "hour", "began", "set_up"):
        setattr(other.world, name, getattr(watch.world, name))
    other._corrections._facts = dict(watch._corrections._facts)
    other._corrections._against = _own(watch._corrections._against)
    other._background.waivers = _own(watch._background.waivers)
    other._background._calendar_facts = list(watch._background._calendar_facts)
    other._standing.wakes = watch._standing.wakes.copied()
    for name in ("_of_case", "_of_key", "_since", "_anew", "_unsettled", "_reach"):
        setattr(other._counts, name, _own(getattr(watch._counts, name)))
    return other


def _own(state: State) -> State:
    """Return state with containers of its own, down to those that lie in its fields; what is immutable is shared."""
    if isinstance(state, dict):
        nested = isinstance(next(iter(state.values()), None), dict | list | set | Timeline)
        return type(state)({key: _own(one) for key, one in state.items()} if nested else state)
    if isinstance(state, list | set):
        return copy.copy(state)
    if not hasattr(state, "__dict__"):
        return state
    other = copy.copy(state)
    vars(other).update({name: _own(value) for name, value in vars(state).items()})
    return other
