"""The demonstration fills a data folder once, explains what it found, and records nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from events.sqlite.reader import open_reader

PROJECT = Path(__file__).parents[2]


def demonstrate(data: Path) -> str:
    environment = {**os.environ, "TAIZHANG_DATA": str(data)}
    command = [sys.executable, "-m", "services.demonstration", "--once"]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def recorded(data: Path) -> dict[str, list[UUID]]:
    """Return the facts of people and sources by district: what the passing of time adds is left out."""
    reader = open_reader(data / "ledger.sqlite")
    try:
        facts = {district: reader.read(district, 0, 100_000) for district in reader.districts()}
        assert all(reader.verify(district).ok for district in facts)
    finally:
        reader.close()
    return {
        district: [fact.id for fact in found if fact.origin in {"recorded", "imported"}]
        for district, found in facts.items()
    }


def test_the_demonstration_explains_itself_and_a_second_run_records_nothing_twice(tmp_path: Path) -> None:
    shown = demonstrate(tmp_path)
    first = recorded(tmp_path)
    again = demonstrate(tmp_path)
    assert recorded(tmp_path) == first
    assert "xinzhou：模拟的一年 simulated year，已入账" in shown
    assert "xinzhou：模拟的一年 simulated year，已入账 0 recorded" in again
    assert "拒绝 0 refused，尚未发生" in shown
    assert "人民政府工作规则》第" in shown
    assert "公开记录 public records" in shown
