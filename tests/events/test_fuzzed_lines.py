"""Whatever bytes come in, a fact or a FactError comes out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import FactError
from events.parsing import Defaults, History, parse, read_line
from events.printing import from_stored, stored_bytes
from events.vocabulary import FACTS
from tests.events.facts_to_try import EXAMPLES, line_of

LINES = [line_of(one) for one in EXAMPLES.values()]
TYPES = sorted(FACTS)
ODD_TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "2026-09-31",
        "2026-10-09T09:00:00",
        "2026-W01-1",
        "9999-12-31",
        "matter/m-14",
        "u-land",
    ]
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT | st.just(2**64),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXT, inner, max_size=3),
    max_leaves=5,
)


def read(line: bytes | str) -> str | None:
    """Return the code of the refusal, None when the line is a fact; anything else fails the test."""
    try:
        fact = read_line(line, 1, Defaults(district="xinzhou"))
    except FactError as error:
        str(error).encode()
        return error.code
    assert from_stored(fact.type, stored_bytes(fact)) == fact
    return None


def parsed(given_: Any) -> str | None:  # noqa: ANN401  any JSON value
    """Return the code of the refusal, None when the value is a fact; anything else fails the test."""
    try:
        fact = parse(given_)
    except FactError as error:
        str(error).encode()
        return error.code
    assert from_stored(fact.type, stored_bytes(fact)) == fact
    return None


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(line: bytes) -> None:
    assert read(line) is not None


@given(st.text(st.characters(), max_size=300))
def test_random_text_is_refused(line: str) -> None:
    assert read(line) is not None


@given(st.data())
def test_a_line_with_some_bytes_changed_is_a_fact_or_refused_with_a_reason(data: st.DataObject) -> None:
    line = bytearray(data.draw(st.sampled_from(LINES)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(line)))
        line[start : start + data.draw(st.integers(0, 8))] = data.draw(
            st.binary(max_size=4)
            | st.sampled_from([b'"', b"{", b"}", b"[", b":", b"NaN", b"null", b"\\ud800", b"1e999"])
        )

    assert read(bytes(line)) != "malformed"


@given(st.data())
def test_a_fact_with_a_value_changed_is_a_fact_or_refused_with_a_reason(data: st.DataObject) -> None:
    given_: dict[str, Any] = json.loads(json.dumps(EXAMPLES[data.draw(st.sampled_from(TYPES))]))
    target: Any = given_
    while True:
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not isinstance(target[key], dict | list) or not target[key] or data.draw(st.booleans()):
            break
        target = target[key]
    if data.draw(st.booleans()):
        target[key] = data.draw(ODD)
    elif isinstance(target, dict):
        target[data.draw(ODD_TEXT)] = target.pop(key)
    else:
        del target[key]

    assert parsed(given_) != "malformed"


@given(ODD)
def test_a_value_that_is_no_mapping_of_a_fact_is_refused(given_: Any) -> None:  # noqa: ANN401  any JSON value
    assert parsed(given_) is not None


@pytest.mark.parametrize("field", ["devices_found", "surplus"])
def test_a_number_too_long_to_print_is_refused(field: str) -> None:
    given_ = EXAMPLES["meeting.devices_checked.v1"] | {"data": {"devices_found": 0, field: 10**5000}}

    assert parsed(given_) in {"number_out_of_range", "unknown_field"}
    assert parsed(given_ | {"type": 10**5000}) == "wrong_type"


@given(
    st.lists(st.sampled_from([*LINES[:5], b"", b"{}", b'{"district": 3}', b'{"until": "x"}', b"\xef\xbb\xbf{}", b"}"]))
)
def test_a_history_gives_a_fact_or_a_refusal_for_each_line_and_goes_on(lines: list[bytes]) -> None:
    history = History(lines)
    outcomes: list[int | None] = []
    while True:
        try:
            next(history)
            outcomes.append(None)
        except FactError as error:
            outcomes.append(error.line)
        except StopIteration:
            break

    numbers = [number for number, line in enumerate(lines, 1) if line]
    assert len(numbers) - 1 <= len(outcomes) <= len(numbers)
    assert {one for one in outcomes if one is not None} <= set(numbers)
