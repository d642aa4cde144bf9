"""Rows of a workbook become facts: the same row the same facts, a bad cell named by sheet, row and column."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from events.describing import examples
from events.fact import AnyFact
from events.parsing import parse
from events.printing import history_line
from events.vocabulary import field_types
from services.public_records.facts import facts_of_line
from services.public_records.rows import FileKind, RowProblem
from services.workbooks.forms import COMMON, template_forms
from services.workbooks.rows import SheetRow
from tests.services.workbooks.filling import as_in_lines, cell_for, facts, read, sheet_of, workbook

SAMPLE = Path(__file__).parents[3] / "services" / "sample"
REQUESTED: dict[str, object] = {
    "subject.id": "cs-1",
    "occurred_at": dt.date(2026, 9, 28),
    "actor.unit": "u-housing",
    "kind": "会签",
    "about": "matter/m-1",
    "sponsor": "u-housing",
    "departments": "u-land、u-finance",
    "form": "书面",
}
REPLIED: dict[str, object] = {
    "subject.id": "cs-1",
    "occurred_at": "2026-9-30",
    "actor.unit": "u-land",
    "department": "u-land",
    "stance": "同意",
}
ASKED, ANSWERED = "征求意见会签", "会签回复"


def ids(rows: Sequence[SheetRow | RowProblem]) -> set[str]:
    return {str(fact.id) for row in facts(rows) for fact in row.facts}


def only(rows: Sequence[SheetRow | RowProblem]) -> AnyFact:
    ((fact,),) = [row.facts for row in facts(rows)]
    return fact


def problems(rows: Sequence[SheetRow | RowProblem]) -> list[tuple[str | None, int, str | None, str | None, str]]:
    return [(one.sheet, one.row, one.column, one.field, one.code) for one in rows if isinstance(one, RowProblem)]


@pytest.mark.parametrize("type_", COMMON)
def test_the_example_of_each_common_fact_comes_back_as_it_was_typed(type_: str) -> None:
    data = examples()[type_]
    typed = {name: cell_for(field_types(type_)[name], value) for name, value in data.items()}
    row = {**REQUESTED, **dict.fromkeys(("kind", "about", "form")), **typed}
    fact = only(read(workbook({COMMON[type_]: [{k: v for k, v in row.items() if v is not None}]})))
    whole = json.loads(history_line(fact))
    wanted = parse({**whole, "data": data})
    assert (whole["type"], fact.data) == (type_, wanted.data)
    assert (fact.district, fact.subject.id, fact.occurred_at.text, fact.origin) == (
        "xinzhou", "cs-1", "2026-09-28", "recorded"
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["meetings", "documents", "notices", "leaders"])
def test_the_public_records_give_the_same_facts_from_a_sheet_as_from_lines(kind: FileKind) -> None:
    lines = (SAMPLE / f"{kind}.jsonl").read_bytes().splitlines()
    read_lines = [facts_of_line(line, number, file="f") for number, line in enumerate(lines, 1)]
    (title,) = [form.title for form in template_forms() if form.public == kind]
    book = workbook({title: [as_in_lines(json.loads(line)) for line in lines]}, headings="zh")
    rows = read(book, None)
    assert sorted(map(str, ids([row for row in rows if isinstance(row, SheetRow)]))) == sorted(
        str(fact.id) for one in read_lines if isinstance(one, list) for fact in one
    )
    assert sorted(one.code for one in rows if isinstance(one, RowProblem)) == sorted(
        one.code for one in read_lines if isinstance(one, RowProblem)
    )


def test_order_added_rows_and_the_way_a_date_is_typed_do_not_make_other_facts() -> None:
    rows = [{**REQUESTED, "subject.id": f"cs-{number}"} for number in range(9)]
    first = ids(read(workbook({ASKED: rows, ANSWERED: [REPLIED, REPLIED]})))
    shuffled = [{**row, "occurred_at": "2026年9月28日", "departments": "u-land, u-finance"} for row in rows]
    random.Random(4).shuffle(shuffled)
    again = ids(read(workbook({ANSWERED: [REPLIED, REPLIED], ASKED: [*shuffled, {**REQUESTED, "subject.id": "cs-x"}]})))
    assert len(first) == 11
    assert first < again
    assert len(again) == 12


def test_openers_come_before_what_hangs_on_them_whatever_the_order_of_sheets_and_rows() -> None:
    later = {**REQUESTED, "subject.id": "cs-2", "occurred_at": dt.date(2026, 9, 30)}
    reply = {**REPLIED, "subject.id": "cs-2", "occurred_at": "2026-9-30 8:00"}
    rows = facts(read(workbook({ANSWERED: [reply, REPLIED], ASKED: [later, REQUESTED]})))
    assert [(row.sheet, row.facts[0].subject.id) for row in rows] == [
        (ASKED, "cs-1"),
        (ASKED, "cs-2"),
        (ANSWERED, "cs-2"),
        (ANSWERED, "cs-1"),
    ]


def test_a_bad_cell_is_named_by_sheet_row_and_column_with_what_to_do_and_the_good_rows_stay() -> None:
    bad = {**REPLIED, "occurred_at": "9月30日", "stance": "好"}
    rows = read(workbook({ANSWERED: [REPLIED, bad, {**REPLIED, "department": None}]}, headings="zh"))
    assert problems(rows) == [
        (ANSWERED, 3, "B", "occurred_at", "cell.not_a_date"),
        (ANSWERED, 4, "F", "data.department", "cell.required"),
    ]
    assert len(facts([row for row in rows if isinstance(row, SheetRow)])) == 1
    (first, _) = [str(row) for row in rows if isinstance(row, RowProblem)]
    assert first.startswith("f.xlsx 会签回复 第3行 B列（occurred_at）：“9月30日” 不是可用的日期；请写成 2026-9-28")
    assert "另有 G列（stance）：“好” 不在可选值中；可填：同意、" in first


def test_what_the_vocabulary_refuses_is_named_by_its_column_too() -> None:
    rows = [{**REQUESTED, "departments": "u-land、u finance!"}, {**REQUESTED, "actor.unit": None}]
    assert problems(read(workbook({ASKED: rows}))) == [
        (ASKED, 2, "I", "data.departments[2]", "row.malformed_identity"),
        (ASKED, 3, None, "actor", "row.no_actor"),
    ]


def test_formulas_error_values_and_merged_cells_are_refused_by_name() -> None:
    book = workbook({ANSWERED: [REPLIED, REPLIED, REPLIED, REPLIED]})
    sheet = sheet_of(book, ANSWERED)
    sheet["B2"] = "=TODAY()"
    sheet["A3"] = "#REF!"
    sheet.merge_cells("F4:F5")
    assert problems(read(book)) == [
        (ANSWERED, 2, "B", "occurred_at", "cell.formula"),
        (ANSWERED, 3, "A", "subject.id", "cell.error_value"),
        (ANSWERED, 4, "F", "data.department", "cell.merged"),
        (ANSWERED, 5, "F", "data.department", "cell.merged"),
    ]


def test_blank_rows_titles_above_the_headings_and_columns_of_ones_own_are_passed_over() -> None:
    book = workbook({ANSWERED: [REPLIED]})
    sheet = sheet_of(book, ANSWERED)
    sheet["Z1"], sheet["Z2"] = "#经办", "somebody"
    sheet["A9"], sheet["B9"] = "  ", "\u200b"
    sheet.insert_rows(1, 2)
    sheet["A1"] = "二〇二六年会签回复"
    sheet.merge_cells("A1:F1")
    assert len(facts(read(book))) == 1


@pytest.mark.parametrize(
    ("place", "heading", "problem"),
    [
        ("G1", "立场", (ANSWERED, 1, "G", None, "sheet.unknown_heading")),
        ("G1", None, (ANSWERED, 1, None, None, "sheet.missing_column")),
        ("H1", "stance", (ANSWERED, 1, "H", None, "sheet.heading_twice")),
    ],
)
def test_a_sheet_whose_headings_are_not_sure_is_refused_whole(
    place: str, heading: str | None, problem: tuple[object, ...]
) -> None:
    book = workbook({ANSWERED: [REPLIED], ASKED: [REQUESTED]})
    sheet_of(book, ANSWERED)[place] = heading
    rows = read(book)
    assert (problems(rows), len(rows)) == ([problem], 2)


def test_sheets_without_headings_or_of_an_unknown_name_are_named() -> None:
    book = workbook({ASKED: [REQUESTED]})
    sheet_of(book, "Sheet")["A1"] = "随便"
    book.create_sheet("请假")["A1"] = "王"
    assert problems(read(book)) == [
        ("Sheet", 1, None, None, "sheet.unknown"),
        ("请假", 1, None, None, "sheet.no_headings"),
    ]


def test_a_sheet_may_be_called_by_its_type_too() -> None:
    book = workbook({ANSWERED: [REPLIED]})
    sheet_of(book, ANSWERED).title = "countersign.replied"
    assert only(read(book)).type == "countersign.replied.v1"


def test_the_guide_names_the_district_and_a_row_of_another_is_refused_when_one_is_asked_for() -> None:
    book = workbook({ANSWERED: [REPLIED, {**REPLIED, "district": "huancui"}]})
    guide = book.create_sheet("说明")
    guide["A1"], guide["B1"] = "区县 district", "yuanzhou"
    assert [row.facts[0].district for row in facts(read(book, None))] == ["yuanzhou", "huancui"]
    assert problems(read(book, "yuanzhou")) == [(ANSWERED, 3, "S", "district", "row.other_district")]
