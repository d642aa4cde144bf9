"""Small changes to a rule as written, each of which some case of the rule should notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from events.vocabulary import enums
from rulebooks.calendar.periods import PERIODS
from rulebooks.language.clock import MONTHS_OF
from rulebooks.language.moments import TIMES
from rulebooks.source import Located

LEFT_ALONE: Final = frozenset(
    {"id", "at", "zh", "en", "reading", "see", "kind", "subject", "numbers", "equivalent", "note", "settle"}
    | {"on_expiry"}
)
"""What says nothing about when a rule is kept: words, places, and how long it waits for papers."""

ENTRIES: Final = frozenset(
    {"when", "unless", "needs", "carries", "told", "forbids", "may", "where", "any", "all", "not", "excused", "allowed"}
    | {"forbidden", "of", "cover", "closes", "ends", "instead", "pauses", "done", "from", "rows", "steps", "restart"}
    | {"tiers"}
)
"""Lists of which each entry is dropped in turn."""

VALUES: Final = frozenset(
    {"in", "not_in", "has_any", "has_all", "has_none", "holds", "held_as", "roles", "unit_kinds", "bodies", "outcomes"}
    | {"kinds", "mandate", "leaves", "fact", "no_fact", "on", "opens", "about", "via", "of_each"}
)
"""Lists of words of which each is dropped in turn."""

EXCHANGED: Final = {"holds": "role", "roles": "role", "bodies": "meeting_kind"} | dict.fromkeys(
    ("kinds", "mandate"), "entrustment_kind"
)
"""Words that are exchanged for the next of their closed list where there is nothing to drop."""

DEMANDED: Final = ("bodies", "outcomes", "each")
SWAPPED: Final = ("steps", "groups")
WAYS: Final = ("in", "about")
BOUNDS: Final = {"more_than": "at_least", "at_least": "more_than", "less_than": "at_most", "at_most": "less_than"}
MOMENTS: Final = {"before": "not_after", "not_after": "before", "after": "not_before", "not_before": "after"}
MEASURED: Final = ("path", "ratio", "sum")
ASKED_OF_PERSONS: Final = (
    *("holds", "member_of", "in_charge_of", "entrusted", "partner_of", "stands_in_for", "same_as", "is", "away"),
)
NARROWING: Final = ("of", "held_as", "for", "by", "with", "leaves", "any_order")
OTHER_CONDITIONS: Final = ("path", "fact", "no_fact", "ratio", "sum", "term", "unit")
BODY_NAMED: Final = ("body", "members", "member_of", "of")

OTHER_FORCE: Final = {
    "must": "generally",
    "must_not": "in_principle_not",
    "in_principle": "must",
    "in_principle_not": "must_not",
    "generally": "must",
    "may": "must",
}
OTHER_WORD: Final = {
    "unit": {"working_day": "day", "day": "working_day"},
    "count_from": {"next_day": "same_day", "same_day": "next_day"},
    "recused": {"absent": "present", "present": "absent"},
    "which": {"any": "all", "all": "any"},
    "pick": {"first": "last", "last": "first", "preferred": "last"},
    "then": {"resume": "restart", "restart": "resume"},
    "modality": OTHER_FORCE,
}
FLAGS: Final = ("each", "items", "all_rows", "whole", "rounds")
IN_TURN: Final = {"period": tuple(PERIODS), "at_end_of": tuple(MONTHS_OF)}

Change = tuple[str, Any]
"""Where and what was changed, and the value with the change in it."""


class Mutant(NamedTuple):
    """One change to a rule: in words that name it (`due.within.n: 3 -> 4`), and the rule with the change in it."""

    change: str
    given: Located


def mutants(given: Located, bodies: Sequence[str] = ()) -> Iterator[Mutant]:
    """Return each small change to a rule or a named part; `bodies` are the names that a body can be exchanged for.

    Numbers go one step up and down, bounds between inclusive and exclusive; roles, values, conditions and exceptions
    are dropped one by one; what stands in order is swapped; the force and the flags of the kinds are changed.
    """
    whole = _with_defaults(given)
    for change, changed in _of_mapping(whole, bodies):
        yield Mutant(change.removeprefix("."), changed)


def _with_defaults(given: Located) -> Located:
    """Write out the flags that a kind reads when they are left out."""
    rows = given.get("rows")
    defaults: dict[str, Any] = {}
    if given.get("kind") == "quorum":
        defaults = {"recused": "absent", "items": False}
    elif given.get("kind") == "coverage":
        defaults = {"whole": True}
    elif isinstance(rows, list) and len(rows) > 1 and len({repr(_demand(row)) for row in rows}) > 1:
        defaults = {"all_rows": False}
    return _copy(given, {key: value for key, value in defaults.items() if key not in given})


def _demand(row: object) -> list[object]:
    """Return what a row of a table demands; where all rows demand the same, it does not matter how many apply."""
    return [row.get(key) for key in DEMANDED] if isinstance(row, Located) else [row]


def _copy(given: Located, new: dict[str, Any]) -> Located:
    copy = Located({**given, **new})
    copy.file, copy.line = given.file, given.line
    return copy


def _renamed(given: Located, old: str, new: str | None) -> Located:
    """Return a mapping with one key renamed in its place, or left out."""
    pairs = ((new if key == old else key, value) for key, value in given.items())
    copy = Located({key: value for key, value in pairs if key is not None})
    copy.file, copy.line = given.file, given.line
    return copy


def _of_mapping(given: Located, bodies: Sequence[str]) -> Iterator[Change]:
    # Beside tiers the force of the rule says nothing: each tier states its own.
    yield from _dropped_keys(given)
    yield from _other_bounds(given)
    for key, value in given.items():
        if key not in LEFT_ALONE and not (key == "modality" and "tiers" in given):
            for change, changed in _of_value(key, value, bodies):
                yield f".{key}{change}", _copy(given, {key: changed})
    if "n" in given and "unit" in given and "count_from" not in given:
        yield ".count_from: next_day -> same_day", _copy(given, {"count_from": "same_day"})
    if isinstance(given.get("bodies"), list) and len(given["bodies"]) > 1 and "each" not in given:
        yield ".each: false -> true", _copy(given, {"each": True})
    if isinstance(given.get("partners"), Located):
        everybody = _copy(_renamed(given, "partners", None), {"most_away": 1})
        yield ".partners -> everybody", everybody


def _dropped_keys(given: Located) -> Iterator[Change]:
    """Drop what narrows a search or a person, one key at a time."""
    dropped = [key for key in ENTRIES if isinstance(given.get(key), Located) and key != "of"]
    if "fact" in given or "no_fact" in given:
        dropped += [key for key in TIMES if key in given]
        dropped += [key for key in WAYS if all(way in given for way in WAYS)]
    elif not any(key in given for key in OTHER_CONDITIONS):
        asked = [key for key in ASKED_OF_PERSONS if key in given]
        dropped += asked if len(asked) > 1 else []
    if "kind" not in given:
        dropped += [key for key in NARROWING if key in given and "fact" not in given]
    dropped += [key for key in ("consented", "of_each") if key in given]
    for key in sorted(set(dropped), key=list(given).index):
        yield f".{key} -> none", _renamed(given, key, None)


def _other_bounds(given: Located) -> Iterator[Change]:
    """Exchange an inclusive bound for the exclusive one, and the other way round."""
    others: dict[str, str] = {}
    if any(key in given for key in MEASURED) or len(given) == 1:
        others |= BOUNDS
    if "fact" in given or "no_fact" in given or "path" in given:
        others |= MOMENTS
    for key, other in others.items():
        if key in given and given[key] != "expiry":
            yield f".{key} -> {other}", _renamed(given, key, other)


def _of_value(key: str, value: object, bodies: Sequence[str]) -> Iterator[Change]:
    if isinstance(value, Located):
        yield from _of_mapping(value, bodies)
    elif isinstance(value, list):
        yield from _of_list(key, value, bodies)
    elif key in FLAGS and isinstance(value, bool):
        yield f": {str(value).lower()} -> {str(not value).lower()}", not value
    elif not isinstance(value, bool):
        for other in (*_other_numbers(value), *_other_words(key, value, bodies)):
            yield f": {value} -> {other}", other


def _of_list(key: str, value: list[Any], bodies: Sequence[str]) -> Iterator[Change]:
    for place, one in enumerate(value):
        rest = [*value[:place], *value[place + 1 :]]
        mark = f"[{place + 1}]"
        if isinstance(one, Located):
            if key in ENTRIES:
                yield f"{mark} -> none", rest
            for change, changed in _of_mapping(one, bodies):
                yield f"{mark}{change}", [*value[:place], changed, *value[place + 1 :]]
        elif key in VALUES and len(value) > 1:
            yield f"{mark}: {one} -> none", rest
        else:
            for other in (*_other_numbers(one), *_other_words(key, one, bodies)):
                yield f"{mark}: {one} -> {other}", [*value[:place], other, *value[place + 1 :]]
    if key in SWAPPED:
        for place in range(len(value) - 1):
            swapped = [*value[:place], value[place + 1], value[place], *value[place + 2 :]]
            yield f"[{place + 1}] <-> {key}[{place + 2}]", swapped


def _other_numbers(value: object) -> tuple[object, ...]:
    """Return the numbers one step beside a number: one of its last place; of a share, the next smaller and larger."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, int):
        return (value + 1, value - 1)
    text = str(value)
    if isinstance(value, float) or (text.replace(".", "", 1).isdigit() and text.isascii()):
        number = Decimal(text)
        step = Decimal(1).scaleb(int(number.as_tuple().exponent))
        others = (number + step, number - step)
        return tuple(map(float if isinstance(value, float) else str, others))
    upper, slash, lower = text.partition("/")
    if slash and upper.isdigit() and lower.isdigit():
        above, below = Fraction(int(upper) + 1, int(lower) + 1), Fraction(int(upper), int(lower) + 1)
        return (str(above), str(below))
    return ()


def _other_words(key: str, value: object, bodies: Sequence[str]) -> tuple[str, ...]:
    """Return the word that a closed list of two or more has instead, the next one where any other would do."""
    if not isinstance(value, str):
        return ()
    if key in OTHER_WORD:
        other = OTHER_WORD[key].get(value)
        return () if other is None else (other,)
    words = IN_TURN.get(key, ())
    if key in EXCHANGED:
        words = tuple(enums()[EXCHANGED[key]].values)
    elif key in BODY_NAMED and value in bodies:
        words = tuple(bodies)
    if value not in words or len(words) == 1:
        return ()
    return (words[(words.index(value) + 1) % len(words)],)
