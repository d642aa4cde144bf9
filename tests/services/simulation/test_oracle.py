"""The simulation as an oracle: the watch finds what was injected, and nothing else.

TAIZHANG_ROUNDS from 100 on (`make drill`) plays whole years under twenty seeds in each district.
"""

from __future__ import annotations

import os

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.checking import Options, check_history
from services.simulation.districts import DISTRICTS
from services.simulation.planning import SimulationError, Year, plan
from services.simulation.writing import history_text, truth_text

DRILL = int(os.environ.get("TAIZHANG_ROUNDS", "3")) >= 100
SEEDS = range(1, 21) if DRILL else range(1, 3)
DAYS, BREACHES = (365, 40) if DRILL else (110, 12)
Row = tuple[object, object, object, object]


def injected(year: Year) -> set[Row]:
    rows = [orjson.loads(line) for line in truth_text(year).splitlines()]
    return {(row["article"], row["subject"], row["party"], row["due_at"]) for row in rows}


def found(district: str, year: Year) -> tuple[set[Row], list[str]]:
    """Return what the watch calls violated, and the rules that it could not tell."""
    checked = check_history(history_text(district, year).encode().splitlines(), Options())
    violated = [one for one in checked.findings if one.outcome == "violated"]
    rows: set[Row] = {(one.article, one.subject, one.party, one.due_at) for one in violated}
    return rows, [one.rule for one in checked.findings if one.outcome == "not_determinable"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_all_that_was_injected_is_found_and_nothing_else(district: str, seed: int) -> None:
    year = plan(DISTRICTS[district], DAYS, seed, BREACHES)
    assert len(year.truths) == BREACHES
    assert found(district, year) == (injected(year), [])


@settings(max_examples=40 if DRILL else 3)
@given(
    district=st.sampled_from(sorted(DISTRICTS)),
    seed=st.integers(0, 2**32),
    days=st.integers(40, 60),
    breaches=st.integers(0, 3),
)
def test_a_few_weeks_under_any_seed_hold_what_was_injected(district: str, seed: int, days: int, breaches: int) -> None:
    year = plan(DISTRICTS[district], days, seed, breaches)
    assert found(district, year) == (injected(year), [])


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_every_kind_of_flaw_is_injected_when_enough_are_asked_for(district: str) -> None:
    kinds = [flaw for story in DISTRICTS[district].stories for flaw in story.flaws]
    articles = {one.article for flaw in kinds for one in flaw.breaks}
    year = plan(DISTRICTS[district], 300, 1, 2 * len(kinds))
    assert {one.article for one in year.truths} == articles
    assert len(kinds) >= 12


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(district: str) -> None:
    def written(seed: int) -> tuple[str, str]:
        year = plan(DISTRICTS[district], 60, seed, 5)
        return history_text(district, year), truth_text(year)

    assert written(7) == written(7)
    assert written(7) != written(8)


def test_breaches_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SimulationError, match="use more days or fewer breaches"):
        plan(DISTRICTS["xinzhou"], 3, 1, 1)


@pytest.mark.parametrize("days", [0, -1, 730])
def test_days_beyond_the_known_holidays_are_refused(days: int) -> None:
    with pytest.raises(SimulationError, match="--days must lie between 1 and 729"):
        plan(DISTRICTS["xinzhou"], days, 1, 0)
