"""The overview of a district: how much is recorded, what was found, what is open, what could not be told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from services.alerts.listing import Listed, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.ledger.port import LedgerReader
    from projections.saved.saved_shelf import SavedShelf
    from projections.watch.shelf import Kept

TOPICS: Final = (("deadline",), ("quorum", "attendance"), ("absence", "coverage"))
"""The kinds of rule behind the three alerts that matter most: overdue replies, quorum failures, partners away."""
_BEST_FIRST: Final = {"raised": 0, "forecast": 1, "resolved": 2}


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What a district's ledger comes to; `best` are the alerts to read first, one a topic."""

    district: str
    facts: int
    cases: int
    alerts: Mapping[str, int]
    severities: Mapping[str, int]
    open: tuple[Kept, ...]
    undetermined: int
    parked: int
    best: tuple[Listed, ...]


def overview_of(district: str, shelf: SavedShelf, ledger: LedgerReader, kinds: Mapping[str, str]) -> Overview:
    """Gather the overview; `kinds` names the kind of each rule."""
    alerts = listed(district, shelf.alerts.every(), ledger)
    standing = [one for one in alerts if one.standing != "withdrawn"]
    running = sorted(shelf.judgements("open", "paused"), key=_soonest)
    return Overview(
        district=district,
        facts=ledger.head(district).sequence,
        cases=shelf.cases(),
        alerts=Counter(one.standing for one in alerts),
        severities=Counter(one.severity for one in standing if one.finding == "violated"),
        open=tuple(running),
        undetermined=len(shelf.judgements("not_determinable")),
        parked=len(shelf.parked()),
        best=_best(standing, kinds),
    )


def _best(alerts: Sequence[Listed], kinds: Mapping[str, str]) -> tuple[Listed, ...]:
    """Return one alert of each topic; where a topic has none, the most pressing of the others."""
    chosen: dict[str, Listed] = {}
    for topic in TOPICS:
        about_it = [
            (topic.index(kinds[one.rule]), *_says_most(one), one) for one in alerts if kinds.get(one.rule) in topic
        ]
        if about_it:
            best = min(about_it, key=lambda ranked: ranked[:-1])[-1]
            chosen[best.alert] = best
    for one in alerts:
        if len(chosen) < len(TOPICS):
            chosen.setdefault(one.alert, one)
    return tuple(chosen.values())


def _says_most(one: Listed) -> tuple[int, int, int, str]:
    """Rank alerts: about a countersign first, then those still open, then those escalated furthest."""
    return (
        0 if one.about.startswith("countersign/") else 1,
        _BEST_FIRST.get(one.standing, len(_BEST_FIRST)),
        -one.escalated,
        one.alert,
    )


def _soonest(one: Kept) -> tuple[bool, int, str, str]:
    return (one.due is None, one.due or 0, one.rule, one.subject)
