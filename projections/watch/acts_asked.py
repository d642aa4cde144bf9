"""Absences and entrustments read when a rule asks about their time: a long ledger has tens of thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from events.moment import MICROSECONDS_A_DAY
from projections.watch.own_copies import own_copy
from rulebooks.record.absences import Absences
from rulebooks.record.mandates import Mandates
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from events.fact import PersonId
    from events.moment import Instant
    from rulebooks.record.absences import Away
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.mandates import Mandate

ACTS: Final = frozenset({"absence", "entrustment"})
"""Case kinds that are read when they are asked for."""
EVERYTHING: Final = (-ALWAYS, ALWAYS)
NOTHING: Final = (ALWAYS, -ALWAYS)
_MARGIN: Final = 30 * MICROSECONDS_A_DAY
"""How far beyond what was asked about is read at once, since the next question is about a day nearby."""


class Acts(Protocol):
    """Whom absences and entrustments concern, in which cases: never fewer than they do, at any time."""

    def touching(self, kind: str, concerned: str, since: Instant, until: Instant) -> Iterable[str]:
        """Return the cases of a kind that may concern somebody in an interval."""
        ...

    def concerned(self, kind: str) -> Iterable[str]:
        """Return everybody whom a kind of case concerns."""
        ...


class NoActs:
    """Nothing saved: all that there is was taken."""

    def touching(self, kind: str, concerned: str, since: Instant, until: Instant) -> tuple[str, ...]:  # noqa: ARG002  there is none
        """Return no case."""
        return ()

    def concerned(self, kind: str) -> tuple[str, ...]:  # noqa: ARG002  as above
        """Return nobody."""
        return ()


class _Read:
    """Which persons were read, and for which interval; `held` is the interval that is held of everybody."""

    def __init__(self, kind: str, acts: Acts, put: Callable[[str], object], held: tuple[Instant, Instant]) -> None:
        self._kind = kind
        self._acts = acts
        self._put = put
        self._known: dict[str, tuple[Instant, Instant]] = {}
        self._cases: set[str] = set()
        self.held = held

    def case(self, case: str) -> None:
        """Read one case, unless it was read already."""
        if case not in self._cases:
            self._cases.add(case)
            self._put(case)

    def person(self, person: str, since: Instant, until: Instant) -> None:
        """Read what concerns a person in an interval."""
        low, high = self._known.get(person, self.held)
        if low <= since and until <= high:
            return
        low, high = min(low, since - _MARGIN), max(high, until + _MARGIN)
        self._known[person] = (low, high)
        for case in self._acts.touching(self._kind, person, low, high):
            self.case(case)

    def hold_since(self, since: Instant) -> None:
        """Forget what was read: from now on all that reaches an instant is held, and nothing else."""
        self.held = (since, ALWAYS)
        self._known.clear()
        self._cases.clear()


class AbsencesAsked(Absences):
    """The absences of a district, each read with the first question that it may concern, unless it is held anyway."""

    def __init__(self, acts: Acts, file: Callable[[str], CaseFile], held: tuple[Instant, Instant] = EVERYTHING) -> None:
        super().__init__()
        self._acts = acts
        self._read = _Read("absence", acts, lambda case: self.put(file(case)), held)

    def of(self, case: str) -> Away | None:
        """Return one absence by its case."""
        found = super().of(case)
        if found is None and self._read.held != EVERYTHING:
            self._read.case(case)
            found = super().of(case)
        return found

    def of_person(self, person: PersonId, since: Instant, until: Instant) -> Iterator[Away]:
        """Return a person's absences that touch an interval."""
        if since < self._read.held[0]:
            self._read.person(person, since, until)
        return super().of_person(person, since, until)

    def during(self, since: Instant, until: Instant) -> list[Away]:
        """Return everybody's absences that touch an interval, by start."""
        if since >= self._read.held[0]:
            return super().during(since, until)
        return self.among({*self._of_person, *self._acts.concerned("absence")}, since, until)

    def hold_since(self, since: Instant) -> None:
        """Let go of the absences that ended before an instant; they are read again when somebody asks about them."""
        for over in [case for case, one in self._all.items() if one.until < since]:
            self.let_go(over)
        self._read.hold_since(since)

    def continue_from(self, before: AbsencesAsked) -> None:
        """Go on from where others stand, which stay as they are."""
        self._all, self._of_person = own_copy(before._all), own_copy(before._of_person)
        self._read.held = before._read.held


