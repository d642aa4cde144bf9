"""How a history file is read: its settings line, and what a line may leave out."""

import json
from typing import Any
from uuid import UUID

import pytest

from events.errors import FactError
from events.fact import AnyFact
from events.parsing import Defaults, History, HistorySettings, read_line, read_settings
from tests.events.facts_to_try import EXAMPLES, line_of

LEFT_OUT = ("id", "district", "recorded_at", "recorded_by", "origin", "classification")


def bare(type_: str = "countersign.closed.v1", **changed: object) -> bytes:
    """Return a line without anything that may be left out."""
    given: dict[str, Any] = {name: value for name, value in EXAMPLES[type_].items() if name not in LEFT_OUT}
    return line_of(given | changed)


def read(*lines: bytes, **defaults: Any) -> list[AnyFact]:  # noqa: ANN401  passed on to Defaults, which checks them
    return list(History(lines, Defaults(**defaults)))


def test_the_first_line_sets_district_rulebook_and_end_for_its_file() -> None:
    history = History([b'{"district": "xinzhou", "rulebook": "xinzhou/2023", "until": "2026-10-12"}', bare()])

    assert (history.settings.district, history.settings.rulebook) == ("xinzhou", "xinzhou/2023")
    assert str(history.settings.until) == "2026-10-12"
    assert [fact.district for fact in history] == ["xinzhou"]


def test_a_first_line_that_is_a_fact_sets_nothing() -> None:
    history = History([bare()], Defaults(district="yuanzhou"))

    assert history.settings == HistorySettings()
    assert [fact.district for fact in history] == ["yuanzhou"]


def test_the_district_of_a_line_comes_before_that_of_the_file_and_that_before_the_callers() -> None:
    lines = [b'{"district": "xinzhou"}', bare(), bare(district="huancui")]

    assert [fact.district for fact in read(*lines, district="yuanzhou")] == ["xinzhou", "huancui"]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (b'{"district": 7}', "wrong_type", "district"),
        (b'{"district": "Xinzhou"}', "malformed_identity", "district"),
        (b'{"until": "2026-09-31"}', "impossible_date", "until"),
        (b'{"untill": "2026-09-30"}', "unknown_field", "untill"),
        (b'{"rulebook": " "}', "blank_text", "rulebook"),
    ],
)
def test_a_malformed_settings_line_is_refused_by_its_field(line: bytes, code: str, field: str) -> None:
    with pytest.raises(FactError) as caught:
        read_settings(line)

    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_the_ledger_fills_in_may_be_left_out() -> None:
    (fact,) = read(bare(), district="xinzhou")

    assert (fact.origin, fact.classification, fact.sequence) == ("recorded", "internal", 0)
    assert fact.recorded_at.isoformat() == "2026-09-28T23:59:59.999999+08:00"


@pytest.mark.parametrize(
    ("occurred_at", "code"), [(20260928, "wrong_type"), (None, "null_in_required_field"), ("soon", "malformed_date")]
)
def test_a_fact_without_recording_time_whose_moment_is_none_is_refused_for_that(occurred_at: object, code: str) -> None:
    with pytest.raises(FactError) as caught:
        read(bare(occurred_at=occurred_at), district="xinzhou")

    assert (caught.value.code, caught.value.field) == (code, "occurred_at")


def test_facts_taken_from_elsewhere_carry_the_origin_they_are_read_with() -> None:
    (fact,) = read(bare(), district="xinzhou", origin="imported", classification="public")

    assert (fact.origin, fact.classification) == ("imported", "public")


def test_a_missing_recording_time_is_that_of_the_act_but_never_before_the_line_before() -> None:
    facts = read(
        bare(occurred_at="2026-09-28"),
        bare(occurred_at="2026-09-29T09:00:00+08:00"),
        bare(occurred_at="2026-09-21T01:00:00Z"),
        bare(occurred_at="2026-09-29T02:00:00Z"),
        bare(occurred_at="2026-09-01", recorded_at="2026-09-30T08:00:00+08:00"),
        bare(occurred_at="2026-09-29"),
        district="xinzhou",
    )

    assert [fact.recorded_at.isoformat() for fact in facts] == [
        "2026-09-28T23:59:59.999999+08:00",
        "2026-09-29T09:00:00+08:00",
        "2026-09-29T09:00:00+08:00",
        "2026-09-29T10:00:00+08:00",
        "2026-09-30T08:00:00+08:00",
        "2026-09-30T08:00:00+08:00",
    ]


def test_a_missing_id_comes_from_district_content_and_number_and_stays_the_same() -> None:
    ids = {
        (district, number, occurred_at): read_line(
            bare(occurred_at=occurred_at), number, Defaults(district=district)
        ).id
        for district in ("xinzhou", "yuanzhou")
        for number in (1, 2)
        for occurred_at in ("2026-09-28", "2026-09-29")
    }

    assert len(set(ids.values())) == len(ids)
    assert ids["xinzhou", 1, "2026-09-28"] == UUID("4b5bb7ee-e326-5572-9101-2ae4ee026e62")


def test_a_missing_id_does_not_depend_on_spaces_the_order_of_keys_or_where_the_district_stands() -> None:
    given = json.loads(bare())
    reordered = json.dumps({**dict(reversed(given.items())), "district": "xinzhou"}, indent=1).replace("\n", " ")

    assert read_line(reordered, 1).id == read_line(bare(), 1, Defaults(district="xinzhou")).id


def test_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    history = History([b'\xef\xbb\xbf{"district": "xinzhou"}\r\n', b"\n", bare() + b"\r\n", b"  ", b""])

    assert len(list(history)) == 1


def test_an_error_names_the_line_as_an_editor_counts_it_and_the_next_line_is_read() -> None:
    history = History([b'{"district": "xinzhou"}', bare(), b"", bare(occurred_at="2026-09-31"), bare()])
    first = next(history)
    with pytest.raises(FactError) as caught:
        next(history)
    third = next(history)

    assert (caught.value.line, caught.value.code, caught.value.field) == (4, "impossible_date", "occurred_at")
    assert third.id == read_line(bare(), 3, Defaults(district="xinzhou")).id != first.id


def test_a_malformed_first_line_is_reported_once_and_the_rest_is_read() -> None:
    for first_line in (b'{"district": 7}', b"{", b"[]"):
        history = History([first_line, bare(), bare()], Defaults(district="xinzhou"))
        with pytest.raises(FactError) as caught:
            next(history)

        assert caught.value.line == 1
        assert len(list(history)) == 2


def test_no_lines_are_an_empty_history() -> None:
    assert read() == []
