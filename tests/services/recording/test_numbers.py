"""Document numbers: what a series holds, and where it has gaps and duplicates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.document_number import DocumentNumber, parse_number
from events.fact import AnyFact
from services.recording.numbers import MOST_GAPS, NumberSeries, Serial, number_series
from tests.services.recording.acts import act

NUMBERS = {
    "信府发〔2026〕12号": DocumentNumber("信府发", 2026, 12),
    "〔2026〕18号": DocumentNumber("", 2026, 18),
    "信府办字[2026]第7号": DocumentNumber("信府办字", 2026, 7),
    "黔江府发（2021）29号": DocumentNumber("黔江府发", 2021, 29),
    "区政府令第3号": None,
    "信府发〔26〕12号": None,
    "": None,
}


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_numbers_are_read_as_the_standard_writes_them(text: str, number: DocumentNumber | None) -> None:
    assert parse_number(text) == number


def issued(case: str, number: str) -> AnyFact:
    return act("document.issued", case, number=number, dated="2026-10-08", printed_on="2026-10-09", channel="paper")


def reserved(serial: int, document: str) -> AnyFact:
    return act("series.number_reserved", "s-1", serial=serial, document=f"document/{document}")


SERIES = act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2026)


def serial(number: int, **given: object) -> Serial:
    return Serial(number=DocumentNumber("信府发", 2026, number), **given)  # type: ignore[arg-type]  # the test names its fields


def test_a_series_shows_what_is_reserved_used_void_missing_and_used_twice() -> None:
    facts = [
        SERIES,
        reserved(1, "d-1"),
        issued("d-1", "信府发〔2026〕1号"),
        reserved(2, "d-2"),
        act("series.number_voided", "s-1", serial=2, reason="停止印发"),
        issued("d-2", "信府发〔2026〕2号"),
        reserved(4, "d-4"),
        issued("d-5", "信府发〔2026〕4号"),
        issued("d-6", "信府发〔2026〕6号"),
        issued("d-7", "信府发〔2026〕6号"),
    ]
    assert number_series(facts) == [
        NumberSeries(
            code="信府发",
            year=2026,
            case="series/s-1",
            serials=(
                serial(1, reserved_for="document/d-1", used_by=("document/d-1",)),
                serial(2, reserved_for="document/d-2", used_by=("document/d-2",), void=True),
                serial(4, reserved_for="document/d-4", used_by=("document/d-5",)),
                serial(6, used_by=("document/d-6", "document/d-7")),
            ),
            gaps=(3, 5),
            duplicates=(6,),
            used_though_void=(2,),
            used_by_another=(4,),
        )
    ]
    assert number_series(facts)[0].next_free == 7


def test_minutes_and_unopened_series_are_series_of_their_own() -> None:
    minutes = act("minutes.issued", "jy-1", number="〔2026〕1号")
    found = number_series([minutes, issued("d-1", "信府办发〔2025〕1号")])
    assert [(one.code, one.year, one.case, one.gaps) for one in found] == [
        ("", 2026, None, ()),
        ("信府办发", 2025, None, ()),
    ]


def test_what_was_struck_out_uses_no_number() -> None:
    twice = [issued("d-1", "信府发〔2026〕1号"), issued("d-2", "信府发〔2026〕1号")]
    assert number_series(twice)[0].duplicates == (1,)
    assert number_series(twice, struck={twice[1].id})[0].duplicates == ()


def test_a_slip_of_the_pen_does_not_list_millions_of_gaps() -> None:
    assert len(number_series([SERIES, reserved(999_999_999, "d-1")])[0].gaps) == MOST_GAPS


@given(st.sets(st.integers(1, 60), min_size=1))
def test_touched_numbers_and_gaps_together_count_from_one(numbers: set[int]) -> None:
    series = number_series([SERIES, *(reserved(number, f"d-{number}") for number in numbers)])[0]
    assert sorted([*series.gaps, *numbers]) == list(range(1, max(numbers) + 1))
