"""Of a year of which only the days, and not all facts, are on record, the watch says what else to record."""

from __future__ import annotations

import json

import pytest

from services.checking import Options, check_history
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text


def half_recorded(district: str) -> list[bytes]:
    """Return a simulated history with days for hours and without every fifth fact that is not of the roster."""
    settings, *lines = map(json.loads, history_text(district, plan(DISTRICTS[district], 60, 1, 3)).splitlines())
    roster = [one for one in lines if one["type"].startswith("roster.")]
    others = [one for place, one in enumerate(one for one in lines if one not in roster) if place % 5]
    days = [{**one, "occurred_at": one["occurred_at"][:10]} for one in others]
    return [json.dumps(one).encode() for one in (settings, *roster, *days)]


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_whatever_cannot_be_told_names_what_is_missing(district: str) -> None:
    checked = check_history(half_recorded(district), Options())
    untold = [one for one in checked.findings if one.outcome == "not_determinable"]
    assert len(untold) > 10
    assert [one.rule for one in untold if not one.missing] == []
