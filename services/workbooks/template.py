"""The workbook that people fill in: headings, drop-down lists, date formats, and a sheet that explains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from events.describing import examples
from services.workbooks.cells import NO, YES
from services.workbooks.forms import GUIDE, LISTS, Column, Form, template_forms
from services.written_whole import written_whole

FIRST_ROW: Final = 3
"""The first row to fill in, under two rows of headings."""
_LAST_ROW: Final = 2_000
"""Drop-down lists and formats reach down to here; rows beyond are read all the same."""
_FORMATS: Final = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "datetime": "yyyy-mm-dd hh:mm"}
_FORMATS_OF_PUBLIC: Final = {"public_day": "yyyy-mm-dd hh:mm", "int": "0", "decimal": "General", "bool": "General"}
_TEXT: Final = "@"
_REQUIRED: Final = PatternFill("solid", fgColor="FFE699")
_OPTIONAL: Final = PatternFill("solid", fgColor="DDEBF7")
_NAMES: Final = Font(color="808080", size=9)
_WIDEST: Final = 40

_GUIDE: Final = (
    ("怎样填", "How to fill it in"),
    (
        "每张表一种事实或公开记录，每行一条，从第 3 行起；不用的表可以删去。带 * 的黄色列必填。",
        "One kind of fact or record a sheet, one a row, from row 3 on. Yellow columns with * are required.",
    ),
    (
        "填好后运行 taizhang import 文件.xlsx：指出有错的格子，其余各行入账；改好后再导入，已入账的不会重复。",
        "Then run taizhang import FILE.xlsx: bad cells are named, the other rows go in. Import it again once mended.",
    ),
    (
        "已入账的行不要再改内容：改过的行是另一件事实；更正请另录更正事实。行的先后、增加行、换一张表都不影响。",
        "Do not change a row that has gone in: a changed row is another fact. Order and added rows do not matter.",
    ),
    (
        "日期写 2026-9-28、2026/9/28 或 2026年9月28日；知道钟点再写 9:30。0:00 表示只知道日期。时间均为北京时间。",
        "Dates as 2026-9-28, with 9:30 when the hour is known; 0:00 says that only the day is known. Time is +08:00.",
    ),
    (
        "空白表示不知道；确知没有的选填项写“无”。是否项写 是 或 否。",
        f"Blank means not known; 无 in an optional cell says that there is none. Flags are {YES} (yes) or {NO} (no).",
    ),
    (
        "一格多项用 、 隔开；一格多条（如会议通知的参会人）每行一条，各部分用 | 隔开，顺序见表头批注。",
        "Several names in a cell are separated by 、; several entries stand one a line, their parts between bars |.",
    ),
    (
        "不读公式和合并单元格，会指出；请粘贴为数值、取消合并。自己用的列，表头以 # 开头。",
        "Formulas and merged cells are refused by name. Begin the heading of a column of your own with #.",
    ),
    (
        "人员、岗位、单位、案卷都写编号。同一案卷的各行（如征求意见与回复）用同一案卷编号。",
        "Persons, posts, units and cases are written by id; rows of one case have the same case id.",
    ),
)


def write_template(path: Path, district: str | None = None) -> None:
    """Write the template; raise OSError, also when the file is there already: somebody may have filled it in."""
    with written_whole(path, replace=False) as file:
        template(district).save(file)


def template(district: str | None = None) -> Workbook:
    """Return the template; with a district the guide sheet names it for all rows."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)  # noqa: S101  a new workbook has one worksheet; the stub says it may be a chart
    guide.title = GUIDE
    _fill_guide(guide, district)
    lists = _Lists(book.create_sheet(LISTS))
    for form in template_forms():
        _fill_sheet(book.create_sheet(form.title), form, lists)
    lists.sheet.sheet_state = "hidden"
    book.move_sheet(lists.sheet, len(book.sheetnames))
    return book


