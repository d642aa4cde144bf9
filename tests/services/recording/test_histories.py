"""Recording a history: each line for itself, whatever stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.printing import history_line
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Principal
from services.recording.histories import HistoryReport, record_history
from tests.services.recording.acts import NOW, XINZHOU, Given, act, now, opened, planned, recorder, replied, requested

LOCAL = Principal("local:somebody", EVERY_ROLE_OF_PEOPLE, None)


def lines_of(*facts: AnyFact) -> list[bytes]:
    return [history_line(fact) for fact in facts]


def recorded(lines: Iterable[bytes], *again: Iterable[bytes], **given: Given) -> tuple[HistoryReport, list[AnyFact]]:
    with recorder() as (records, ledger):
        reports = [
            record_history(history, records, LOCAL, clock=now, keep_receipts=True, **given)
            for history in (lines, *again)
        ]
        return reports[-1], ledger.read(XINZHOU)


def test_a_history_is_recorded_line_by_line() -> None:
    report, stored = recorded(lines_of(requested(), replied()))
    assert (report.recorded, report.repeated, report.refused) == (2, 0, ())
    assert [(one.line, one.repeated, one.receipt.sequence) for one in report.receipts] == [(1, False, 1), (2, False, 2)]
    assert [fact.id for fact in stored] == [requested().id, replied().id]


def test_a_history_recorded_again_is_answered_as_repeated() -> None:
    history = lines_of(requested(), replied())
    report, stored = recorded(history, history)
    assert (report.recorded, report.repeated, len(stored)) == (0, 2, 2)
    assert [one.repeated for one in report.receipts] == [True, True]


def test_bad_lines_are_named_as_an_editor_counts_them_and_the_others_go_in() -> None:
    history = [
        b'{"district": "xinzhou"}',
        *lines_of(requested()),
        b"",
        b"{not json",
        *lines_of(replied("u-water"), replied("u-land")),
        b'{"type": "matter.invented.v1"}',
        *lines_of(replied("u-finance")),
    ]
    report, stored = recorded(history)
    assert [(one.line, one.code, one.field) for one in report.refused] == [
        (4, "not_json", None),
        (5, "recording.never_asked", "data.department"),
        (7, "unknown_type", "type"),
    ]
    assert [one.line for one in report.receipts] == [2, 6, 8]
    assert len(stored) == report.recorded == 3


def test_the_ledger_learns_each_fact_when_its_line_says_but_never_after_now() -> None:
    told = json.loads(history_line(planned()))
    today = json.loads(history_line(act("concern.registered", "c-1", "2026-10-20", kind="letter", title="来信")))
    del told["recorded_at"], today["recorded_at"]
    _, stored = recorded(json.dumps(line).encode() for line in (told, today))
    assert [fact.recorded_at.isoformat() for fact in stored] == ["2026-10-01T23:59:59.999999+08:00", NOW.isoformat()]


def test_an_act_of_the_future_is_refused() -> None:
    report, _ = recorded(lines_of(act("concern.registered", "c-1", "2026-12-24", kind="letter", title="来信")))
    assert [(one.line, one.code) for one in report.refused] == [(1, "recording.in_future")]


def test_a_file_of_another_district_is_refused_as_a_whole() -> None:
    report, stored = recorded([b'{"district": "yuanzhou"}', *lines_of(requested())], district=XINZHOU)
    assert [(one.line, one.code) for one in report.refused] == [(1, "recording.foreign_district")]
    assert stored == []


def test_progress_is_told_line_by_line_in_batches() -> None:
    done: list[int] = []
    history = lines_of(requested(), *(replied(at=f"2026-10-09T10:{minute:02}:00+08:00") for minute in range(60)))
    recorded(history * 5, progressed=done.append)
    assert done == [256, 49]


def test_an_empty_history_records_nothing() -> None:
    assert recorded([])[0] == HistoryReport(recorded=0, repeated=0, refused=(), receipts=())


PARTS = st.sampled_from(
    [part for fact in (planned(), opened(), requested(), replied()) for part in [history_line(fact)]]
)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Draw a good line with a piece cut out, doubled or replaced."""
    line = draw(PARTS)
    start, end = sorted(draw(st.tuples(st.integers(0, len(line)), st.integers(0, len(line)))))
    return line[:start] + draw(st.binary(max_size=20) | st.just(line[start:end] * 2) | st.just(b"")) + line[end:]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-09-31", "x/y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def twisted(draw: st.DrawFn) -> bytes:
    """Draw a good line with some field given any value at all."""
    line = json.loads(draw(PARTS))
    holder = draw(st.sampled_from([line, line["data"], line["subject"], line["actor"]]))
    holder[draw(st.sampled_from([*holder, "extra"]))] = draw(VALUES)
    return json.dumps(line).encode("utf-8", "surrogatepass")


@given(st.lists(PARTS | broken() | twisted() | st.binary(max_size=60), max_size=12))
def test_no_line_whatever_stands_in_it_ends_in_a_stack_trace(lines: Sequence[bytes]) -> None:
    apart = [one for line in lines for one in (line.split(b"\n") or [b""])]
    with recorder() as (records, ledger):
        report = record_history(apart, records, LOCAL, clock=now, district=XINZHOU)
        stored = sum(ledger.head(district).sequence for district in ledger.districts())
    assert stored == report.recorded
    assert all(one.zh and one.en and one.code for one in report.refused)


@pytest.mark.parametrize("size", [1, 255, 256, 257])
def test_batches_lose_nothing(size: int) -> None:
    history = lines_of(
        *(act("concern.registered", f"c-{number}", kind="letter", title="来信") for number in range(size))
    )
    report, _ = recorded(history)
    assert [one.line for one in report.receipts] == list(range(1, size + 1))


def test_a_memory_ledger_is_left_untouched_by_a_file_that_is_no_history() -> None:
    report, stored = recorded([bytes(range(256))] * 3)
    assert len(report.refused) == 3
    assert stored == MemoryLedger().read(XINZHOU)