class MandatesAsked(Mandates):
    """The entrustments of a district, read as absences are."""

    def __init__(self, acts: Acts, file: Callable[[str], CaseFile], held: tuple[Instant, Instant] = EVERYTHING) -> None:
        super().__init__()
        self._read = _Read("entrustment", acts, lambda case: self.put(file(case)), held)

    def of(self, case: str) -> tuple[Mandate, ...]:
        """Return what was entrusted by one case, by start."""
        if case not in self._all and self._read.held != EVERYTHING:
            self._read.case(case)
        return super().of(case)

    def given_to(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments to a person that hold at an instant (or touch an interval), by start."""
        self._ask(person, at, at if until is None else until)
        return super().given_to(person, at, until)

    def given_by(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments by a person that hold at an instant (or touch an interval), by start."""
        self._ask(person, at, at if until is None else until)
        return super().given_by(person, at, until)

    def standing_in(self, person: PersonId, absence: str, since: Instant, until: Instant) -> list[Mandate]:
        """Return the entrustments by a person, or by anybody for his absence, that touch an interval, by start."""
        self._ask(person, since, until)
        self._ask(absence, since, until)
        return super().standing_in(person, absence, since, until)

    def given_for(self, absence: str, since: Instant) -> bool:
        """Tell whether anybody was entrusted for an absence beyond an instant."""
        self._ask(absence, since, ALWAYS)
        return super().given_for(absence, since)

    def _ask(self, concerned: str, since: Instant, until: Instant) -> None:
        if since < self._read.held[0]:
            self._read.person(concerned, since, until)

    def hold_since(self, since: Instant) -> None:
        """Let go of the entrustments that ended before an instant; they are read again as absences are."""
        for case in [case for case, there in self._all.items() if all(one.until < since for one in there)]:
            self.let_go(case)
        self._read.hold_since(since)

    def continue_from(self, before: MandatesAsked) -> None:
        """Go on from where others stand, which stay as they are."""
        self._all = own_copy(before._all)
        self._to, self._by, self._for = own_copy(before._to), own_copy(before._by), own_copy(before._for)
        self._read.held = before._read.held


class ActsAsked:
    """The absences and entrustments of a district; `held` is the interval of which all are held in memory."""

    def __init__(self, acts: Acts, file: Callable[[str], CaseFile], held: tuple[Instant, Instant] = EVERYTHING) -> None:
        self.absences = AbsencesAsked(acts, file, held)
        self.mandates = MandatesAsked(acts, file, held)
        self._file = file

    def recall(self, kind: str, case: str) -> None:
        """Read a case, before a fact of it is filed, as it stands until then."""
        if kind == "absence":
            self.absences.of(case)
        elif kind == "entrustment":
            self.mandates.of(case)

    def bring_back(self, cases: Iterable[str], since: Instant) -> None:
        """Take the cases that reach an instant; those that do not are read when somebody asks about their time."""
        for case in cases:
            kind = case.partition("/")[0]
            (self.absences if kind == "absence" else self.mandates).put(self._file(case))
        self.hold_since(since)

    def hold_since(self, since: Instant) -> None:
        """Let go of what ended before an instant, once it was saved."""
        self.absences.hold_since(since)
        self.mandates.hold_since(since)

    def continue_from(self, before: ActsAsked) -> None:
        """Go on from where others stand, which stay as they are."""
        self.absences.continue_from(before.absences)
        self.mandates.continue_from(before.mandates)