class _Lists:
    """The hidden sheet with one column a list of values."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._places: dict[tuple[str, ...], str] = {}

    def place(self, name: str, values: tuple[str, ...]) -> str:
        """Return where a list stands, written as a formula; it is added when it is new."""
        if values not in self._places:
            number = len(self._places) + 1
            self.sheet.cell(1, number, name)
            for row, value in enumerate(values, 2):
                self.sheet.cell(row, number, value)
            letter = get_column_letter(number)
            self._places[values] = f"'{LISTS}'!${letter}$2:${letter}${len(values) + 1}"
        return self._places[values]


def _fill_guide(sheet: Worksheet, district: str | None) -> None:
    sheet.append(["区县 district", district or ""])
    sheet.append(["各表没有填区县的行都属于这里写的区县 / the district of every row that names none", ""])
    sheet.append([])
    for zh, en in _GUIDE:
        sheet.append([zh, en])
    sheet.append([])
    sheet.append(["表 sheet", "是什么 what it is", "必填列 required columns", "事实类型 type of fact"])
    for form in template_forms():
        required = "、".join(column.zh for column in form.columns if column.required)
        sheet.append([form.title, f"{form.zh} / {form.en}", required, form.type or "公开记录 public record"])
    for letter, width in zip("ABCD", (60, 70, 40, 36), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = sheet["B1"].font = Font(bold=True)


def _fill_sheet(sheet: Worksheet, form: Form, lists: _Lists) -> None:
    sheet.freeze_panes = f"A{FIRST_ROW}"
    example = json.dumps(examples()[form.type], ensure_ascii=False) if form.type else None
    for number, column in enumerate(form.columns, 1):
        letter = get_column_letter(number)
        heading = sheet.cell(1, number, column.zh + ("*" if column.required else ""))
        heading.font, heading.fill = Font(bold=True), _REQUIRED if column.required else _OPTIONAL
        heading.comment = _comment(column, example if number == 1 else None)
        sheet.cell(2, number, column.name).font = _NAMES
        sheet.column_dimensions[letter].width = min(_WIDEST, max(14, 2 * len(column.zh) + 4))
        _format(sheet, number, column)
        if (validation := _validation(column, lists)) is not None:
            validation.add(f"{letter}{FIRST_ROW}:{letter}{_LAST_ROW}")
            sheet.add_data_validation(validation)


def _format(sheet: Worksheet, number: int, column: Column) -> None:
    """Give the cells to fill in their format; text everywhere else, or Excel would make dates of `1-2`."""
    named = {**_FORMATS, **_FORMATS_OF_PUBLIC}.get(column.field.type, _TEXT)
    sheet.column_dimensions[get_column_letter(number)].number_format = named
    for heading in (1, 2):
        sheet.cell(heading, number).number_format = _TEXT


def _validation(column: Column, lists: _Lists) -> DataValidation | None:
    field = column.field
    if field.is_list or (field.type != "bool" and field.choices is None):
        return None
    values = (YES, NO) if field.choices is None else tuple(zh for zh, _ in field.choices.values.values())
    place = f'"{YES},{NO}"' if field.choices is None else lists.place(field.choices.name, values)
    validation = DataValidation(type="list", formula1=place, allow_blank=True, showErrorMessage=True)
    validation.errorTitle = "请从列表选择"
    validation.error = "请从下拉列表中选择 / choose from the list"
    validation.errorStyle = "stop" if column.path != field.name else "warning"
    return validation


def _comment(column: Column, example: str | None) -> Comment:
    comment = Comment("\n".join(_notes(column, example)), "taizhang")
    comment.width, comment.height = 360, 220
    return comment


def _notes(column: Column, example: str | None) -> Iterator[str]:
    field = column.field
    yield f"{column.name}：{column.en}"
    yield "必填 required" if column.required else "选填 optional"
    if field.type in {**_FORMATS, "public_day": ""}:
        yield "日期 date：2026-9-28" + ("" if field.type == "date" else " 或 or 2026-9-28 9:30")
    if field.ref_kinds and field.ref_kinds != ("any",):
        yield f"案卷 case：{' 或 or '.join(f'{kind}/编号' for kind in field.ref_kinds)}"
    elif field.ref_kinds:
        yield "案卷 case：种类/编号 kind/id"
    if field.choices is not None:
        yield "可填 values：" + "、".join(zh for zh, _ in field.choices.values.values())
    if field.fields is not None:
        yield "每行一条，各部分 one a line：" + " | ".join(f"{part.zh} {name}" for name, part in field.fields.items())
    elif field.is_list:
        yield "多项用 、 隔开 several are separated by 、"
    if example is not None:
        yield f"内容示例 example of the data：{example}"
