"""Importing public records: rows become facts, go into the ledger, and are judged as far as they tell anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.moment import Moment, instant_of
from projections.findings import FOUND, Finding, finding_of
from rulebooks.loading import shipped_districts, shipped_rulebooks
from rulebooks.problems import RulebookError
from services.checking import play
from services.public_records.facts import facts_of_line
from services.public_records.rows import RowProblem, place_of
from services.recording.authorisation import Principal
from services.recording.embedded import Writer
from services.recording.request import Answer, Request
from services.workbooks.opening import Workbook
from services.workbooks.rows import SheetRow, column_of, rows_of_workbook

BATCH: Final = 64

Status = Literal["recorded", "repeated", "refused", "passed_over"]


class RowReport(Struct, frozen=True, kw_only=True):
    """What became of one row: its facts' sequence numbers, or why it brought none; and what the rules find for it.

    `rulebook` is None where nothing was judged: the row's place has none here, or the row is a fact of the district's
    own, which the watch judges. `sheet` and the letter of the `column` are those of a workbook.
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
    sheet: str | None = None
    column: str | None = None


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
    """A row of a file of lines that became facts."""

    file: str
    number: int
    facts: tuple[AnyFact, ...]


_AnyRow = _Row | SheetRow
_Place = tuple[str, str | None, int]
_File = tuple[str, Iterable[bytes] | Workbook]


class _Judged(Struct, frozen=True):
    """By which rulebook a row was judged, and what was found."""

    rulebook: str
    findings: tuple[Finding, ...]


def import_files(
    files: Iterable[_File],
    writer: Writer,
    principal: Principal,
    *,
    now: dt.datetime,
    district: str | None = None,
    progressed: Callable[[int], None] = lambda _rows: None,
) -> ImportReport:
    """Import files, given by name and lines or sheets, and report row by row; raise LedgerError when the ledger fails.

    No name comes twice. The facts of a row go in all or none. With `district` every row is taken as one of that
    district.
    """
    reports: dict[_Place, RowReport] = {}
    taken: list[_AnyRow] = []
    waiting: list[SheetRow] = []
    for batch in _batches(_read(files, district)):
        rows = [row for row in batch if not isinstance(row, RowProblem)]
        reports |= {_place(row): _unread(row) for row in batch if isinstance(row, RowProblem)}
        taken += _recorded(rows, writer, principal, reports)
        waiting += [row for row in rows if isinstance(row, SheetRow) and reports[_place(row)].status == "refused"]
        progressed(len(batch))
    taken += _recorded_at_last(waiting, writer, principal, reports)
    warnings: list[str] = []
    judged = _judged([row for row in taken if isinstance(row, _Row) or row.is_public], now, warnings)
    whole = tuple(_completed(one, judged.get(place)) for place, one in _as_they_stand(reports))
    counted = {status: sum(row.status == status for row in whole) for status in _STATUSES}
    return ImportReport(**counted, rows=whole, warnings=tuple(warnings))


_STATUSES: Final = ("recorded", "repeated", "refused", "passed_over")


def _recorded(
    rows: Sequence[_AnyRow], writer: Writer, principal: Principal, reports: dict[_Place, RowReport]
) -> list[_AnyRow]:
    """Record rows and report each; return those that are in the ledger."""
    answers = writer.record_all([Request(facts=row.facts, principal=principal) for row in rows])
    reports |= {_place(row): _report(row, answer) for row, answer in zip(rows, answers, strict=True)}
    return [row for row, answer in zip(rows, answers, strict=True) if answer.is_in_the_ledger]


def _recorded_at_last(
    waiting: Sequence[SheetRow], writer: Writer, principal: Principal, reports: dict[_Place, RowReport]
) -> list[_AnyRow]:
    """Hand in again what was refused, as long as one more goes in: a row may hang on another that stands later.

    So the rows of a workbook go in whatever their order, and the same workbook handed in again changes nothing.
    """
    taken: list[_AnyRow] = []
    went_in = True
    while waiting and went_in:
        now_in = [
            row
            for start in range(0, len(waiting), BATCH)
            for row in _recorded(waiting[start : start + BATCH], writer, principal, reports)
        ]
        taken += now_in
        went_in = bool(now_in)
        waiting = [row for row in waiting if reports[_place(row)].status == "refused"]
    return taken


