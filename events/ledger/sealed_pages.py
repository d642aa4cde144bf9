"""The leaves of a whole page of stored rows computed at once, where nothing in it asks for a closer look."""

from __future__ import annotations

from collections.abc import Sequence
from struct import iter_unpack
from typing import Any, Final

import orjson

from events.tree.sealing import LEAF, HashStart, hash_each

StoredRow = Sequence[Any]
"""Sequence, id, leaf, root, stream, version, topic and state, all but the numbers as bytes.

One that was tampered with may hold anything.
"""
_RECORDED_AT: Final = b'"recorded_at":"'
_BYTES_OF_AN_ID: Final = 16
_TEXT_OF_AN_ID: Final = "8s4s4s4s12s"
_ESCAPED: Final = bytes(range(32)) + b'"\\'
"""What JSON does not write as it is."""
_QUOTES: Final = 10
"""How many of these an envelope has where none of its words holds one."""


class SealedPages:
    """Computes the leaves of the pages of a district."""

    def __init__(self, district: str, start: HashStart) -> None:
        """Prepare what all envelopes of a district have; `start` begins a hash."""
        self._start = start
        self._owner = f"{district}/".encode()
        self._envelope = b"[" + orjson.dumps(district).replace(b"%", b"%%") + b',%d,"%b","%b",%d,"%b","%b"]'

    def leaves(self, first: int, page: Sequence[StoredRow]) -> list[bytes] | None:
        """Return the leaves that the facts from a sequence on should have.

        None where a value is none that a ledger writes, or would stand in an envelope in other letters: who gets None
        looks at the rows one by one.
        """
        try:
            envelopes = self._envelopes(page)
            if not (_is_dense(first, page) and self._is_plain(page, envelopes)):
                return None
            sealed = [envelope + row[7] for envelope, row in zip(envelopes, page, strict=True)]
            return hash_each(self._start(LEAF), sealed)
        except (AttributeError, OverflowError, TypeError, ValueError):
            return None

    def _envelopes(self, page: Sequence[StoredRow]) -> list[bytes]:
        ids = [row[1] for row in page]
        if {*map(len, ids)} != {_BYTES_OF_AN_ID}:
            raise ValueError(ids)
        names = map(b"-".join, iter_unpack(_TEXT_OF_AN_ID, b"".join(ids).hex().encode()))
        envelope, owner = self._envelope, len(self._owner)
        return [
            envelope % (sequence, recorded_at(state), stream[owner:], version, topic, name)
            for (sequence, _, _, _, stream, version, topic, state), name in zip(page, names, strict=True)
        ]

    def _is_plain(self, page: Sequence[StoredRow], envelopes: Sequence[bytes]) -> bool:
        """Tell whether all is of the district, and every word stands in its envelope as JSON writes it."""
        streams = b"\n" + b"\n".join([row[4] for row in page])
        words = b"\n".join(envelopes)
        special = len(words) - len(words.translate(None, _ESCAPED))
        return (
            streams.count(b"\n" + self._owner) == len(page)
            and self._owner.count(b"/") == 1
            and special == (_QUOTES + 1) * len(page) - 1
            and bool(words.decode())
        )


def _is_dense(first: int, page: Sequence[StoredRow]) -> bool:
    """Tell whether sequences go up by one from the first, and they and the versions are whole numbers."""
    sequences = [row[0] for row in page]
    whole = {*map(type, sequences), *map(type, [row[5] for row in page])} == {int}
    return whole and sequences == list(range(first, first + len(page)))


def recorded_at(state: bytes) -> bytes:
    """Return when a payload says it was recorded.

    It is the last one that stands there: of the keys, which are sorted, those after it hold none, and within a text the
    quotes are escaped.
    """
    return state.rpartition(_RECORDED_AT)[2].partition(b'"')[0]
