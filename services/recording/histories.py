"""Recording a history file: each line for itself, in batches, in its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from events.errors import FactError
from events.fact import AnyFact
from events.ledger.port import Receipt
from events.parsing import Defaults, History
from services.recording.authorisation import FOREIGN_DISTRICT, Principal
from services.recording.embedded import Writer
from services.recording.request import Answer, Problem, Request

BATCH: Final = 256
"""Lines that are recorded together; one that is refused does not keep the others out."""


class LineProblem(Struct, frozen=True, kw_only=True):
    """Why a line was not recorded; `line` counts as an editor does."""

    line: int | None
    code: str
    field: str | None
    zh: str
    en: str

    def __str__(self) -> str:
        line_zh, line_en = (f"第{self.line}行 ", f"line {self.line}, ") if self.line else ("", "")
        field_zh, field_en = (f"字段 {self.field}：", f"field {self.field}: ") if self.field else ("", "")
        return f"{line_zh}{field_zh}{self.zh} / {line_en}{field_en}{self.en} [{self.code}]"


class LineReceipt(Struct, frozen=True):
    """The receipt of the fact of a line."""

    line: int
    repeated: bool
    receipt: Receipt


class HistoryReport(Struct, frozen=True, kw_only=True):
    """What became of the lines of a history."""

    recorded: int
    repeated: int
    refused: tuple[LineProblem, ...]
    receipts: tuple[LineReceipt, ...]


Line = tuple[int, AnyFact | FactError]


def record_history(
    lines: Iterable[bytes],
    writer: Writer,
    principal: Principal,
    *,
    clock: Callable[[], dt.datetime],
    district: str | None = None,
    keep_receipts: bool = False,
    progressed: Callable[[int], None] = lambda _lines: None,
) -> HistoryReport:
    """Record a history and say what became of each line; raise LedgerError when the ledger itself fails.

    The ledger learns each fact at the `recorded_at` of its line, never before its own last fact and never after now:
    a history that is played is known as it was known then. `progressed` is told how many lines were done.
    """
    counted = CountedLines(lines)
    history = History(counted, Defaults(district=district))
    mismatch = other_district(history.settings.district, district)
    if mismatch is not None:
        return HistoryReport(recorded=0, repeated=0, refused=(_unreadable(1, mismatch),), receipts=())
    tally = {"recorded": 0, "repeated": 0}
    refused: list[LineProblem] = []
    receipts: list[LineReceipt] = []
    rest = _lines(history, counted)
    while batch := list(islice(rest, BATCH)):
        for line, answer in _recorded(batch, writer, principal, clock()):
            if isinstance(answer, LineProblem):
                refused.append(answer)
            elif answer.is_in_the_ledger:
                tally[answer.status] += 1
                if keep_receipts:
                    receipts.append(LineReceipt(line, answer.status == "repeated", answer.receipts[0]))
            else:
                refused.append(_problem(line, answer.problems[0]))
        progressed(len(batch))
    return HistoryReport(**tally, refused=tuple(refused), receipts=tuple(receipts))


class CountedLines:
    """Lines that know how many of them were read; a history reads no further than the fact it returns."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = next(self._lines)
        self.read += 1
        return line


def _lines(history: History, counted: CountedLines) -> Iterator[Line]:
    while True:
        try:
            fact = next(history)
        except StopIteration:
            return
        except FactError as error:
            yield error.line or counted.read, error
        else:
            yield counted.read, fact


def _recorded(
    batch: Sequence[Line], writer: Writer, principal: Principal, now: dt.datetime
) -> Iterator[tuple[int, Answer | LineProblem]]:
    """Return what became of a batch, line by line."""
    requests = [
        Request(facts=(fact,), principal=principal, recorded_at=min(fact.recorded_at, now))
        for _, fact in batch
        if not isinstance(fact, FactError)
    ]
    answers = iter(writer.record_all(requests))
    for line, fact in batch:
        if isinstance(fact, FactError):
            yield line, _unreadable(line, fact)
        else:
            yield line, next(answers)


def _unreadable(line: int, error: FactError) -> LineProblem:
    return LineProblem(line=line, code=error.code, field=error.field, zh=error.reason_zh, en=error.reason_en)


def _problem(line: int, problem: Problem) -> LineProblem:
    return LineProblem(line=line, code=problem.code, field=problem.field, zh=problem.zh, en=problem.en)


def other_district(of_file: str | None, asked: str | None) -> FactError | None:
    """Say why nothing of a file is taken whose first line names another district than the command."""
    if of_file is None or asked is None or of_file == asked:
        return None
    return FactError(
        FOREIGN_DISTRICT,
        f"文件首行写明区县为 {of_file}，命令指定的是 {asked}，整个文件未入账；请核对文件或 --district。",
        f"the first line says that the file is of {of_file}, the command says {asked}; nothing of it was recorded. "
        "Check the file or --district.",
        field="district",
        line=1,
    )
