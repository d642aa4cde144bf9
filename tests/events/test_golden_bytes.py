"""What was recorded once must be readable, and be written the same, for ever.

A line of the golden file may never change; a new type or version of a fact adds its line:
`python -c "import tests.events.test_golden_bytes as golden; golden.write()"`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from events.printing import from_stored, stored_bytes
from events.vocabulary import FACTS
from tests.events.facts_to_try import EXAMPLES, example

GOLDEN = Path(__file__).parent / "golden" / "facts.jsonl"


@dataclass(frozen=True)
class Recorded:
    type: str
    stored: bytes


def golden() -> list[Recorded]:
    return [Recorded(json.loads(line)["type"], line) for line in GOLDEN.read_bytes().splitlines()]


def write() -> None:
    GOLDEN.write_bytes(b"".join(stored_bytes(example(type_)) + b"\n" for type_ in FACTS))


def test_every_type_of_fact_has_its_recorded_bytes_kept() -> None:
    assert [one.type for one in golden()] == list(FACTS)


@pytest.mark.parametrize("kept", golden(), ids=lambda one: one.type)
def test_a_fact_is_written_as_it_was_when_its_type_was_released(kept: Recorded) -> None:
    assert stored_bytes(example(kept.type)) == kept.stored


@pytest.mark.parametrize("kept", golden(), ids=lambda one: one.type)
def test_bytes_recorded_long_ago_are_read_and_written_again_alike(kept: Recorded) -> None:
    fact = from_stored(kept.type, kept.stored)

    assert fact == example(kept.type)
    assert stored_bytes(fact) == kept.stored


@pytest.mark.parametrize("kept", golden(), ids=lambda one: one.type)
def test_the_stored_text_is_what_any_json_writer_with_sorted_keys_makes_of_it(kept: Recorded) -> None:
    read = json.loads(kept.stored)

    assert json.dumps(read, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == kept.stored
    assert orjson.dumps(read, option=orjson.OPT_SORT_KEYS) == kept.stored
    assert read == {**EXAMPLES[kept.type], "sequence": 0}
