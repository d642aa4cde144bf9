"""The histories shipped for each district come to exactly the findings listed beside them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from services.checking import Options, check_history

SAMPLES = Path(__file__).parents[2] / "services" / "sample" / "histories"
NAMES = ("overdue-reply.jsonl", "quorum.jsonl", "ab-absence.jsonl", "demonstration.jsonl")
DISTRICTS = ("huancui", "qianjiang", "xinqiu", "xinzhou", "yuanzhou")

Row = tuple[str, str, str]


def expected(district: str, name: str) -> list[Row]:
    lines = (SAMPLES / district / "expected.jsonl").read_bytes().splitlines()
    rows = [orjson.loads(line) for line in lines if line.strip()]
    return sorted((row["rule"], row["outcome"], row["subject"]) for row in rows if row["file"] == name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("district", DISTRICTS)
def test_a_sample_history_comes_to_exactly_what_is_listed(district: str, name: str) -> None:
    with (SAMPLES / district / name).open("rb") as lines:
        checked = check_history(lines, Options())
    found = sorted((one.rule, one.outcome, one.subject) for one in checked.findings)
    assert found == expected(district, name)
