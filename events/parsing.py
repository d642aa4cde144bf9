"""From a JSON line, or a mapping, to a fact."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
import orjson
from msgspec import Struct

from events.errors import FactError
from events.explaining import explain, explain_settings
from events.fact import AnyFact, Classification, District, Fact, Origin, decode_moment
from events.fields import CASE_ID, DISTRICT, LONGEST_IDENTITY, LONGEST_LIST, Text
from events.moment import FIRST_INSTANT, LAST_INSTANT, Instant, Moment, datetime_of, instant_of
from events.prepared_types import prepared
from events.strict_json import read_object
from events.vocabulary import FACTS

_ID_NAMESPACE: Final = UUID("8c5f2b1e-6f0d-5a53-9d3e-2f7f3f6f0a11")
_is_case_id = re.compile(CASE_ID).match
_is_district = re.compile(DISTRICT).match
_NESTING: Final = (list, dict)
_UNREADABLE: Final = (msgspec.ValidationError, ValueError, TypeError, KeyError, OverflowError, RecursionError)


class Defaults(Struct, frozen=True, kw_only=True):
    """What the ledger fills in where a caller left it out; `not_before` is the `recorded_at` of the line before."""

    district: str | None = None
    not_before: Instant | None = None
    origin: Origin = "recorded"
    classification: Classification = "internal"


NO_DEFAULTS: Final = Defaults()


class HistorySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the first line of a history may set for its file."""

    district: District | None = None
    rulebook: Text | None = None
    until: Moment | None = None


def parse(given: Mapping[str, Any]) -> AnyFact:
    """Read a fact from a mapping that holds the whole envelope except the sequence; raise FactError."""
    try:
        type_ = given["type"]
        fact: AnyFact = msgspec.convert(given, model(type_), dec_hook=decode_moment)
        actor = fact.actor
        subject = fact.subject
        sound = (
            subject.kind == FACTS[type_].TYPE.subject
            and _is_case_id(subject.id)
            and len(subject.id) <= LONGEST_IDENTITY
            and _is_district(fact.district)
            and (actor.person or actor.post or actor.unit)
            and not _has_long_list(given["data"].values())
            and FIRST_INSTANT <= instant_of(fact.recorded_at) <= LAST_INSTANT
        )
    except _UNREADABLE as problem:
        raise explain(given, _said(problem)) from None
    if not sound or "sequence" in given:
        raise explain(given, "")
    return fact


def _has_long_list(values: Iterable[object]) -> bool:
    """Tell whether a list is longer than it may be where it comes in, at whatever depth."""
    for one in values:
        if type(one) is list:
            if len(one) > LONGEST_LIST or (one and type(one[0]) in _NESTING and _has_long_list(one)):
                return True
        elif type(one) is dict and _has_long_list(one.values()):
            return True
    return False


@cache
def model(type_: str) -> type[AnyFact]:
    """Return the envelope with the data of one type, as msgspec reads it; KeyError for an unknown type."""
    made: type[AnyFact] = operator.getitem(Fact, FACTS[type_])  # type: ignore[call-overload]  # the class is found at run time
    return prepared(made)


def complete(given: Mapping[str, Any], number: int, defaults: Defaults = NO_DEFAULTS) -> dict[str, Any]:
    """Fill in what a history line may leave out.

    A missing id is derived from the district, the content and the number of the fact; a missing `recorded_at` is the
    moment of `occurred_at`, of a date its end, but never before the line before.
    """
    whole = dict(given)
    if "district" not in whole and defaults.district is not None:
        whole["district"] = defaults.district
    if "id" not in whole:
        whole["id"] = uuid5(_ID_NAMESPACE, f"{number} {orjson.dumps(whole, option=orjson.OPT_SORT_KEYS).decode()}")
    if "recorded_at" not in whole:
        recorded_at = _recorded_at(whole.get("occurred_at"), defaults.not_before)
        if recorded_at is not None:
            whole["recorded_at"] = recorded_at
    whole.setdefault("origin", defaults.origin)
    whole.setdefault("classification", defaults.classification)
    return whole


def _recorded_at(occurred_at: object, not_before: Instant | None) -> dt.datetime | None:
    if not isinstance(occurred_at, str):
        return None
    try:
        latest = Moment(occurred_at).latest
    except ValueError:
        return None
    return _written(latest if not_before is None else max(latest, not_before))


@lru_cache(maxsize=1_024)
def _written(instant: Instant) -> dt.datetime:
    # Remembered as days are: most facts tell only the day, and it is the same for many.
    return datetime_of(instant)


def read_line(line: bytes | str, number: int, defaults: Defaults = NO_DEFAULTS) -> AnyFact:
    """Read one line of a history; `number` counts the facts of the file from 1; raise FactError with that line."""
    try:
        return parse(complete(read_object(_as_bytes(line)), number, defaults))
    except FactError as error:
        raise error.at_line(number) from None


def read_settings(line: bytes | str) -> HistorySettings | None:
    """Read the first line of a history when it sets district, rulebook or until; None when it is a fact."""
    return _settings(read_object(_as_bytes(line)))


def _settings(given: Mapping[str, object]) -> HistorySettings | None:
    if {"type", "subject", "occurred_at", "data"} & given.keys():
        return None
    try:
        settings = msgspec.convert(given, HistorySettings, dec_hook=decode_moment)
    except _UNREADABLE as problem:
        raise explain_settings(given, _said(problem)) from None
    if settings.district is not None and not _is_district(settings.district):
        raise explain_settings(given, "district")
    return settings


def _said(problem: Exception) -> str:
    return str(problem) if isinstance(problem, msgspec.ValidationError) else type(problem).__name__


def _as_bytes(line: bytes | str) -> bytes:
    # A lone surrogate has no UTF-8; passed on, it is refused as bytes that are no UTF-8.
    return line.encode("utf-8", "surrogatepass") if isinstance(line, str) else bytes(line)


class History:
    """The facts of a history file, one at a time, and the settings of its first line.

    After a FactError the next line can be read: a reader that wants every good row goes on, others stop. Empty lines
    are passed over; errors name the line as an editor counts it.
    """

    def __init__(self, lines: Iterable[bytes], defaults: Defaults = NO_DEFAULTS) -> None:
        self.settings = HistorySettings()
        self._lines = _numbered(lines)
        self._number = 0
        self._first = next(self._lines, None)
        self._settings_error: FactError | None = None
        if self._first is not None:
            self._take_settings(*self._first)
        self._district = self.settings.district or defaults.district
        self._defaults = defaults
        self._not_before = defaults.not_before

    def _take_settings(self, line: int, text: bytes) -> None:
        try:
            given = read_object(text)
        except FactError:
            return
        try:
            settings = _settings(given)
        except FactError as error:
            self._settings_error = error.at_line(line)
            self._first = None
            return
        if settings is not None:
            self.settings = settings
            self._first = None

    def __iter__(self) -> Iterator[AnyFact]:
        return self

    def __next__(self) -> AnyFact:
        if self._settings_error is not None:
            error, self._settings_error = self._settings_error, None
            raise error
        line, text = self._first or next(self._lines)
        self._first = None
        self._number += 1
        defaults = Defaults(
            district=self._district,
            not_before=self._not_before,
            origin=self._defaults.origin,
            classification=self._defaults.classification,
        )
        try:
            fact = read_line(text, self._number, defaults)
        except FactError as error:
            raise error.at_line(line) from None
        recorded = instant_of(fact.recorded_at)
        self._not_before = recorded if self._not_before is None else max(recorded, self._not_before)
        return fact


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if text:
            yield number, text
