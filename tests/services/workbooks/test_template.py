"""The template can be filled in, and what it offers is what is read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from events.vocabulary import FACTS
from services.cli import main
from services.workbooks.forms import COMMON, GUIDE, LISTS, forms, simplified, template_forms
from services.workbooks.headings import headings_of
from services.workbooks.opening import open_workbook
from services.workbooks.template import template
from tests.services.workbooks.filling import read, saved, sheet_of

TEMPLATE = saved(template("xinzhou"))


def test_the_template_has_a_guide_and_a_sheet_a_kind_whose_headings_are_all_known() -> None:
    sheets = {sheet.title: sheet for sheet in open_workbook("t.xlsx", TEMPLATE).sheets}
    titles = [form.title for form in template_forms()]
    assert list(sheets) == [GUIDE, *titles, LISTS]
    for form in template_forms():
        headings = headings_of(form, sheets[form.title])
        assert (list(headings.columns.values()), headings.row) == (list(form.columns), 2)


def test_an_empty_template_says_nothing() -> None:
    assert read(TEMPLATE, None) == []


def test_every_type_of_fact_has_a_sheet_and_no_title_stands_for_two() -> None:
    assert {form.type for form in forms().values() if form.type} == set(FACTS)
    assert all(forms()[simplified(title)].type == type_ for type_, title in COMMON.items())
    assert len(COMMON) >= 25
    assert all(len(form.title) <= 31 for form in template_forms())


def test_choices_and_flags_have_drop_down_lists_dates_a_format_and_required_columns_a_mark() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    sheet = sheet_of(book, "会签回复")
    heads = {str(cell.value): get_column_letter(number) for number, cell in enumerate(sheet[2], 1)}
    lists = {str(one.sqref): str(one.formula1) for one in sheet.data_validations.dataValidation}
    stance, sealed = heads["stance"], heads["sealed"]
    place = lists[f"{stance}3:{stance}2000"]
    assert place.startswith(f"'{LISTS}'!$")
    _, first, last = place.replace(":", "").split("$")[0], *place.partition("!")[2].replace("$", "").split(":")
    values = [cell.value for row in sheet_of(book, LISTS)[f"{first}:{last}"] for cell in row]
    assert values == ["同意", "修改后同意", "无意见", "不同意", "未表态"]
    assert lists[f"{sealed}3:{sealed}2000"] == '"是,否"'
    assert sheet.column_dimensions[heads["occurred_at"]].number_format == "yyyy-mm-dd hh:mm"
    assert sheet.column_dimensions[heads["department"]].number_format == "@"
    first_row = {str(cell.value) for cell in sheet[1]}
    assert {"案卷编号*", "发生时间*", "意见"} <= first_row
    assert all(cell.comment is not None for cell in sheet[1])
    assert sheet_of(book, LISTS).sheet_state == "hidden"


def test_the_command_writes_it_but_never_over_a_file_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.xlsx"
    assert main(["import", "--template", str(path), "--district", "huancui"]) == 0
    assert sheet_of(openpyxl.load_workbook(path), GUIDE)["B1"].value == "huancui"
    path.write_bytes(b"filled in")
    assert main(["import", "--template", str(path)]) == 2
    assert "不覆盖" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["t.xlsx"]
    assert path.read_bytes() == b"filled in"
    assert main(["import"]) == main(["import", "a.xlsx", "--template", "b.xlsx"]) == 2
