"""The leaves of a whole page of stored rows computed at once, where nothing in it asks for a closer look.

A seal covers a payload and what the store keeps beside it. Somebody who seals rows of his own could let the payload say
something else than stands beside it, and some readers go by the one, some by the other. So both have to say the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import repeat
from typing import Any, Final
from uuid import UUID

import orjson

from events.errors import FactError
from events.strict_json import read_object
from events.tree.sealing import LEAF, HashStart, hash_each

StoredRow = Sequence[Any]
"""Sequence, id, leaf, root, stream, version, topic and state: stream and topic as text, what is no number as bytes.

One that was tampered with may hold anything.
"""
_RECORDED_AT: Final = '"recorded_at":"'
_TIME: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?\+08:00")
_TIMES_IN_ZEROS: Final = frozenset({b"0000-00-00T00:00:00+00:00", b"0000-00-00T00:00:00.000000+00:00"})
_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
_LETTERS_OF_A_SECOND: Final = len("0000-00-00T00:00:00")
_OFFSET: Final = b"+08:00"
"""Times are of one form and offset, so that they are in the order of their letters."""
_NEVER_BETWEEN: Final = ("{", "}", "\\", '"district"', '"id"')
"""What would make the district and the id found those of something within, or let them be said again."""
_BYTES_OF_AN_ID: Final = 16
_LETTERS_OF_AN_ID: Final = 36
_DASHES_OF_AN_ID: Final = (8, 13, 18, 23)


def says_what_stands_beside_it(row: StoredRow) -> bool:
    """Tell whether a payload says of itself what the store keeps beside it, each once, and when it was recorded."""
    sequence, fact_id, _, _, stream, _, topic, state = row
    try:
        given: dict[str, Any] = read_object(state)
        subject = given["subject"]
        own = f"{given['district']}/{subject['kind']}/{subject['id']}"
        said = (given["sequence"], given["id"], own, given["type"])
        time = given["recorded_at"].encode()
    except (FactError, KeyError, TypeError, AttributeError):
        return False
    is_whole = type(said[0]) is int and is_time(time) and time == recorded_at(state)
    return is_whole and said == (sequence, str(UUID(bytes=fact_id)), stream, topic)


def is_time(written: bytes) -> bool:
    """Tell whether a time is written as a ledger writes when it recorded: such times are in the order of letters."""
    try:
        dt.datetime.fromisoformat(written.decode())
    except ValueError:
        return False
    return _TIME.fullmatch(written) is not None


def recorded_at(state: bytes) -> bytes:
    """Return when a payload says it was recorded, as its envelope was sealed with it: the last that stands there."""
    return state.rpartition(_RECORDED_AT.encode())[2].partition(b'"')[0]


class SealedPages:
    """Computes the leaves of the pages of a district."""

    def __init__(self, district: str, start: HashStart) -> None:
        """Prepare what all envelopes of a district have; `start` begins a hash."""
        self._start = start
        self._district = district
        written = orjson.dumps(district)
        self._named = b'"district":%b,"id":"' % written
        self._opening = b"[%b," % written

    def leaves(self, first: int, after: bytes, page: Sequence[StoredRow]) -> list[bytes] | None:
        """Return the leaves that the facts from a sequence on should have, none of them recorded before a time.

        None where a value is none that a ledger writes, or would stand in an envelope in other letters: who gets None
        looks at the rows one by one.
        """
        try:
            sequences, ids, _, _, streams, versions, topics, states = zip(*page, strict=True)
            names, times = self._said(page, sequences, streams, topics, states)
            if not (_are_dense(first, sequences, versions) and _are_ids(ids, names) and _are_in_order(after, times)):
                return None
            cases = [stream[len(self._district) + 1 :] for stream in streams]
            envelopes = self._envelopes(sequences, times, cases, versions, topics, names)
            sealed = [envelope + state for envelope, state in zip(envelopes, states, strict=True)]
            return hash_each(self._start(LEAF + self._opening), sealed)
        except (AttributeError, IndexError, OverflowError, TypeError, ValueError):
            return None

    def _said(
        self,
        page: Sequence[StoredRow],
        sequences: Sequence[int],
        streams: Sequence[str],
        topics: Sequence[str],
        states: Sequence[bytes],
    ) -> tuple[list[str], list[str]]:
        """Return the id of each and when it was recorded; raise ValueError where a payload says something else.

        Its keys being sorted, a payload ends with its district and id, plain words such as when it was recorded, and
        what `end` is; only one that names a source or an entrustment ends otherwise, and is read.
        """
        district = self._district
        tails = b"\n".join([state.rpartition(self._named)[2] for state in states]).decode().split("\n")
        between, names, times = list[str](), list[str](), list[str]()
        for row, sequence, stream, topic, tail in zip(page, map(str, sequences), streams, topics, tails, strict=True):
            owner, kind, case = stream.split("/")
            end = f',"sequence":{sequence},"subject":{{"id":"{case}","kind":"{kind}"}},"type":"{topic}"}}'
            if owner != district:
                raise ValueError(sequence)
            if tail.endswith(end):
                words = tail[: -len(end)]
                between.append(words)
                names.append(words[:_LETTERS_OF_AN_ID])
                times.append(words.rpartition(_RECORDED_AT)[2].partition('"')[0])
            elif says_what_stands_beside_it(row):
                names.append(str(UUID(bytes=row[1])))
                times.append(recorded_at(row[7]).decode())
            else:
                raise ValueError(sequence)
        if {words[_LETTERS_OF_AN_ID] for words in between} - {'"'} or not _say_it_once("".join(between), len(between)):
            raise ValueError(sequences)
        return names, times

    def _envelopes(self, *columns: Sequence[object]) -> list[bytes]:
        """Return the envelopes without what all begin with; raise ValueError where one has other letters than given."""
        written = orjson.dumps(list(zip(repeat(self._district), *columns)))
        if b"\\" in written:
            raise ValueError(written)
        return (b"," + written[1:-1]).split(b"," + self._opening)[1:]


def _are_dense(first: int, sequences: Sequence[int], versions: Sequence[int]) -> bool:
    """Tell whether sequences go up by one from the first, and they and the versions are whole numbers."""
    whole = {*map(type, sequences), *map(type, versions)} == {int}
    return whole and sequences == tuple(range(first, first + len(sequences)))


def _say_it_once(words: str, times: int) -> bool:
    """Tell whether what stands between the id and the end of so many payloads says no district nor id, and one time."""
    return words.count(_RECORDED_AT[:-2]) == times and not any(one in words for one in _NEVER_BETWEEN)


def _are_ids(ids: Sequence[bytes], names: Sequence[str]) -> bool:
    """Tell whether ids are written as JSON writes them."""
    written = "".join(names)
    dashes = {written[place::_LETTERS_OF_AN_ID] for place in _DASHES_OF_AN_ID}
    return (
        {*map(len, ids)} == {_BYTES_OF_AN_ID}
        and {*map(len, names)} == {_LETTERS_OF_AN_ID}
        and dashes == {"-" * len(ids)}
        and written.replace("-", "") == b"".join(ids).hex()
    )


def _are_in_order(after: bytes, times: Sequence[str]) -> bool:
    """Tell whether times are written as a ledger writes them, and none is before the one before it.

    Raise ValueError for a time of an hour or a day that there is not.
    """
    for second in {one[:_LETTERS_OF_A_SECOND] for one in times}:
        dt.datetime.fromisoformat(second)
    written = "\n".join(times).encode()
    ordered = [after.decode(), *times]
    return (
        {*written.translate(_DIGITS).split(b"\n")} <= _TIMES_IN_ZEROS
        and written.count(_OFFSET) == len(times)
        and ordered == sorted(ordered)
    )
