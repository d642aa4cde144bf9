"""The lines of a history file, none of them held longer than anything could be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.strict_json import LONGEST_LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_LONGEST: Final = LONGEST_LOOKED_AT + 1


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file; of an endless one only the beginning, which a history refuses as too long."""
    while line := file.readline(_LONGEST):
        yield line
        while len(line) == _LONGEST and not line.endswith(b"\n"):
            line = file.readline(_LONGEST)
