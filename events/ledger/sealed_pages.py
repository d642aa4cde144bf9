"""The leaves of a whole page of stored rows computed at once, where nothing in it asks for a closer look.

A seal covers a payload and what the store keeps beside it. Somebody who seals rows of his own could let the payload say
something else than stands beside it, and some readers go by the one, some by the other. So both have to say the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from struct import iter_unpack
from typing import Any, Final
from uuid import UUID

import orjson

from events.errors import FactError
from events.strict_json import read_object
from events.tree.sealing import LEAF, HashStart, hash_each

StoredRow = Sequence[Any]
"""Sequence, id, leaf, root, stream, version, topic and state, all but the numbers as bytes.

One that was tampered with may hold anything.
"""
_RECORDED_AT: Final = b'"recorded_at":"'
_LENGTH: Final = len(_RECORDED_AT)
_DISTRICT: Final = b'"district":"'
_ID: Final = b',"id":"'
_LETTERS_OF_AN_ID: Final = 36
_LENGTH_OF_ID: Final = len(_ID) + _LETTERS_OF_AN_ID
_END: Final = b'"sequence":%d,"subject":{"id":"%b","kind":"%b"},"type":"%b"}'
"""How a payload ends, its keys being sorted, where nothing is said of a source nor of an entrustment."""
_BYTES_OF_AN_ID: Final = 16
_TEXT_OF_AN_ID: Final = "8s4s4s4s12s"
_TIME: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?\+08:00")
_LENGTHS_OF_TIMES: Final = frozenset({len("2026-09-28T09:00:00+08:00"), len("2026-09-28T09:00:00.000001+08:00")})
"""Of one form, so that times are in the order of their letters."""
_ESCAPED: Final = bytes(range(32)) + b'"\\'
"""What JSON does not write as it is."""
_QUOTES: Final = 10
"""How many of these an envelope has where none of its words holds one."""


def says_what_stands_beside_it(row: StoredRow) -> bool:
    """Tell whether a payload says of itself what the store keeps beside it, each once, and when it was recorded."""
    sequence, fact_id, _, _, stream, _, topic, state = row
    try:
        given: dict[str, Any] = read_object(state)
        subject = given["subject"]
        own = f"{given['district']}/{subject['kind']}/{subject['id']}"
        said = (given["sequence"], given["id"], own, given["type"])
        is_whole = type(said[0]) is int and is_time(given["recorded_at"].encode())
    except (FactError, KeyError, TypeError, AttributeError):
        return False
    return is_whole and said == (sequence, str(UUID(bytes=fact_id)), stream.decode(), topic.decode())


def is_time(written: bytes) -> bool:
    """Tell whether a time is written as a ledger writes when it recorded: such times are in the order of letters."""
    return _TIME.fullmatch(written) is not None


def recorded_at(state: bytes) -> bytes:
    """Return when a payload says it was recorded, as its envelope was sealed with it: the last that stands there."""
    return state.rpartition(_RECORDED_AT)[2].partition(b'"')[0]


class SealedPages:
    """Computes the leaves of the pages of a district."""

    def __init__(self, district: str, start: HashStart) -> None:
        """Prepare what all envelopes of a district have; `start` begins a hash."""
        self._start = start
        self._owner = f"{district}/".encode()
        written = orjson.dumps(district)
        self._envelope = b"[" + written.replace(b"%", b"%%") + b',%d,"%b","%b/%b",%d,"%b","%b"]'
        self._names = _DISTRICT[:-1] + written + _ID

    def leaves(self, first: int, after: bytes, page: Sequence[StoredRow]) -> list[bytes] | None:
        """Return the leaves that the facts from a sequence on should have, none of them recorded before a time.

        None where a value is none that a ledger writes, or would stand in an envelope in other letters: who gets None
        looks at the rows one by one.
        """
        try:
            times, envelopes = self._envelopes(page)
            if not (_is_dense(first, page) and self._is_plain(page, envelopes) and _are_in_order(after, times)):
                return None
            sealed = [envelope + row[7] for envelope, row in zip(envelopes, page, strict=True)]
            return hash_each(self._start(LEAF), sealed)
        except (AttributeError, OverflowError, TypeError, ValueError):
            return None

    def _envelopes(self, page: Sequence[StoredRow]) -> tuple[list[bytes], list[bytes]]:
        """Return when each was recorded, and its envelope; raise ValueError where a payload says something else."""
        ids = [row[1] for row in page]
        if {*map(len, ids)} != {_BYTES_OF_AN_ID}:
            raise ValueError(ids)
        names = map(b"-".join, iter_unpack(_TEXT_OF_AN_ID, b"".join(ids).hex().encode()))
        envelope, owner, named = self._envelope, len(self._owner), self._names
        from_district = len(named) - len(_ID)
        times, envelopes = [], []
        for row, name in zip(page, names, strict=True):
            sequence, _, _, _, stream, version, topic, state = row
            start = state.rindex(_RECORDED_AT) + _LENGTH
            end = state.index(b'"', start)
            kind, case = stream[owner:].split(b"/")
            place = state.rfind(_ID)
            says = (
                state.endswith(_END % (sequence, case, kind, topic), end)
                and state.endswith(named + name, 0, place + _LENGTH_OF_ID)
                and state.rfind(_DISTRICT) == place - from_district
            )
            if not says and not says_what_stands_beside_it(row):
                raise ValueError(sequence)
            time = state[start:end]
            times.append(time)
            envelopes.append(envelope % (sequence, time, kind, case, version, topic, name))
        return times, envelopes

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


def _are_in_order(after: bytes, times: Sequence[bytes]) -> bool:
    """Tell whether times are written as a ledger writes them, and none is before the one before it."""
    written = [after, *times]
    return (
        {*map(len, times)} <= _LENGTHS_OF_TIMES
        and b"".join(times).count(b"+08:00") == len(times)
        and written == sorted(written)
    )
