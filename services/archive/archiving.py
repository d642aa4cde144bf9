"""Making the archive package: an evidence package of the closed cases, with a folder a case and the four tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from msgspec import Struct, to_builtins

from events.printing import from_stored
from services.archive.case_files import Counted, written_case
from services.archive.closed_cases import closed_in
from services.archive.four_tests import Check, four_tests
from services.archive.reporting import archive_report
from services.evidence.exporting import answerable, export
from services.evidence.wanted import EvidenceError, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from events.fact import AnyFact
    from events.ledger.sealed_facts import SealedFact, SealedReader
    from services.archive.closed_cases import ClosedCase, Year
    from services.evidence.wanted import Exported, Vouching
    from services.evidence.writing import Progressed

TESTS: Final = "tests.json"
REPORT: Final = "archive-report.html"
_READABLE: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_AT_ONCE: Final = 200


class Archived(Struct, frozen=True, kw_only=True):
    """What an archive package holds: cases by retention class, and what the four tests found."""

    district: str
    year: int
    cases: dict[str, int]
    package: Exported
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.outcome != "failed" for check in self.checks)


def archive(
    ledger: SealedReader,
    wanted: Wanted,
    vouching: Vouching,
    policy_text: Callable[[str], bytes | None],
    to: Path,
    progressed: Progressed = lambda _step, _done, _total: None,
) -> Archived:
    """Write the package of a year into a folder that is new or empty; errors as `export`, EvidenceError for no case.

    `wanted` says district and year, and as of which fact.
    """
    answerable(ledger, wanted)
    district, last = wanted.district, wanted.last
    year = closed_in(
        ledger, district, wanted.year or 0, last, lambda at: progressed("查找办结案卷 finding closed cases", at, last)
    )
    if not year.cases:
        raise EvidenceError(
            "evidence.no_such_year",
            f"{district} {year.year} 年没有办结的案卷，没有生成归档包；请核对年度。",
            f"No case of {district} was closed in {year.year}, so no archive package was made; check the year.",
        )
    counted = Counted()
    checks: list[Check] = []
    chosen = Wanted(district=district, last=last, sequences=tuple(_sequences(ledger, district, year)), year=year.year)

    def cases_and_tests(folder: Path) -> None:
        for number, (closed, facts) in enumerate(_cases(ledger, district, year), 1):
            written_case(folder, year, closed, facts, counted)
            progressed("案卷 cases", number, len(year.cases))
        checks.extend(four_tests(year, counted, vouched=bool(vouching.checkpoints)))
        told: dict[str, Any] = {"checks": to_builtins(checks), "series": to_builtins(year.series)}
        (folder / TESTS).write_bytes(orjson.dumps(told, option=_READABLE))
        (folder / REPORT).write_bytes(archive_report(district, year, checks, counted))

    package = export(ledger, chosen, vouching, policy_text, to, progressed, beside=cases_and_tests)
    by_retention: dict[str, int] = {}
    for closed in year.cases:
        by_retention[closed.retention] = by_retention.get(closed.retention, 0) + 1
    return Archived(district=district, year=year.year, cases=by_retention, package=package, checks=tuple(checks))


def _cases(
    ledger: SealedReader, district: str, year: Year
) -> Iterator[tuple[ClosedCase, list[tuple[AnyFact, SealedFact]]]]:
    """Give each closed case with its facts and their corrections, as stored and as read, in order."""
    for closed, sequences in _sequences_of_cases(ledger, district, year):
        facts = []
        for sequence in sequences:
            (sealed,) = ledger.sealed(district, sequence - 1, 1)
            facts.append((from_stored(sealed.type, sealed.payload), sealed))
        yield closed, facts


def _sequences(ledger: SealedReader, district: str, year: Year) -> list[int]:
    found: set[int] = set()
    for _, sequences in _sequences_of_cases(ledger, district, year):
        found.update(sequences)
    return sorted(found)


def _sequences_of_cases(ledger: SealedReader, district: str, year: Year) -> Iterator[tuple[ClosedCase, list[int]]]:
    for start in range(0, len(year.cases), _AT_ONCE):
        some = year.cases[start : start + _AT_ONCE]
        histories = ledger.read_cases(district, [one.case for one in some])
        for closed in some:
            own = [fact.sequence for fact in histories[closed.case] if fact.sequence <= year.through]
            yield closed, sorted({*own, *year.corrections.get(closed.case, ())})
