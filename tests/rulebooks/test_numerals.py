"""Numbers of official texts: which words hold one, and which parameters it may be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.text.numerals import numeral, quantities

DIGITS = "〇一二三四五六七八九"


def words(sentence: str) -> list[str]:
    return [one.words for one in quantities(sentence)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("八十九", 89), ("一百零五", 105), ("两千", 2000), ("17", 17)],
)
def test_a_numeral_is_read(text: str, value: int) -> None:
    assert numeral(text) == value


@pytest.mark.parametrize("text", ["", "甲", "一般", "5日"])
def test_other_words_are_no_numeral(text: str) -> None:
    assert numeral(text) is None


@given(st.integers(1, 99))
def test_every_number_of_an_article_is_read_back(number: int) -> None:
    tens, ones = divmod(number, 10)
    written = ("" if tens == 0 else ("" if tens == 1 else DIGITS[tens]) + "十") + ("" if ones == 0 else DIGITS[ones])
    assert numeral(written) == number


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("应在5个工作日内回复，最长不超过15个工作日", ["5个工作日", "15个工作日"]),
        ("一般每年召开1—2次", ["1", "2次"]),
        ("每半月召开1次", ["半", "1次"]),
        ("应到人数的二分之一", ["二分之一"]),
        ("涉及两个及以上部门职权", ["两个及以上"]),
        ("200万元至2000万元", ["200万元", "2000万元"]),
    ],
)
def test_quantities_are_found(sentence: str, found: list[str]) -> None:
    assert words(sentence) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "一律不得进一步统一安排",
        "2018年12月14日印发的（黔府发〔2018〕63号）同时废止",
        "按第三条第2款办理",
        "增强“四个意识”、做到“两个维护”",
        "落实《关于5个事项的通知》",
    ],
)
def test_dates_numbers_of_documents_ordinals_and_names_hold_none(sentence: str) -> None:
    assert words(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("三分之二", Fraction(2, 3)),
        ("半数", Fraction(1, 2)),
        ("10%", Fraction(1, 10)),
        ("2亿元", Fraction(20_000)),
        ("1天", Fraction(24)),
    ],
)
def test_a_quantity_fits_a_parameter_in_another_unit(sentence: str, value: Fraction) -> None:
    assert [value in one.values for one in quantities(sentence)] == [True]
