"""Document numbers (文号): what each series has reserved, used and voided, and where it has gaps and duplicates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from msgspec import Struct

from events.document_issue import DocumentIssued
from events.document_number import DocumentNumber, parse_number
from events.fact import AnyFact, case_key
from events.minutes import MinutesIssued
from events.series import SeriesNumberReserved, SeriesNumberVoided, SeriesOpened


class Serial(Struct, frozen=True, kw_only=True):
    """One number of a series: for which document it was reserved, which were issued under it, whether it is void."""

    number: DocumentNumber
    reserved_for: str | None = None
    used_by: tuple[str, ...] = ()
    void: bool = False


class NumberSeries(Struct, frozen=True, kw_only=True):
    """One series with every number that was touched, in order.

    `gaps` (漏号) lie below the highest number touched and were never reserved, used or voided. `duplicates` (重号) were
    used by several documents, `used_though_void` after all, `used_by_another` by a document they were not reserved for.
    `case` is the series' own case, None when nobody opened one.
    """

    code: str
    year: int
    case: str | None
    serials: tuple[Serial, ...]
    gaps: tuple[int, ...]
    duplicates: tuple[int, ...]
    used_though_void: tuple[int, ...]
    used_by_another: tuple[int, ...]

    @property
    def next_free(self) -> int:
        """The number after the highest one touched."""
        return self.serials[-1].number.serial + 1 if self.serials else 1


def number_series(facts: Iterable[AnyFact], struck: Collection[UUID] = frozenset()) -> list[NumberSeries]:
    """Return the series of a district's facts, by code and year; facts that were struck out do not count."""
    opened: dict[tuple[str, int], str] = {}
    series_of: dict[str, tuple[str, int]] = {}
    serials: dict[tuple[str, int], dict[int, Serial]] = {}
    for fact in (one for one in facts if one.id not in struck):
        case = case_key(fact.subject)
        match fact.data:
            case SeriesOpened(code=code, year=year):
                opened.setdefault((code, year), case)
                series_of[case] = (code, year)
            case SeriesNumberReserved(serial=serial, document=document):
                _touch(serials, series_of.get(case), serial, reserved_for=document)
            case SeriesNumberVoided(serial=serial):
                _touch(serials, series_of.get(case), serial, void=True)
            case DocumentIssued(number=text) | MinutesIssued(number=text):
                number = parse_number(text)
                if number is not None:
                    _touch(serials, number[:2], number.serial, used_by=case)
            case _:
                pass
    return [_series(key, opened.get(key), serials.get(key, {})) for key in sorted({*opened, *serials})]


def _touch(
    serials: dict[tuple[str, int], dict[int, Serial]],
    key: tuple[str, int] | None,
    serial: int,
    *,
    reserved_for: str | None = None,
    used_by: str | None = None,
    void: bool = False,
) -> None:
    """Note what happened to a number; one of a series that nobody opened has no code and is left out."""
    if key is None:
        return
    known = serials.setdefault(key, {})
    before = known.get(serial) or Serial(number=DocumentNumber(*key, serial))
    using = () if used_by is None or used_by in before.used_by else (used_by,)
    known[serial] = Serial(
        number=before.number,
        reserved_for=reserved_for or before.reserved_for,
        used_by=(*before.used_by, *using),
        void=void or before.void,
    )


def _series(key: tuple[str, int], case: str | None, serials: dict[int, Serial]) -> NumberSeries:
    touched = [serials[serial] for serial in sorted(serials)]
    numbers = [one.number.serial for one in touched]
    return NumberSeries(
        code=key[0],
        year=key[1],
        case=case,
        serials=tuple(touched),
        gaps=_gaps(numbers),
        duplicates=tuple(one.number.serial for one in touched if len(one.used_by) > 1),
        used_though_void=tuple(one.number.serial for one in touched if one.void and one.used_by),
        used_by_another=tuple(
            one.number.serial
            for one in touched
            if one.reserved_for is not None and any(document != one.reserved_for for document in one.used_by)
        ),
    )


MOST_GAPS: Final = 10_000
"""Gaps listed at most: a slip of the pen such as 99999999号 must not fill the memory."""


def _gaps(numbers: list[int]) -> tuple[int, ...]:
    gaps: list[int] = []
    before = 0
    for number in numbers:
        gaps.extend(range(before + 1, min(number, before + 1 + MOST_GAPS - len(gaps))))
        before = number
    return tuple(gaps)
