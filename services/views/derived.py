"""What is worked out when a row is read: the working days left, AB partners who are away too, what a fact says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import Moment, instant_of
from projections.alerts.escalation import due_soon
from projections.corrections import Corrections
from projections.views.timeline import with_its_fact
from rulebooks.calendar.adopted import calendar_of
from services.views.partners import Partners

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from events.ledger.port import LedgerReader
    from projections.policy.policy import Policy
    from projections.view_rows.pages import AskedRows
    from projections.views.view import Value
    from rulebooks.calendar.working_days import Calendar

_YEARS_AHEAD: Final = 3
_WAITING: Final = frozenset({"open", "raised"})

Shown = dict[str, "Value"]


def derive(
    view: str,
    rows: AskedRows,
    ledger: LedgerReader,
    district: str,
    policy: Policy,
    now: dt.datetime,
    shown: Sequence[Shown],
) -> Callable[[Shown], Shown]:
    """Return how each of the rows of a page becomes whole by the derived columns of its view, as of a moment."""
    if view == "desk":
        calendar = calendar_at(rows, ledger, district, now)
        return lambda row: {**row, **_time_left(row, calendar, policy, now)}
    if view == "timeline":
        facts = ledger.read_at(district, [int(str(row["sequence"])) for row in shown])
        return lambda row: with_its_fact(row, facts[int(str(row["sequence"]))])
    roster, absences = rows.live("roster"), rows.live("absences")
    if view == "absences" and roster is not None and absences is not None:
        partners = Partners(rows, roster, absences, district, shown)
        return lambda row: {**row, **partners(row)}
    return lambda row: row


def calendar_at(rows: AskedRows, ledger: LedgerReader, district: str, now: dt.datetime) -> Calendar:
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
