"""The ledger that is made quickly for measuring is the one that recording makes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.keys import MemoryKeys
from events.ledger.port import Proposal
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from tests.bench.long_histories import endless_facts
from tests.bench.quick_ledger import QuickLedger

FACTS = 6_000


@pytest.mark.parametrize("district", ["xinzhou", "huancui"])
def test_every_row_of_the_quick_ledger_is_as_recording_makes_it(district: str, tmp_path: Path) -> None:
    keys = MemoryKeys()
    with SqliteLedger(tmp_path / "recorded.sqlite", keys=keys) as ledger:
        facts = list(endless_facts(district, FACTS))
        ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in facts], facts[-1].recorded_at)
    quick = QuickLedger(tmp_path / "quick.sqlite", district, keys)
    quick.grow(FACTS // 3)
    quick.grow(FACTS)

    assert _tables(tmp_path / "quick.sqlite") == _tables(tmp_path / "recorded.sqlite")
    with closing(open_reader(tmp_path / "quick.sqlite")) as reader:
        verified = reader.verify(district)
    assert (verified.ok, verified.facts) == (True, FACTS)


def _tables(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table, and how each table and index is made."""
    with closing(sqlite3.connect(path)) as file:
        made = file.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return {"": made} | {name: sorted(file.execute(f"SELECT * FROM {name}").fetchall()) for name in names}  # noqa: S608  names of our own tables
