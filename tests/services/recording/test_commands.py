"""taizhang record and taizhang import on a ledger in a folder, with and without a process that serves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.ledger.group_commit import GroupCommit
from events.printing import history_line
from events.sqlite.reader import open_reader
from services.cli import main
from services.commands.clock import now
from services.recording.embedded import KEYS_FILE, LEDGER_FILE
from services.recording.recorder import Recorder
from services.recording.writer_socket import WriterServer
from services.settings.service import current_settings
from services.stores.ledgers import open_ledger
from tests.services.recording.acts import XINZHOU, act, replied, requested

SAMPLE = Path(__file__).parents[3] / "services" / "sample"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def history(tmp_path: Path) -> str:
    path = tmp_path / "history.jsonl"
    path.write_bytes(b"\n".join([history_line(requested()), history_line(replied()), b""]))
    return str(path)


@contextmanager
def serving() -> Iterator[None]:
    settings = current_settings()
    with (
        open_ledger(settings) as ledger,
        GroupCommit(ledger, now) as commit,
        WriterServer(Recorder(commit, ledger, now), settings.data),
    ):
        yield


def sequence(data: Path) -> int:
    reader = open_reader(data / LEDGER_FILE)
    try:
        return reader.head(XINZHOU).sequence
    finally:
        reader.close()


def test_a_history_is_recorded_and_known_when_it_comes_again(
    history: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", history, "--district", XINZHOU]) == 0
    assert main(["record", history, "--district", XINZHOU]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "已入账 2 条，重复 0 条，拒绝 0 条 / 2 recorded, 0 repeated, 0 refused",
        "已入账 0 条，重复 2 条，拒绝 0 条 / 0 recorded, 2 repeated, 0 refused",
    ]
    assert sequence(data) == 2


def test_receipts_and_refusals_come_as_json(history: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Path(history).open("ab") as lines:
        lines.write(history_line(replied("u-water")) + b"\n")
    assert main(["record", history, "--district", XINZHOU, "--json"]) == 2
    shown = capsys.readouterr()
    read = json.loads(shown.out)
    assert (read["recorded"], read["repeated"]) == (2, 0)
    assert [(one["line"], one["code"], one["field"]) for one in read["refused"]] == [
        (3, "recording.never_asked", "data.department")
    ]
    assert [(one["line"], one["sequence"], len(one["leaf"]), len(one["root"])) for one in read["receipts"]] == [
        (1, 1, 64, 64),
        (2, 2, 64, 64),
    ]
    assert "第3行 字段 data.department：" in shown.err
    assert "line 3, field data.department: " in shown.err


def test_while_a_process_serves_the_ledger_histories_go_through_it(
    history: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving():
        assert main(["record", history, "--district", XINZHOU, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["recorded"] == 2
        assert sequence(data) == 2
    assert main(["record", history, "--district", XINZHOU, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["repeated"] == 2


def test_a_ledger_whose_writer_does_not_answer_is_a_clear_error(
    history: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.recording.writer.LONGEST_WAIT", 0.1)
    with open_ledger(current_settings()):
        assert main(["record", history, "--district", XINZHOU]) == 2
    assert "ledger.second_writer" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.jsonl")
    assert main(["record", missing, "--district", XINZHOU]) == 2
    assert main(["import", missing]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("无法读") == 2


def test_a_setting_that_cannot_be_used_is_a_clear_error(
    history: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_PORT", "none")
    assert main(["record", history, "--district", XINZHOU]) == 2
    assert "TAIZHANG_PORT" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_made_is_a_clear_error(
    history: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", f"{history}/data")
    assert main(["record", history, "--district", XINZHOU]) == 2
    assert "recording.no_folder" in capsys.readouterr().err


def test_names_are_in_no_file_but_under_their_key(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "roster.jsonl"
    path.write_bytes(history_line(act("roster.person_registered", "p-li", name="某某甲")))
    assert main(["record", str(path), "--district", XINZHOU]) == 0
    assert (data / KEYS_FILE).stat().st_mode & 0o777 == 0o600
    assert [one.name for one in data.iterdir() if "某某甲".encode() in one.read_bytes()] == []


def test_the_public_records_are_imported_and_reported_row_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(SAMPLE / name) for name in ("meetings.jsonl", "documents.jsonl", "notices.jsonl", "leaders.jsonl")]
    assert main(["import", *files, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(["import", *files]) == 0
    shown = capsys.readouterr().out
    assert first["refused"] == 0
    assert (
        first["recorded"] + first["passed_over"]
        == len(first["rows"])
        == sum(len(Path(file).read_bytes().splitlines()) for file in files)
    )
    assert f"{first['recorded']} repeated" in shown
    assert "略过 passed over" in shown


def test_a_row_with_an_impossible_date_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads((SAMPLE / "documents.jsonl").read_bytes().splitlines()[0])
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(json.dumps({**row, **change}) for change in ({}, {"date_signed": "2021-09-31"})))
    assert main(["import", str(path), "--as", XINZHOU]) == 2
    shown = capsys.readouterr().out
    assert "第2行 row 2：拒绝 refused" in shown
    assert "date_signed" in shown
    assert "1 recorded, 0 repeated, 1 refused" in shown.replace("\n", " ")
