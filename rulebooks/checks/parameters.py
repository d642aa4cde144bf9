"""The parameters of a rule as written: every number in it and in what it uses by name."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from rulebooks.language.sharing import parts_used
from rulebooks.source import Located

WORDS_ONLY: Final = frozenset(
    {"id", "at", "zh", "en", "reading", "see", "kind", "numbers", "equivalent", "note", "settle"}
)
PERIODS_AS_NUMBERS: Final = {
    "two_weeks": (2, 14),
    "half_month": (Fraction(1, 2),),
    "month": (1,),
    "two_months": (2,),
    "quarter": (3,),
    "half_year": (Fraction(1, 2), 6),
    "year": (1,),
}


class Parameter(NamedTuple):
    """One number: where it stands (`due.within.n`), as it is written, and its value."""

    place: str
    written: str
    value: Fraction


def parameters_of(given: Located, head: Located) -> Iterator[Parameter]:
    """Return the numbers of a rule and of the terms and wordings that it uses, with the periods that are numbers."""
    yield from _numbers(given, "")
    for part in sorted(parts_used(given, head)):
        key, _, name = part.partition(".")
        yield from _numbers(head[key][name], part)


def _numbers(given: object, place: str) -> Iterator[Parameter]:
    if isinstance(given, dict):
        for key, value in given.items():
            if key not in WORDS_ONLY:
                yield from _numbers(value, f"{place}.{key}".removeprefix("."))
    elif isinstance(given, list):
        for number, value in enumerate(given, start=1):
            yield from _numbers(value, f"{place}[{number}]")
    elif isinstance(given, str) and place.endswith((".period", "period", "at_end_of")):
        yield from (Parameter(place, given, Fraction(one)) for one in PERIODS_AS_NUMBERS.get(given, ()))
    elif not isinstance(given, bool) and (value := _value(given)) is not None:
        yield Parameter(place, str(given), value)


def _value(given: object) -> Fraction | None:
    try:
        return abs(Fraction(str(given))) if isinstance(given, int | float | str) else None
    except (ValueError, ZeroDivisionError):
        return None
