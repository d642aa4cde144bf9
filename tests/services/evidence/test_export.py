"""An evidence package holds what was asked, as it is stored, and the same question gets the same bytes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from events.sqlite.reader import open_reader
from services.cli import main
from services.evidence.wanted import EvidenceError
from tests.services.evidence.packages import EARLY, NAMED, SECRET, Found, both_say, packaged, run_offline
from tests.services.recording.acts import XINZHOU

LAST = SECRET


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def numbers(folder: Path) -> list[int]:
    """Return the sequences of the facts that are shown."""
    return [json.loads(line)["sequence"] for line in (folder / "facts.jsonl").read_bytes().splitlines()]


def withheld(folder: Path) -> list[int]:
    lines = (line.split(b" ") for line in (folder / "seals.txt").read_bytes().splitlines())
    return [int(line[0]) for line in lines if line[1] == b"-"]


def test_a_package_holds_the_facts_as_stored_and_what_they_were_judged_by(
    evidence_data: Path, whole_package: Path
) -> None:
    with closing(open_reader(evidence_data / "ledger.sqlite")) as ledger:
        stored = [fact.payload for fact in ledger.sealed(XINZHOU)]
    assert (whole_package / "facts.jsonl").read_bytes().splitlines() == stored
    assert numbers(whole_package) == list(range(1, LAST + 1))
    folders = {name.partition("/")[0] for name in contents(whole_package)}
    assert folders == {
        "calendars",
        "checkpoints",
        "facts.jsonl",
        "keys.txt",
        "manifest.json",
        "manifest.sha256",
        "policies",
        "proofs.json",
        "report.html",
        "rulebooks",
        "seals.txt",
        "verify.py",
        "vocabulary.json",
    }
    assert both_say(whole_package) == Found(ok=True, first_bad=None)


@pytest.mark.parametrize("wanted", [{}, {"first": 3, "last": 9}, {"case": "countersign/cs-1"}, {"role": "agency"}])
def test_the_same_question_gets_the_same_bytes(evidence_data: Path, tmp_path: Path, wanted: dict[str, object]) -> None:
    made = [packaged(evidence_data, tmp_path / name, **wanted) for name in ("one", "other")]
    assert made[0] == made[1]
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


@pytest.mark.parametrize(
    ("first", "last"), [(1, 1), (1, EARLY), (EARLY + 1, LAST), (3, 9), (LAST, LAST), (EARLY, EARLY + 1)]
)
def test_a_range_is_proved_to_stand_in_the_tree_of_the_checkpoints(
    evidence_data: Path, tmp_path: Path, first: int, last: int
) -> None:
    packaged(evidence_data, tmp_path / "range", first=first, last=last)
    assert numbers(tmp_path / "range") == list(range(first, last + 1))
    assert both_say(tmp_path / "range") == Found(ok=True, first_bad=None)


def test_a_case_comes_with_its_alerts_and_what_these_rest_on(case_package: Path) -> None:
    facts = [json.loads(line) for line in (case_package / "facts.jsonl").read_bytes().splitlines()]
    assert [(fact["type"], fact["subject"]["kind"]) for fact in facts] == [
        ("countersign.requested.v1", "countersign"),
        ("clock.reached.v1", "clock"),
        ("alert.raised.v1", "alert"),
    ]
    assert both_say(case_package) == Found(ok=True, first_bad=None)


def test_the_report_names_units_and_tells_the_alert_with_its_article(case_package: Path) -> None:
    report = (case_package / "report.html").read_text(encoding="utf-8")
    said = ("区住建局 u-housing", "第28条第2款", "征求意见会签", "怎样核验", "@media print", "--key")
    assert [text for text in said if text not in report] == []


def test_a_fact_that_the_reader_may_not_see_is_there_as_its_leaf_alone(evidence_data: Path, tmp_path: Path) -> None:
    made = packaged(evidence_data, tmp_path / "agency", role="agency")
    assert withheld(tmp_path / "agency") == [NAMED, SECRET]
    assert numbers(tmp_path / "agency") == [number for number in range(1, LAST + 1) if number not in {NAMED, SECRET}]
    assert (made.facts, made.withheld) == (LAST, 2)
    assert both_say(tmp_path / "agency") == Found(ok=True, first_bad=None)
    report = (tmp_path / "agency" / "report.html").read_text(encoding="utf-8")
    assert ("cs-3" in report, "sealed:v1:" in report) == (False, False)


def test_no_personal_text_stands_in_a_package(whole_package: Path) -> None:
    assert [name for name, content in contents(whole_package).items() if '"甲"'.encode() in content] == []
    assert "（个人信息，已加密 personal, sealed）" in (whole_package / "report.html").read_text(encoding="utf-8")


def test_a_ledger_that_was_changed_is_not_handed_out_as_evidence(evidence_data: Path, tmp_path: Path) -> None:
    data = shutil.copytree(evidence_data, tmp_path / "var")
    with closing(sqlite3.connect(data / "ledger.sqlite")) as file, file:
        file.execute("UPDATE stored_events SET state = replace(state, 'u-land', 'u-lord') WHERE position = 6")
    with pytest.raises(EvidenceError) as refused:
        packaged(data, tmp_path / "package")
    assert refused.value.code == "evidence.seal_broken"
    assert not (tmp_path / "package").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--district", "xinzhou", "--until", "99"], "evidence.no_such_range"),
        (["--district", "yuanzhou"], "evidence.no_such_district"),
        (["--district", "xinzhou", "--from", "0"], "evidence.no_such_range"),
        (["--district", "xinzhou", "--from", "5", "--until", "4"], "evidence.no_such_range"),
        (["--district", "xinzhou", "--case", "matter/none"], "evidence.no_such_case"),
    ],
)
def test_what_the_ledger_does_not_have_is_said_and_nothing_is_left(
    evidence_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: str,
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(evidence_data))
    monkeypatch.setenv("TAIZHANG_INSTALLATION", "office.example")
    assert main(["export", *options, "--to", str(tmp_path / "package")]) == 2
    assert code in capsys.readouterr().err
    assert not (tmp_path / "package").exists()


def test_the_command_exports_and_verifies(
    evidence_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(evidence_data))
    monkeypatch.setenv("TAIZHANG_INSTALLATION", "office.example")
    assert main(["export", "--district", "xinzhou", "--to", str(tmp_path / "package"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["verify", str(tmp_path / "package"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["facts"], found["root"], found["first_bad"]) == (True, LAST, made["root"], None)
    assert main(["export", "--district", "xinzhou", "--to", str(tmp_path / "package")]) == 2
    assert "backup.target_exists" in capsys.readouterr().err


def test_where_no_checkpoint_can_be_kept_the_package_says_that_nobody_vouches_for_it(
    evidence_data: Path, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    shutil.copyfile(evidence_data / "ledger.sqlite", tmp_path / "var" / "ledger.sqlite")
    (tmp_path / "var" / "checkpoints").touch()
    made = packaged(tmp_path / "var", tmp_path / "package")
    assert (made.checkpoints, both_say(tmp_path / "package")) == (0, Found(ok=True, first_bad=None))
    assert "没有签名的检查点" in (tmp_path / "package" / "report.html").read_text(encoding="utf-8")
    assert "没有签名的检查点" in run_offline(tmp_path / "package").stdout
