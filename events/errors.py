"""What may be wrong with a fact that somebody hands in."""

from __future__ import annotations


class FactError(Exception):
    """A fact, or a line of a history, that cannot be read.

    `code` is stable and meant for programs. `line` counts from 1 as an editor does, `field` is a path such as
    `data.departments[1]`; either may be None. `reason_zh` and `reason_en` say what is wrong and what to do.
    """

    def __init__(
        self, code: str, reason_zh: str, reason_en: str, *, field: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(code, reason_zh, reason_en, field, line)
        self.code = code
        self.reason_zh = reason_zh
        self.reason_en = reason_en
        self.field = field
        self.line = line

    def at_line(self, line: int) -> FactError:
        """Return the same error, of this line."""
        return FactError(self.code, self.reason_zh, self.reason_en, field=self.field, line=line)

    def __str__(self) -> str:
        place_zh = "".join((f"第{self.line}行 " if self.line else "", f"字段 {self.field}：" if self.field else ""))
        place_en = "".join((f"line {self.line}, " if self.line else "", f"field {self.field}: " if self.field else ""))
        return f"{place_zh}{self.reason_zh} / {place_en}{self.reason_en} [{self.code}]"


def printable(text: str) -> str:
    """Return the beginning of a text as a message may quote it: on one line, and always with a form in UTF-8."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text[:200])
