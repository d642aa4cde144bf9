"""The list of saved alerts, page by page: each page is found by an index, the most pressing first."""

from __future__ import annotations

from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from events.alert import AlertDueMoved, AlertRaised
from projections.alerts.alert import Alert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from events.fact import AnyFact
    from projections.databases.views_database import ViewsDatabase

PRESSING: Final = {"high": 0, "medium": 1, "low": 2}
"""The place of each urgency in the list."""
_ALERT: Final = msgspec.json.Decoder(Alert)
_INSERT: Final = """
INSERT INTO alerts (district, id, standing, escalate_at, alert, subject, rule, party, classification)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (district, id) DO UPDATE SET
standing = excluded.standing, escalate_at = excluded.escalate_at, alert = excluded.alert
"""
_RAISED: Final = "UPDATE alerts SET place = ?, raised_at = ?, severity = ?, pressing = ? WHERE district = ? AND id = ?"
_MOVED: Final = (
    "UPDATE alerts SET pressing = place || '|' || COALESCE(?, raised_at) || '|' || rule || '|' || id "
    "WHERE district = ? AND id = ? AND pressing IS NOT NULL"
)


class AlertsWanted(NamedTuple):
    """Which alerts are asked for: how they stand, how they are classed, and of what; None: of anything."""

    standings: Collection[str]
    classes: Collection[str]
    rules: Collection[str] | None = None
    parties: Collection[str] | None = None
    about: Collection[str] | None = None
    severities: Collection[str] | None = None


class AlertPage(NamedTuple):
    """One page, how many alerts there are on all of them, and the last alert of the page when more follow."""

    alerts: Sequence[Alert]
    total: int
    next: UUID | None


class MarkGoneError(Exception):
    """The alert after which a page was to begin is not in the list."""


def save_alerts(views: ViewsDatabase, district: str, alerts: Iterable[Alert], told: Iterable[AnyFact]) -> None:
    """Save alerts, within `writing`; `told` are the facts of their lives, which say what the list is ordered by."""
    encode = msgspec.json.encode
    views.write(
        _INSERT,
        [
            (
                *(district, str(one.id), one.standing, one.escalate_at, encode(one)),
                *(one.subject, one.rule, one.party, one.classification),
            )
            for one in alerts
        ],
    )
    for _, alike in groupby(told, key=lambda fact: fact.type):
        facts = list(alike)
        views.write(
            _RAISED, [_raised(district, one, data) for one in facts if isinstance(data := one.data, AlertRaised)]
        )
        views.write(
            _MOVED,
            [
                (_text(data.due_at), district, one.subject.id)
                for one in facts
                if isinstance(data := one.data, AlertDueMoved)
            ],
        )


def _raised(district: str, fact: AnyFact, data: AlertRaised) -> tuple[object, ...]:
    """Return what the list is ordered by, as `_RAISED` takes it."""
    alert, raised = fact.subject.id, fact.occurred_at.text
    place = str(PRESSING[data.urgency])
    pressing = "|".join((place, _text(data.due_at) or raised, data.rule, alert))
    return place, raised, data.severity, pressing, district, alert


def alerts_about(views: ViewsDatabase, district: str, case: str) -> list[Alert]:
    """Return every saved alert about a case, by id."""
    query = "SELECT alert FROM alerts WHERE district = ? AND subject = ? ORDER BY id"
    return [_ALERT.decode(row[0]) for row in views.read(query, district, case)]


def alert_page(views: ViewsDatabase, district: str, wanted: AlertsWanted, after: str | None, limit: int) -> AlertPage:
    """Return the alerts that were raised and are wanted, the most pressing first; raise MarkGoneError."""
    conditions, values = _conditions(wanted)
    if not wanted.standings or conditions is None:
        if after is not None:
            raise MarkGoneError
        return AlertPage((), 0, None)
    with views.reading():
        begins = None if after is None else _place_of(views, district, wanted, after)
        searches = [_search(views, district, wanted, one, begins, limit) for one in wanted.standings]
        marks = ", ".join("?" * len(wanted.standings))
        counted = views.read(
            f"SELECT COUNT(*) FROM alerts WHERE district = ? AND standing IN ({marks}) AND {conditions}",  # noqa: S608  our own names
            *(district, *wanted.standings, *values),
        )
    found = list(merge(*searches, key=lambda row: str(row[0])))
    shown = [_ALERT.decode(row[1]) for row in found[:limit]]
    return AlertPage(shown, counted[0][0], shown[-1].id if len(found) > limit else None)


def _search(
    views: ViewsDatabase, district: str, wanted: AlertsWanted, standing: str, begins: str | None, limit: int
) -> list[Any]:
    """Return the next alerts that stand one way; each index has them in the order of the list."""
    conditions, values = _conditions(wanted)
    query = (
        f"SELECT pressing, alert FROM alerts WHERE district = ? AND standing = ? AND {conditions} "  # noqa: S608  our own names
        f"{'' if begins is None else 'AND pressing > ? '}ORDER BY pressing LIMIT {limit + 1}"
    )
    return views.read(query, district, standing, *values, *(() if begins is None else (begins,)))


def _place_of(views: ViewsDatabase, district: str, wanted: AlertsWanted, after: str) -> str:
    conditions, values = _conditions(wanted)
    marks = ", ".join("?" * len(wanted.standings))
    try:
        identity = str(UUID(after))
    except ValueError:
        raise MarkGoneError from None
    found = views.read(
        f"SELECT pressing FROM alerts WHERE district = ? AND id = ? AND standing IN ({marks}) AND {conditions}",  # noqa: S608  our own names
        *(district, identity, *wanted.standings, *values),
    )
    if not found:
        raise MarkGoneError
    return str(found[0][0])


def _conditions(wanted: AlertsWanted) -> tuple[str | None, list[str]]:
    """Return what an alert has to be beside how it stands; None when none can be so."""
    conditions, values = ["pressing IS NOT NULL"], list[str]()
    for column, given in (
        ("classification", wanted.classes),
        ("rule", wanted.rules),
        ("party", wanted.parties),
        ("subject", wanted.about),
        ("severity", wanted.severities),
    ):
        if given is None:
            continue
        askable = [one for one in given if _is_askable(one)]
        if not askable:
            return None, []
        conditions.append(f"{column} IN ({', '.join('?' * len(askable))})")
        values += askable
    return " AND ".join(conditions), values


def _is_askable(text: str) -> bool:
    """Tell whether a database takes a text; no name holds what it does not."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _text(given: object) -> str | None:
    return None if given is None or given is UNSET else str(given)
