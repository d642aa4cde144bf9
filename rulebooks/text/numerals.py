"""Numbers as Chinese official texts write them: 5, 五, 二分之一, 1至2, 200万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

DIGITS: Final = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES: Final = {"十": 10, "百": 100, "千": 1000}
NUMERALS: Final = "".join((*DIGITS, *PLACES))

DATE: Final = r"\d{4}\s*年(?:\d{1,2}\s*月(?:\d{1,2}\s*日)?)?"
DOCUMENT_NUMBER: Final = r"〔\d{4}〕\s*\d+\s*号"
QUOTED: Final = r"“[^”]*”|《[^》]*》"
ORDINAL: Final = rf"第[{NUMERALS}\d]+"
NO_QUANTITY: Final = re.compile(f"{DATE}|{DOCUMENT_NUMBER}|{QUOTED}|{ORDINAL}")
"""What holds digits without saying how many."""

UNITS: Final = (
    "个?工作日|个?小时|个半?月|个以上|个及以上|个或|个部门|个|日|天|周|年|月|次|场|名|人|位"
    "|万元|亿元|元|万|亿|亩|份|页|字|篇|倍|%"
)
FACTORS: Final = {
    "万": Fraction(10_000),
    "亿": Fraction(10_000),
    "%": Fraction(1, 100),
    "年": Fraction(12),
    "周": Fraction(7),
    "天": Fraction(24),
    "日": Fraction(24),
}
"""By what a number may be multiplied in a parameter that counts in another unit; 亿 in 万, the unit of sums."""

QUANTITY: Final = re.compile(
    rf"(?P<lower>[{NUMERALS}]+)分之(?P<upper>[{NUMERALS}]+)"
    rf"|(?P<half>半(?=数|年|月))"
    rf"|(?P<digits>\d+(?:\.\d+)?)(?P<unit>{UNITS})?"
    rf"|(?P<chinese>[{NUMERALS}]+)(?=(?P<measure>{UNITS}))"
)


def numeral(text: str) -> int | None:
    """Read a whole number below ten thousand written in Chinese numerals or digits; None when it is none."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(sign not in NUMERALS for sign in text):
        return None
    total, digit = 0, None
    for sign in text:
        if sign in PLACES:
            total += (1 if digit is None else digit) * PLACES[sign]
            digit = None
        else:
            digit = DIGITS[sign]
    return total + (digit or 0)


class Quantity(NamedTuple):
    """A number in a text: as it is written with its unit, and the values that a parameter may have for it."""

    words: str
    values: frozenset[Fraction]


def quantities(words: str) -> Iterator[Quantity]:
    """Return the numbers in a sentence, in their order.

    Dates, document numbers, ordinals and names in quotation marks hold none. A Chinese numeral counts as one only with
    a unit behind it (两个部门以上, 半数, 三分之二): 一律, 一般 and 进一步 hold no number.
    """
    cleared = NO_QUANTITY.sub(lambda found: " " * len(found[0]), words)
    for found in QUANTITY.finditer(cleared):
        yield Quantity(found[0] + (found["measure"] or ""), _values(found))


def _values(found: re.Match[str]) -> frozenset[Fraction]:
    if found["lower"]:
        return frozenset({Fraction(numeral(found["upper"]) or 0, numeral(found["lower"]) or 1)})
    if found["half"]:
        return frozenset({Fraction(1, 2)})
    number = found["digits"] or found["chinese"]
    value = Fraction(number) if found["digits"] else Fraction(numeral(number) or 0)
    unit = found["unit"] or found["measure"] or ""
    return frozenset({value, *(value * factor for sign, factor in FACTORS.items() if unit.startswith(sign))})
