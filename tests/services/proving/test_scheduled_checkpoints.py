"""Checkpoints that the service signs by itself: when they are due, and of what was recorded since."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from events.sqlite.reader import open_reader
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.schedule import ScheduledCheckpoints
from services.recording.embedded import LEDGER_FILE
from tests.events.ledger.examples import NINE, XINZHOU
from tests.services.proving.ledger_on_disk import record

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    record(tmp_path, 1, 3)
    return tmp_path


def signed_at(data: Path, moment: dt.datetime, *, hours: int = 24) -> list[int]:
    """Let the schedule look once at a moment; return the sizes signed so far, the file's time set to that moment."""
    with closing(open_reader(data / LEDGER_FILE)) as ledger:
        before = CheckpointFolder(data, XINZHOU).sizes()
        ScheduledCheckpoints(ledger, data, "office.example", hours, lambda: moment).advance()
    folder = CheckpointFolder(data, XINZHOU)
    for size in set(folder.sizes()) - set(before):
        os.utime(folder.file_of(size), (moment.timestamp(), moment.timestamp()))
    return folder.sizes()


def test_a_checkpoint_is_signed_when_the_hours_are_over_and_something_came(data: Path) -> None:
    assert signed_at(data, NINE) == [3]
    record(data, 4, 5)
    assert signed_at(data, NINE + 23 * HOUR) == [3]
    assert signed_at(data, NINE + 24 * HOUR) == [3, 5]
    with structlog.testing.capture_logs() as logged:
        assert signed_at(data, NINE + 72 * HOUR) == [3, 5]
        record(data, 6, 6)
        assert signed_at(data, NINE + 96 * HOUR) == [3, 5, 6]
    assert [(one["event"], one["size"]) for one in logged] == [("checkpoint.signed", 6)]


def test_nothing_is_signed_where_the_operator_wants_none(data: Path) -> None:
    assert signed_at(data, NINE, hours=0) == []


def test_a_ledger_that_was_written_anew_is_named_in_the_log_and_not_signed(data: Path) -> None:
    signed_at(data, NINE)
    (data / LEDGER_FILE).unlink()
    record(data, 1, 4, reason="撤回")
    with structlog.testing.capture_logs() as logged:
        assert signed_at(data, NINE + 30 * HOUR) == [3]
    assert [(one["event"], one["code"]) for one in logged] == [("checkpoint.refused", "checkpoint.ledger_forked")]


def test_a_folder_that_cannot_be_written_is_named_in_the_log(data: Path) -> None:
    (data / "checkpoints").write_text("in the way")
    with structlog.testing.capture_logs() as logged:
        assert signed_at(data, NINE) == []
    assert [one["event"] for one in logged] == ["checkpoint.not_written"]
