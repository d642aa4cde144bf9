"""Numbers as Chinese official texts write them: 5, 五, 二分之一, 1至2, 200万元."""

from __future__ import annotations

from typing import Final

DIGITS: Final = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES: Final = {"十": 10, "百": 100, "千": 1000}
NUMERALS: Final = "".join((*DIGITS, *PLACES))


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
