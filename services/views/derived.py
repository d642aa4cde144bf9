"""What is worked out when a row is read: the working days left, and which AB partners are away at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import Moment, instant_of
from projections.corrections import Corrections
from projections.escalation import due_soon
from projections.view_pages import page, rows_with
from projections.views.query import Query
from rulebooks.adopted_calendar import calendar_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from events.ledger import LedgerReader
    from projections.policy import Policy
    from projections.view_rows import Build, ViewRows
    from projections.views.view import Value
    from rulebooks.working_days import Calendar

_YEARS_AHEAD: Final = 3
_NOT_AWAY: Final = frozenset({"cancelled", "refused"})
_WAITING: Final = frozenset({"open", "raised"})

Shown = dict[str, "Value"]


def derive(
    view: str,
    rows: ViewRows,
    ledger: LedgerReader,
    district: str,
    policy: Policy,
    now: dt.datetime,
) -> Callable[[Shown], Mapping[str, Value]]:
    """Return how the derived columns of a view are worked out from one of its rows, as of a moment."""
    if view == "desk":
        calendar = calendar_at(rows, ledger, district, now)
        return lambda row: _time_left(row, calendar, policy, now)
    roster, absences = rows.live("roster"), rows.live("absences")
    if view == "absences" and roster is not None and absences is not None:
        return lambda row: _partners(row, rows, roster, absences, district)
    return lambda _row: {}


def calendar_at(rows: ViewRows, ledger: LedgerReader, district: str, now: dt.datetime) -> Calendar:
    """Return a district's working days around a moment: the published ones and what its facts adopted."""
    years = range(now.year - 1, now.year + _YEARS_AHEAD)
    histories = ledger.read_cases(district, [f"calendar/{year}" for year in years])
    corrections = Corrections(lambda fact_id: ledger.find(district, fact_id))
    desk = rows.live("desk")
    for fact in [] if desk is None else rows.corrections(desk, district):
        list(corrections.take(fact))
    return calendar_of(fact for facts in histories.values() for fact in facts if not corrections.struck(fact.id))


def _time_left(row: Shown, calendar: Calendar, policy: Policy, now: dt.datetime) -> Mapping[str, Value]:
    """Count the working days from today to the due day; 0 on that day, negative after it, unknown without one."""
    if row["due_at"] is None:
        return {"days_left": None, "due_soon": False}
    due, today = Moment(str(row["due_at"])), Moment.at(instant_of(now)).day
    left = calendar.working_days_between(today, due.day, count_first=False, count_last=True)
    if due.day < today:
        left = calendar.working_days_between(today, due.day, count_first=True, count_last=False)
    soon = row["standing"] in _WAITING and due_soon(policy, due.latest, instant_of(now), calendar)
    return {"days_left": left.days, "due_soon": soon}


def _partners(row: Shown, rows: ViewRows, roster: Build, absences: Build, district: str) -> Mapping[str, Value]:
    """Return the AB partners by the arrangements in force during an absence, and those of them away meanwhile."""
    begins, ends = row["from_at"], row["until_at"]
    if row["person"] is None or begins is None or ends is None:
        return {"partners": (), "partners_away": ()}
    away_from, away_until = Moment(str(begins)), Moment(str(row["returned_at"] or ends))
    partners: dict[str, None] = {}
    for one in rows_with(rows, roster, district, "person", [str(row["person"])]):
        if (
            one["sort"] == "partnership"
            and _in_force(one, away_from, away_until)
            and isinstance(one["partners"], tuple)
        ):
            partners.update(dict.fromkeys(one["partners"]))
    if row["standing"] in _NOT_AWAY:
        return {"partners": tuple(partners), "partners_away": ()}
    away = [one for one in partners if _is_away(rows, absences, district, one, away_from, away_until)]
    return {"partners": tuple(partners), "partners_away": tuple(away)}


def _in_force(row: Mapping[str, Value], begins: Moment, ends: Moment) -> bool:
    since = Moment(str(row["since"])).earliest
    until = None if row["until"] is None else Moment(str(row["until"])).latest
    left = None if row["left"] is None else Moment(str(row["left"])).earliest
    over = min((one for one in (until, left) if one is not None), default=None)
    return since <= ends.latest and (over is None or begins.earliest < over)


def _is_away(rows: ViewRows, absences: Build, district: str, person: str, begins: Moment, ends: Moment) -> bool:
    filters = {"person": (person,), "from_at_until": (ends.text,), "until_at_from": (begins.text,)}
    found = page(rows, absences, district, Query(filters=filters)).rows
    return any(
        one["standing"] not in _NOT_AWAY
        and (one["returned_at"] is None or Moment(str(one["returned_at"])).latest >= begins.earliest)
        for one in found
    )