def _read(files: Iterable[_File], district: str | None) -> Iterator[_AnyRow | RowProblem]:
    for name, content in files:
        if isinstance(content, Workbook):
            yield from rows_of_workbook(content, name, district)
            continue
        for number, line in enumerate(content, 1):
            text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if text:
                read = facts_of_line(text, number, file=name, district=district)
                yield read if isinstance(read, RowProblem) else _Row(name, number, tuple(read))


def _batches(rows: Iterator[_AnyRow | RowProblem]) -> Iterator[list[_AnyRow | RowProblem]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _place(row: _AnyRow | RowProblem) -> _Place:
    match row:
        case RowProblem():
            return row.file, row.sheet, row.row
        case SheetRow():
            return row.file, row.sheet, row.number
        case _Row():
            return row.file, None, row.number


def _as_they_stand(reports: Mapping[_Place, RowReport]) -> list[tuple[_Place, RowReport]]:
    """Return the reports file by file and sheet by sheet, as they first came, and within each in order of rows."""
    sheets = {place[:2]: number for number, place in reversed(list(enumerate(reports)))}
    return sorted(reports.items(), key=lambda one: (sheets[one[0][:2]], one[0][2]))


def _unread(problem: RowProblem) -> RowReport:
    return RowReport(
        file=problem.file,
        row=problem.row,
        status="refused" if problem.refused else "passed_over",
        code=problem.code,
        field=problem.field,
        zh=problem.zh,
        en=problem.en,
        sheet=problem.sheet,
        column=problem.column,
    )


def _report(row: _AnyRow, answer: Answer) -> RowReport:
    district = row.facts[0].district
    sheet = row.sheet if isinstance(row, SheetRow) else None
    if answer.status in {"recorded", "repeated"}:
        return RowReport(
            file=row.file,
            row=row.number,
            status="recorded" if answer.status == "recorded" else "repeated",
            district=district,
            place=place_of(district),
            sequences=tuple(receipt.sequence for receipt in answer.receipts),
            sheet=sheet,
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
        sheet=sheet,
        column=column_of(row.columns, problem.field) if isinstance(row, SheetRow) else None,
    )


def _judged(rows: Sequence[_AnyRow], now: dt.datetime, warnings: list[str]) -> dict[_Place, _Judged]:
    """Return what was found for the rows of districts that have a rulebook."""
    judged: dict[_Place, _Judged] = {}
    for district in sorted({row.facts[0].district for row in rows} & {*shipped_districts()}):
        own = [row for row in rows if row.facts[0].district == district]
        try:
            name, found = _findings(district, own, now)
        except RulebookError as error:
            warnings.append(str(error))
            continue
        judged |= {_place(row): _Judged(name, tuple(found.get(_place(row), ()))) for row in own}
    return judged


def _completed(report: RowReport, judged: _Judged | None) -> RowReport:
    if judged is None or report.status not in {"recorded", "repeated"}:
        return report
    return replace(report, rulebook=judged.rulebook, findings=judged.findings)


def _findings(district: str, rows: Sequence[_AnyRow], now: dt.datetime) -> tuple[str, dict[_Place, list[Finding]]]:
    """Let the district's rules judge its imported facts, and sort what they find to the rows that it rests on."""
    placed = [(fact, _place(row)) for row in rows for fact in row.facts]
    placed.sort(key=lambda one: one[0].recorded_at)
    facts = [fact for fact, _ in placed]
    row_of_case = {case_key(fact.subject): key for fact, key in reversed(placed)}
    rulebooks = shipped_rulebooks(district)
    played = play(facts, rulebooks, Moment.at(instant_of(now)))
    found: dict[_Place, list[Finding]] = {}
    for rule, judgement in played.watch.standing():
        if judgement.state in FOUND:
            finding = finding_of(rule, judgement, played.watch.world.roster)
            key = placed[finding.facts[0] - 1][1] if finding.facts else row_of_case.get(finding.subject)
            if key is not None:
                found.setdefault(key, []).append(finding)
    return rulebooks[-1].name, found
