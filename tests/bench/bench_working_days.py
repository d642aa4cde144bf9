"""How fast due days are counted, beside the library's own search for a working day."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from chinese_calendar import find_workday

from rulebooks.calendar.national_calendar import national_calendar


def bench_add_working_days() -> dict[str, object]:
    """Count due days of 1 to 20 working days over a whole year."""
    starts = [dt.date(2025, 1, 1) + dt.timedelta(days=number) for number in range(365)]
    calendar = national_calendar()
    questions = [(day, n) for day in starts for n in range(1, 21)] * 40
    rate = _rate(calendar.add_working_days, questions)
    few = questions[:: len(questions) // 2_000]
    baseline_rate = _rate(lambda day, n: find_workday(n, day), few)
    return {
        "name": "working_days.add",
        "n": len(questions),
        "rate": round(rate),
        "unit": "due days/s",
        "baseline": "chinesecalendar find_workday",
        "baseline_rate": round(baseline_rate),
        "ratio": round(rate / baseline_rate, 1),
        "goal": 100,
    }


def _rate(count: Callable[[dt.date, int], object], questions: list[tuple[dt.date, int]]) -> float:
    began = time.perf_counter()
    for day, n in questions:
        count(day, n)
    return len(questions) / (time.perf_counter() - began)
