"""Everything that rules may ask: case files and their links, roster, absences, mandates, calendar, the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rulebooks.record.absences import Absences
from rulebooks.record.mandates import Mandates
from rulebooks.record.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.moment import Instant, Moment
    from rulebooks.calendar.working_days import Calendar
    from rulebooks.record.casefile import CaseFile
    from rulebooks.rule import Header


class Files(Protocol):
    """Where case files are found; an empty file for a case that has no fact yet."""

    def file(self, key: str) -> CaseFile:
        """Return the file of a case."""

    def referring(self, key: str, kind: str | None, field: str | None) -> Iterable[str]:
        """Return the cases (of a kind) that refer to a case (through a field)."""

    def referred(self, key: str, field: str | None) -> Iterable[str]:
        """Return the cases to which a case refers (through a field)."""

    def fields_between(self, source: str, target: str) -> Sequence[str]:
        """Return the fields through which a case refers to another."""


class World:
    """What is known of one district at the watch's hour (microseconds since 1970-01-01T00:00Z).

    `force` holds the days in force of the rulebooks whose adoption or end is itself a recorded fact; the others judge
    by the days written in them. `began` is when the first act occurred that is recorded, `set_up` when the first entry
    of the roster did.
    """

    __slots__ = ("absences", "began", "calendar", "files", "force", "hour", "mandates", "roster", "set_up")

    def __init__(self, files: Files, calendar: Calendar, hour: Instant = 0) -> None:
        self.files = files
        self.calendar = calendar
        self.hour = hour
        self.roster = Roster()
        self.absences = Absences()
        self.mandates = Mandates()
        self.force: dict[str, tuple[Instant, Instant]] = {}
        self.began: Instant | None = None
        self.set_up: Instant | None = None

    def judges(self, header: Header, moment: Moment) -> bool:
        """Tell whether an act of a moment falls under the rulebook of a rule."""
        since, until = header.since, header.until
        if self.force:
            since, until = self.force.get(header.rulebook, (since, until))
        return since <= moment.latest and moment.earliest <= until

    def in_force_since(self, header: Header) -> Instant:
        """Return from when on the rulebook of a rule judges."""
        return self.force.get(header.rulebook, (header.since, header.until))[0]
