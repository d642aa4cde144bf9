"""What people type into a cell, and what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from events.field_types import FieldType
from events.vocabulary import field_types
from services.workbooks.cells import value_of
from services.workbooks.opening import Cell
from services.workbooks.problems import CellError

REPLIED: Mapping[str, FieldType] = field_types("countersign.replied.v1")
RECEIVED: Mapping[str, FieldType] = field_types("document.received.v1")
MOMENT = RECEIVED["reply_by"]
DAY = RECEIVED["dated"]
WHOLE = RECEIVED["subject_count"]
AMOUNT = field_types("matter.classified.v1")["amount_wan"]
TEXT = RECEIVED["number"]
UNITS = RECEIVED["co_senders"]
WRITTEN = dt.datetime(2026, 9, 28, 14, 30)  # noqa: DTZ001  the hours of a workbook have no offset


def cell(value: object) -> Cell:
    match value:
        case bool():
            return Cell(value, "b")
        case int() | float():
            return Cell(value, "n")
        case dt.date() | dt.time():
            return Cell(value, "d")
        case _:
            return Cell(value, "s")


def refusal(field: FieldType, value: object) -> str:
    with pytest.raises(CellError) as refused:
        value_of(field, cell(value))
    return refused.value.code


@pytest.mark.parametrize(
    "typed",
    [
        WRITTEN.replace(hour=0, minute=0),
        dt.date(2026, 9, 28),
        "2026-9-28",
        "2026-09-28",
        "2026/9/28",
        "2026.9.28",
        "2026年9月28日",
        "２０２６年９月２８日",
        "20260928",
        20260928,
    ],
)
def test_a_day_is_a_day_however_it_is_typed(typed: object) -> None:
    assert value_of(MOMENT, cell(typed)) == value_of(DAY, cell(typed)) == "2026-09-28"


@pytest.mark.parametrize(
    "typed",
    [
        WRITTEN,
        "2026-9-28 14:30",
        "2026/9/28 14:30:00",
        "2026年9月28日14时30分",
        "2026年9月28日 下午2:30",
        "2026-09-28 １４：３０",
        "2026-09-28T14:30:00+08:00",
    ],
)
def test_an_hour_is_one_in_beijing_time(typed: object) -> None:
    assert value_of(MOMENT, cell(typed)) == "2026-09-28T14:30:00+08:00"
    assert refusal(DAY, typed) == "cell.day_with_hour"


@pytest.mark.parametrize(
    "typed",
    ["9月28日", "28/9/2026", "9-28", "2026-13-1", "2026-2-30", "2026-9-28 25:00", 46293, 46293.5, True, dt.time(9)],
)
def test_what_is_no_whole_date_is_refused(typed: object) -> None:
    assert refusal(MOMENT, typed) == "cell.not_a_date"


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (WHOLE, 3, 3),
        (WHOLE, 3.0, 3),
        (WHOLE, "３", 3),
        (WHOLE, " 1,200 ", 1200),
        (AMOUNT, 2600.5, "2600.5"),
        (AMOUNT, 2600.0, "2600"),
        (AMOUNT, "2,600.50", "2600.50"),
        (AMOUNT, 0.000001, "0.000001"),
        (TEXT, 7, "7"),
        (TEXT, 7.0, "7"),
        (TEXT, "信府发〔2026〕7号", "信府发〔2026〕7号"),
    ],
)
def test_numbers_as_text_and_texts_as_number(field: FieldType, typed: object, read: object) -> None:
    assert value_of(field, cell(typed)) == read


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (WHOLE, 2.5, "cell.not_whole"),
        (WHOLE, "三", "cell.not_a_number"),
        (WHOLE, "9" * 50, "cell.not_a_number"),
        (AMOUNT, "100万元", "cell.not_a_number"),
        (AMOUNT, float("inf"), "cell.digits_lost"),
        (TEXT, 1.23456789012346e17, "cell.digits_lost"),
        (TEXT, WRITTEN, "cell.not_text"),
        (TEXT, True, "cell.not_text"),
        (REPLIED["stance"], "好", "cell.not_a_choice"),
        (REPLIED["sealed"], "也许", "cell.not_a_flag"),
    ],
)
def test_what_cannot_be_meant_is_refused(field: FieldType, typed: object, code: str) -> None:
    assert refusal(field, typed) == code


def test_choices_flags_lists_and_nothing_at_all() -> None:
    stance, sealed = REPLIED["stance"], REPLIED["sealed"]
    assert [value_of(stance, cell(one)) for one in ("同意", "agree", "同意 agree")] == ["agree"] * 3
    assert [value_of(sealed, cell(one)) for one in ("是", "否", "Yes", 0, True)] == [True, False, True, False, True]
    assert value_of(UNITS, cell("u-a、u-b，u-c;u-d\nu-e u-f")) == ["u-a", "u-b", "u-c", "u-d", "u-e", "u-f"]
    assert (value_of(UNITS, cell("无")), value_of(TEXT, cell("无"))) == ([], None)


def test_a_case_of_the_only_kind_may_be_named_by_its_id_alone() -> None:
    assert value_of(RECEIVED["funds"], cell("f-1")) == value_of(RECEIVED["funds"], cell("funds/f-1")) == "funds/f-1"


def test_entries_stand_one_a_line_or_as_json() -> None:
    parts = field_types("meeting.notice_sent.v1")["invitees"]
    names = list(parts.fields or {})
    assert names[:2] == ["person", "unit"]
    assert value_of(parts, cell("p-li|u-land\n\n|u-finance")) == [
        {"person": "p-li", "unit": "u-land"},
        {"unit": "u-finance"},
    ]
    assert value_of(parts, cell('[{"person": "p-li"}]')) == [{"person": "p-li"}]
    assert refusal(parts, "a|b|c|d|e|f|g") == "cell.too_many_parts"
    assert refusal(parts, "[{") == "cell.not_json"
