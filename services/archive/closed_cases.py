"""Which cases were closed in a year, how long they are kept, and which document numbers are missing or double."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final
from uuid import UUID

from msgspec import UNSET, Struct

from events.document_issue import DocumentArchived, DocumentIssued
from events.fact import case_key
from events.minutes import MinutesIssued
from events.record import RecordAnnulled, RecordCorrected
from events.series import SeriesNumberReserved, SeriesNumberVoided, SeriesOpened
from services.recording.numbers import NumberSeries, number_series
from services.recording.struck import StruckFacts

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.ledger.port import LedgerReader

CLOSES: Final = frozenset(
    {
        "absence.cancelled.v1",
        "absence.returned.v1",
        "approval.given.v1",
        "approval.refused.v1",
        "approval.withdrawn.v1",
        "briefing.discontinued.v1",
        "concern.closed.v1",
        "contract.signed.v1",
        "countersign.closed.v1",
        "countersign.withdrawn.v1",
        "document.archived.v1",
        "entrustment.ended.v1",
        "instruction.closed.v1",
        "matter.closed.v1",
        "meeting.cancelled.v1",
        "meeting.closed.v1",
        "minutes.issued.v1",
        "minutes.withdrawn.v1",
        "report.answered.v1",
        "review.concluded.v1",
        "review.found_unnecessary.v1",
        "review.withdrawn.v1",
        "supervision.problem_closed.v1",
        "visit.cancelled.v1",
        "visit.made.v1",
    }
)
"""The types of fact with which a case has run its course; a document is closed by nothing but its archiving."""

NOT_DETERMINED: Final = "not_determined"
_NUMBERED: Final = (SeriesOpened, SeriesNumberReserved, SeriesNumberVoided, DocumentIssued, MinutesIssued)
_PAGE: Final = 2_000


class ClosedCase(Struct, frozen=True, kw_only=True):
    """A case that was closed: the fact that closed it, the day, and its retention class or `not_determined`."""

    case: str
    closed_by: int
    closed_on: str
    retention: str
    archive_no: str | None = None


class Year(Struct, frozen=True, kw_only=True):
    """What a year leaves to the archives, as of a sequence.

    `corrections` are the sequences of the corrections and annulments by the case whose facts they are about.
    """

    year: int
    through: int
    cases: tuple[ClosedCase, ...]
    series: tuple[NumberSeries, ...]
    corrections: dict[str, tuple[int, ...]]
    struck: frozenset[UUID]


def closed_in(ledger: LedgerReader, district: str, year: int, through: int, progressed: Callable[[int], None]) -> Year:
    """Go through a district once and return what was closed in a year; what was struck out closes nothing."""
    struck = StruckFacts(ledger).through_head(district)
    gathering = _Gathering(year, struck)
    series = number_series(gathering.numbered(ledger, district, through, progressed), struck)
    corrections = {
        case: tuple(found) for case, found in gathering.corrected(ledger, district).items() if case in gathering.cases
    }
    return Year(
        year=year,
        through=through,
        cases=tuple(sorted(gathering.cases.values(), key=lambda one: (one.retention, one.case))),
        series=tuple(one for one in series if one.year == year),
        corrections=corrections,
        struck=struck,
    )


class _Gathering:
    def __init__(self, year: int, struck: frozenset[UUID]) -> None:
        self.cases: dict[str, ClosedCase] = {}
        self._year = year
        self._struck = struck
        self._corrections: dict[UUID, list[int]] = {}

    def numbered(
        self, ledger: LedgerReader, district: str, through: int, progressed: Callable[[int], None]
    ) -> Iterator[AnyFact]:
        """Give the facts about document numbers, and gather closed cases and corrections on the way."""
        after = 0
        while after < through and (page := ledger.read(district, after, min(_PAGE, through - after))):
            for fact in page:
                if isinstance(fact.data, _NUMBERED):
                    yield fact
                if isinstance(fact.data, RecordCorrected | RecordAnnulled):
                    self._corrections.setdefault(fact.data.wrong, []).append(fact.sequence)
                if fact.type in CLOSES and fact.id not in self._struck:
                    self._closed(fact)
            after = page[-1].sequence
            progressed(after)

    def corrected(self, ledger: LedgerReader, district: str) -> dict[str, list[int]]:
        """Return the corrections by the case whose facts they are about."""
        found: dict[str, list[int]] = {}
        for wrong, sequences in self._corrections.items():
            fact = ledger.find(district, wrong)
            if fact is not None:
                found.setdefault(case_key(fact.subject), []).extend(sequences)
        return found

    def _closed(self, fact: AnyFact) -> None:
        """Take in that a case was closed; what closed it last decides its year."""
        case = case_key(fact.subject)
        self.cases.pop(case, None)
        if fact.occurred_at.day.year != self._year:
            return
        archived = fact.data if isinstance(fact.data, DocumentArchived) else None
        stated = archived is not None and archived.retention not in {UNSET, None}
        self.cases[case] = ClosedCase(
            case=case,
            closed_by=fact.sequence,
            closed_on=fact.occurred_at.day.isoformat(),
            retention=str(archived.retention) if archived is not None and stated else NOT_DETERMINED,
            archive_no=None if archived is None else archived.archive_no,
        )
