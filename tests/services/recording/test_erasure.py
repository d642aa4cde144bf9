"""Erasing a person: a recorded act with its reason, the key destroyed, the seals whole, the hole told honestly."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from events.keys import KeyFile
from events.ledger.errors import PersonErasedError
from events.ledger.group_commit import GroupCommit
from events.ledger.memory import MemoryLedger
from events.personal import reveal
from events.sqlite.reader import open_reader
from services.cli import main
from services.recording.recorder import Recorder
from services.recording.request import Request
from tests.services.recording.acts import ANYBODY, XINZHOU, act, now

ERASE = [
    "erase",
    "--district",
    XINZHOU,
    "--person",
    "p-gao",
    "--basis",
    "《中华人民共和国个人信息保护法》第四十七条",
    "--reason",
    "保存期限届满",
]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setenv("TAIZHANG_DATA", str(folder))
    history = tmp_path / "person.jsonl"
    line = {
        "type": "roster.person_registered.v1",
        "subject": {"kind": "person", "id": "p-gao"},
        "occurred_at": "2025-09-01",
        "actor": {"unit": "u-office"},
        "data": {"name": "高某", "rank": "division_chief"},
    }
    history.write_text(json.dumps(line), encoding="utf-8")
    assert main(["record", str(history), "--district", XINZHOU]) == 0
    capsys.readouterr()
    return folder


def key_is_destroyed(data: Path) -> bool:
    with closing(KeyFile(data / "keys.sqlite")) as keys:
        try:
            keys.find(XINZHOU, "p-gao")
        except PersonErasedError:
            return True
        return False


def test_erasing_records_the_act_and_destroys_the_key(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ERASE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sequence"] == 2
    assert key_is_destroyed(data)
    with closing(open_reader(data / "ledger.sqlite")) as ledger, closing(KeyFile(data / "keys.sqlite")) as keys:
        registered, erased = ledger.read(XINZHOU)
        assert (erased.type, erased.data.reason) == ("record.personal_data_erased.v1", "保存期限届满")  # type: ignore[attr-defined]  # of the type that was asked for
        assert reveal(registered, keys, erased).fact.data.name == (  # type: ignore[attr-defined]  # of the type that was asked for
            "（已依法删除，见第 2 号事实 erased by law, see fact 2）"
        )
        assert ledger.verify(XINZHOU).ok


def test_an_erased_text_is_a_hole_in_the_evidence_too_and_the_proof_holds(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ERASE) == 0
    assert main(["export", "--district", XINZHOU, "--to", str(tmp_path / "package")]) == 0
    assert main(["verify", str(tmp_path / "package")]) == 0
    assert main(["verify", str(data)]) == 0
    capsys.readouterr()
    report = (tmp_path / "package" / "report.html").read_text(encoding="utf-8")
    said = ["已依法删除", "依据第 2 号", "《中华人民共和国个人信息保护法》第四十七条", "保存期限届满", "高某"]
    assert [text in report for text in said] == [True, True, True, True, False]


def test_erasing_again_completes_what_was_broken_off_and_records_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ERASE) == 0
    with closing(KeyFile(data / "keys.sqlite")) as keys:
        keys._run("UPDATE keys SET key = x'01', erased_by = NULL")  # noqa: SLF001  as if the process had been killed
    assert not key_is_destroyed(data)
    capsys.readouterr()
    assert main([*ERASE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "district": XINZHOU,
        "person": "p-gao",
        "sequence": 2,
        "repeated": True,
    }
    assert key_is_destroyed(data)


def test_nobody_who_is_not_there_can_be_erased(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ERASE[:4], "p-nobody", *ERASE[5:]]) == 2
    assert "p-nobody" in capsys.readouterr().err
    assert not key_is_destroyed(data)


def test_a_recorder_without_keys_takes_no_erasure() -> None:
    ledger = MemoryLedger()
    with GroupCommit(ledger, now) as commit:
        fact = act("record.personal_data_erased", "p-gao", basis="法", reason="由")
        answer = Recorder(commit, ledger, now).record(Request(facts=(fact,), principal=ANYBODY))
    assert (answer.status, [one.code for one in answer.problems]) == ("refused", ["recording.no_keys_to_destroy"])
