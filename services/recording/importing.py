"""Importing public records: rows become facts, go into the ledger, and are judged as far as they tell anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.moment import Moment, instant_of
from projections.findings import FOUND, Finding, finding_of
from rulebooks.loading import rulebooks_of, shipped_districts
from rulebooks.problems import RulebookError
from services.checking import play
from services.public_records import facts_of_line
from services.public_rows import RowProblem, place_of
from services.recording.authorisation import Principal
from services.recording.embedded import Writer
from services.recording.request import Answer, Request

BATCH: Final = 64

Status = Literal["recorded", "repeated", "refused", "passed_over"]


class RowReport(Struct, frozen=True, kw_only=True):
    """What became of one row: its facts' sequence numbers, or why it brought none; and what the rules find for it.

    `rulebook` is None where the row's place has none here, so that nothing was judged.
    """

    file: str
    row: int
    status: Status
    district: str | None = None
    place: str | None = None
    sequences: tuple[int, ...] = ()
    code: str | None = None
    field: str | None = None
    zh: str | None = None
    en: str | None = None
    rulebook: str | None = None
    findings: tuple[Finding, ...] = ()


class ImportReport(Struct, frozen=True, kw_only=True):
    """All rows in the order in which they stood, counted by what became of them.

    `warnings` name the rulebooks that could not be read, so that nothing was judged by them.
    """

    recorded: int
    repeated: int
    refused: int
    passed_over: int
    rows: tuple[RowReport, ...]
    warnings: tuple[str, ...] = ()


class _Row(Struct, frozen=True):
    """A row that became facts."""

    file: str
    number: int
    facts: tuple[AnyFact, ...]


class _Judged(Struct, frozen=True):
    """By which rulebook a row was judged, and what was found."""

    rulebook: str
    findings: tuple[Finding, ...]


def import_files(
    files: Iterable[tuple[str, Iterable[bytes]]],
    writer: Writer,
    principal: Principal,
    *,
    now: dt.datetime,
    district: str | None = None,
    progressed: Callable[[int], None] = lambda _rows: None,
) -> ImportReport:
    """Import files, given by name and lines, and report row by row; raise LedgerError when the ledger itself fails.

    The facts of a row go in all or none. With `district` every row is taken as one of that district.
    """
    reports: list[RowReport] = []
    taken: list[_Row] = []
    for batch in _batches(_read(files, district)):
        answers = iter(
            writer.record_all([Request(facts=row.facts, principal=principal) for row in batch if isinstance(row, _Row)])
        )
        for row in batch:
            if isinstance(row, RowProblem):
                reports.append(_unread(row))
                continue
            answer = next(answers)
            reports.append(_report(row, answer))
            if answer.is_in_the_ledger:
                taken.append(row)
        progressed(len(batch))
    warnings: list[str] = []
    judged = _judged(taken, now, warnings)
    rows = tuple(_completed(one, judged.get((one.file, one.row))) for one in reports)
    counted = {status: sum(row.status == status for row in rows) for status in _STATUSES}
    return ImportReport(**counted, rows=rows, warnings=tuple(warnings))


_STATUSES: Final = ("recorded", "repeated", "refused", "passed_over")


def _read(files: Iterable[tuple[str, Iterable[bytes]]], district: str | None) -> Iterator[_Row | RowProblem]:
    for name, lines in files:
        for number, line in enumerate(lines, 1):
            text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if text:
                read = facts_of_line(text, number, file=name, district=district)
                yield read if isinstance(read, RowProblem) else _Row(name, number, tuple(read))


def _batches(rows: Iterator[_Row | RowProblem]) -> Iterator[list[_Row | RowProblem]]:
    batch: list[_Row | RowProblem] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _unread(problem: RowProblem) -> RowReport:
    return RowReport(
        file=problem.file,
        row=problem.row,
        status="refused" if problem.refused else "passed_over",
        code=problem.code,
        field=problem.field,
        zh=problem.zh,
        en=problem.en,
    )


def _report(row: _Row, answer: Answer) -> RowReport:
    district = row.facts[0].district
    if answer.status in {"recorded", "repeated"}:
        return RowReport(
            file=row.file,
            row=row.number,
            status="recorded" if answer.status == "recorded" else "repeated",
            district=district,
            place=place_of(district),
            sequences=tuple(receipt.sequence for receipt in answer.receipts),
        )
    problem = answer.problems[0]
    return RowReport(
        file=row.file,
        row=row.number,
        status="refused",
        district=district,
        place=place_of(district),
        code=problem.code,
        field=problem.field,
        zh=problem.zh,
        en=problem.en,
    )


def _judged(rows: Sequence[_Row], now: dt.datetime, warnings: list[str]) -> dict[tuple[str, int], _Judged]:
    """Return what was found for the rows of districts that have a rulebook."""
    judged: dict[tuple[str, int], _Judged] = {}
    for district in sorted({row.facts[0].district for row in rows} & {*shipped_districts()}):
        own = [row for row in rows if row.facts[0].district == district]
        try:
            name, found = _findings(district, own, now)
        except RulebookError as error:
            warnings.append(str(error))
            continue
        judged |= {(row.file, row.number): _Judged(name, tuple(found.get((row.file, row.number), ()))) for row in own}
    return judged


def _completed(report: RowReport, judged: _Judged | None) -> RowReport:
    if judged is None or report.status not in {"recorded", "repeated"}:
        return report
    return replace(report, rulebook=judged.rulebook, findings=judged.findings)


def _findings(
    district: str, rows: Sequence[_Row], now: dt.datetime
) -> tuple[str, dict[tuple[str, int], list[Finding]]]:
    """Let the district's rules judge its imported facts, and sort what they find to the rows that it rests on."""
    placed = [(fact, (row.file, row.number)) for row in rows for fact in row.facts]
    placed.sort(key=lambda one: one[0].recorded_at)
    facts = [fact for fact, _ in placed]
    row_of_case = {case_key(fact.subject): key for fact, key in reversed(placed)}
    rulebooks = rulebooks_of(district)
    played = play(facts, rulebooks, Moment.at(instant_of(now)))
    found: dict[tuple[str, int], list[Finding]] = {}
    for rule, judgement in played.watch.standing():
        if judgement.state in FOUND:
            finding = finding_of(rule, judgement, played.watch.world.roster)
            key = placed[finding.facts[0] - 1][1] if finding.facts else row_of_case.get(finding.subject)
            if key is not None:
                found.setdefault(key, []).append(finding)
    return rulebooks[-1].name, found
