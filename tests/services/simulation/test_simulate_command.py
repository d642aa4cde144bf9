"""`taizhang simulate`: the files it writes, that a ledger takes them, and bad input."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from services.cli import main


def simulated(to: Path, *more: str, district: str = "xinqiu", days: int = 45, breaches: int = 3) -> int:
    given = ["--district", district, "--days", str(days), "--seed", "4", "--breaches", str(breaches), "--to", str(to)]
    return main(["simulate", *given, *more])


def test_the_history_stands_in_the_file_and_the_truth_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = tmp_path / "year.jsonl"
    assert simulated(history) == 0
    truth = [orjson.loads(line) for line in (tmp_path / "year.jsonl.truth.jsonl").read_bytes().splitlines()]
    assert [set(row) for row in truth] == 3 * [{"article", "subject", "party", "due_at"}]
    capsys.readouterr()
    assert main(["check", str(history), "--json"]) == 1
    checked = orjson.loads(capsys.readouterr().out)
    assert (checked["district"], checked["until"]) == ("xinqiu", "2025-02-15T23:59:59.999999+08:00")
    violated = [one for one in checked["findings"] if one["outcome"] == "violated"]
    assert {(one["article"], one["subject"]) for one in violated} == {(row["article"], row["subject"]) for row in truth}


@pytest.mark.parametrize("district", ["xinzhou", "yuanzhou", "huancui", "xinqiu", "qianjiang"])
def test_a_ledger_takes_every_fact_of_it(
    district: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    history = tmp_path / "year.jsonl"
    assert simulated(history, district=district, days=60, breaches=6) == 0
    capsys.readouterr()
    assert main(["record", str(history), "--json"]) == 0
    report = orjson.loads(capsys.readouterr().out)
    facts = len(history.read_bytes().splitlines()) - 1
    assert (report["recorded"], report["repeated"], report["refused"]) == (facts, 0, [])


def test_what_does_not_fit_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulated(tmp_path / "year.jsonl", days=2) == 2
    assert "use more days or fewer breaches" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_more_breaches_than_there_are_people_at_work_for_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulated(tmp_path / "year.jsonl", district="xinzhou", days=20, breaches=200) == 2
    assert "breaches of 200 fit into this time" in capsys.readouterr().err
    assert simulated(tmp_path / "year.jsonl", days=365, breaches=100_000) == 2
    assert "365 days take 3650 breaches at most (10 a day), not 100000" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulated(tmp_path / "nowhere" / "year.jsonl") == 2
    assert "cannot be written" in capsys.readouterr().err
