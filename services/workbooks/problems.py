"""What may be wrong with a workbook as a whole, and with one cell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.not_done import NotDoneError

if TYPE_CHECKING:
    from pathlib import Path


class WorkbookError(NotDoneError):
    """A file that cannot be read or written as a workbook; `code` is stable."""


class CellError(Exception):
    """A cell that cannot be used; `code` is stable, `zh` and `en` say what is wrong and what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, zh, en)
        self.code, self.zh, self.en = code, zh, en


def no_name_of_workbook(path: Path) -> WorkbookError:
    """Report a workbook to be written under a name that no program would open it by."""
    return WorkbookError(
        "workbook.no_name_of_workbook",
        f"{path} 的后缀不是 .xlsx，填好后无法导入，没有写出模板；请改文件名。",
        f"the name of {path} does not end in .xlsx, so that it could not be imported once filled in; nothing was "
        "written, name it so.",
    )


def damaged(name: str) -> WorkbookError:
    """Report a file that is no sound workbook."""
    return WorkbookError(
        "workbook.damaged",
        f"{name} 已损坏或不是 Excel 工作簿，没有导入任何一行；请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。",
        f"{name} is damaged or no Excel workbook, so nothing of it was imported; open it in Excel or WPS, save it as "
        ".xlsx and import that.",
    )


def other_format(name: str, found_zh: str, found_en: str) -> WorkbookError:
    """Report a file of another kind, or one that is locked by a password."""
    return WorkbookError(
        "workbook.other_format",
        f"{name} 是{found_zh}，只能导入 .xlsx 工作簿，没有导入任何一行；请在 Excel 或 WPS 中另存为不加密的 .xlsx。",
        f"{name} is {found_en}; only .xlsx workbooks can be imported, so nothing was. Save it as .xlsx without a "
        "password in Excel or WPS.",
    )


def too_large(name: str, what_zh: str, what_en: str) -> WorkbookError:
    """Report a workbook beyond a bound, such as one that unpacks to far more than people type."""
    return WorkbookError(
        "workbook.too_large",
        f"{name} {what_zh}，为保护本机没有读取；请删去多余的行列和格式，或拆成几个文件。",
        f"{name} {what_en}; it was not read, to protect this machine. Delete what is not needed, or split the file.",
    )
