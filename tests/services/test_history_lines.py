"""A history is read line by line, and an endless line is neither held whole nor taken for several."""

import io
import re
from typing import Final

import pytest

from events.errors import FactError
from events.strict_json import LONGEST_LOOKED_AT, read_object
from services.history_lines import lines_of

_LONGEST: Final = b"x" * (LONGEST_LOOKED_AT + 1)


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"", []),
        (b"one\n\ntwo", [b"one\n", b"\n", b"two"]),
        (_LONGEST[1:] + b"\nnext\n", [_LONGEST[1:] + b"\n", b"next\n"]),
        (_LONGEST + b"\nnext\n", [_LONGEST, b"next\n"]),
        (_LONGEST * 3 + b"\nnext\n", [_LONGEST, b"next\n"]),
        (_LONGEST * 2, [_LONGEST]),
        (_LONGEST, [_LONGEST]),
    ],
    ids=[
        "nothing",
        "short",
        "as long as can be",
        "too long by one",
        "much too long",
        "endless",
        "too long and the last",
    ],
)
def test_each_line_is_read_once_and_of_one_too_long_only_the_beginning(content: bytes, read: list[bytes]) -> None:
    assert list(lines_of(io.BytesIO(content))) == read


def test_of_a_line_that_was_cut_no_length_is_claimed() -> None:
    with pytest.raises(FactError, match=re.escape("the line has more than 32,000,000 bytes")) as refused:
        read_object(_LONGEST)

    assert (refused.value.code, refused.value.reason_zh.partition("，超")[0]) == (
        "line_too_long",
        "本行不止 32,000,000 字节",
    )
