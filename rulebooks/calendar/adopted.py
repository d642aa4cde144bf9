"""The calendar of a district: the published years, and what its calendar facts adopted or declared."""

from __future__ import annotations

from collections.abc import Iterable

from events.calendar import CalendarLocalDayDeclared, CalendarNoticeAdopted
from events.fact import AnyFact
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.calendar.working_days import Calendar, LocalDays, Notice, Wording


def calendar_of(facts: Iterable[AnyFact], base: Calendar | None = None) -> Calendar:
    """Return a calendar as the facts of a district leave it; facts of other kinds are passed over.

    The facts may come in any order: they hold in that of `occurred_at`, then of their sequence. Without a base they are
    laid over the published years.
    """
    calendar = national_calendar() if base is None else base
    for fact in sorted(facts, key=lambda fact: (fact.occurred_at, fact.sequence)):
        calendar = with_fact(calendar, fact)
    return calendar


def with_fact(calendar: Calendar, fact: AnyFact) -> Calendar:
    """Return a calendar after one more fact; the same calendar when the fact does not concern it."""
    match fact.data:
        case CalendarNoticeAdopted() as adopted:
            return calendar.with_notice(notice_of(adopted))
        case CalendarLocalDayDeclared() as declared:
            return calendar.with_local_days(local_days_of(declared))
        case _:
            return calendar


def notice_of(adopted: CalendarNoticeAdopted) -> Notice:
    """Return the holidays of an adopted notice, its number as the reason of each day."""
    off = Wording(f"放假（{adopted.number}）", f"day off ({adopted.number})")
    worked = Wording(f"调休上班（{adopted.number}）", f"make-up working day ({adopted.number})")
    return Notice(
        adopted.year,
        dict.fromkeys(adopted.days_off, off),
        dict.fromkeys(adopted.workdays or (), worked),
        Wording(f"放假安排 {adopted.number}", f"holiday notice {adopted.number}"),
    )


def local_days_of(declared: CalendarLocalDayDeclared) -> LocalDays:
    """Return declared local days; only a list of units that names some narrows them."""
    working = declared.effect == "workday"
    zh, en = ("本地上班日", "local working day") if working else ("本地放假日", "local day off")
    return LocalDays(
        frozenset(declared.days),
        working=working,
        reason=Wording(f"{zh}：{declared.reason}", f"{en}: {declared.reason}"),
        units=frozenset(declared.units or ()),
    )
