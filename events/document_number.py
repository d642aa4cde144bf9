"""Document numbers (文号) as they are written: the code of a body, a year, a serial."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# GB/T 9704: code of the body, year in six-cornered brackets, serial without leading zeros. Other brackets are read too:
# they are a matter of form, and two documents under one number are found all the same.
_NUMBER: Final = re.compile(
    r"(?P<code>[^〔\[［(（【]*)[〔\[［(（【](?P<year>\d{4})[〕\]］)）】]\s*第?(?P<serial>\d{1,9})号", re.ASCII
)


class DocumentNumber(NamedTuple):
    """A number such as 信府发〔2026〕12号; minutes may have no code."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"


def parse_number(text: str) -> DocumentNumber | None:
    """Read a document number; None for one that is not written as code, year and serial, such as an order's (令)."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else DocumentNumber(found["code"].strip(), int(found["year"]), int(found["serial"]))
