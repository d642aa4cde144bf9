"""Tiers of a table: rows bounded by one measure have to meet without a gap and without an overlap."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from rulebooks.language.comparisons import BOUNDS, as_number
from rulebooks.problems import CompileError, as_list
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tier(NamedTuple):
    """The interval of a measure to which a row applies; None where it has no bound."""

    row: Located
    lower: Decimal | None
    lower_counts: bool
    upper: Decimal | None
    upper_counts: bool


def check_tiers(rows: Iterable[Located]) -> None:
    """Raise CompileError when rows that differ only in the bounds of one measure leave a gap or overlap."""
    groups: dict[str, list[Tier]] = {}
    for row in rows:
        measured = [one for one in as_list(row.get("when")) if isinstance(one, Located) and set(BOUNDS) & set(one)]
        others = [one for one in as_list(row.get("when")) if one not in measured]
        measures = {repr(_measure(one)) for one in measured}
        if len(measures) == 1:
            key = f"{measures.pop()} {sorted(map(repr, others))}"
            groups.setdefault(key, []).append(_tier(row, measured))
    for tiers in groups.values():
        tiers.sort(key=lambda one: (one.lower is not None, one.lower or 0, not one.lower_counts))
        for one, following in pairwise(tiers):
            _check_meeting(one, following)


def _measure(condition: Located) -> dict[str, Any]:
    return {key: value for key, value in condition.items() if key not in BOUNDS and key not in {"zh", "en"}}


def _tier(row: Located, measured: list[Located]) -> Tier:
    tier = Tier(row, None, lower_counts=False, upper=None, upper_counts=False)
    for condition in measured:
        for name in BOUNDS:
            if name not in condition:
                continue
            number = as_number(condition[name])
            if name in {"at_least", "more_than"}:
                tier = tier._replace(lower=number, lower_counts=name == "at_least")
            else:
                tier = tier._replace(upper=number, upper_counts=name == "at_most")
    return tier


def _check_meeting(one: Tier, following: Tier) -> None:
    """Check that one tier ends exactly where the next begins, the bound itself belonging to one of them."""
    meets = one.upper is not None and one.upper == following.lower and one.upper_counts is not following.lower_counts
    if meets:
        return
    overlaps = (
        one.upper is None
        or following.lower is None
        or one.upper > following.lower
        or (one.upper == following.lower and one.upper_counts)
    )
    places = f"{_place(one.row)}、{_place(following.row)}"
    if overlaps:
        raise CompileError(f"两档相互重叠：{places}", f"two tiers overlap: {places}", following.row)
    raise CompileError(f"两档之间有空档：{places}", f"there is a gap between two tiers: {places}", following.row)


def _place(row: Located) -> str:
    return f"{row.get('zh', '')}（{row.file}:{row.line}）"
