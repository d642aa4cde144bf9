"""Writing a simulated year: the history, one fact a line, and beside it what was injected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.simulation.planning import Year


def history_text(district: str, year: Year) -> str:
    """Return the history, its settings line first."""
    settings = {"district": district, "until": year.last_day.isoformat()}
    return "".join(_line(one) for one in (settings, *(told.line for told in year.told)))


def truth_text(year: Year) -> str:
    """Return the ground truth, one breach a line."""
    rows = sorted(
        ((one.article, one.subject, one.party or "", one.due_at or "") for one in year.truths),
    )
    return "".join(
        _line({"article": article, "subject": subject, "party": party or None, "due_at": due or None})
        for article, subject, party, due in rows
    )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
