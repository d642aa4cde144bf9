"""The capacity model keeps every fact, and the plan's page says what it comes to."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.bench.capacity.figures import LOW, MEASURED
from tests.bench.capacity.plan import Load, Rates, Setup, shares
from tests.bench.capacity.scenarios import days_told, partitions_told, sizes_told
from tests.bench.capacity.simulation import simulate

PAGE = Path(__file__).parents[2] / "deploy" / "capacity.md"
FEW = Load(districts=60, facts_a_day=500)
SLOW = Rates(recorded=9, relayed=9, worked=2, take_over=15, pause=3, wake=2)
HALF_PAST_TEN = 37_800


def told_anew(page: str) -> str:
    for name, told in (("days", days_told()), ("partitions", partitions_told()), ("sizes", sizes_told())):
        block = re.compile(rf"<!-- {name} -->\n.*?<!-- end -->", re.DOTALL)
        assert block.search(page), name
        page = block.sub(f"<!-- {name} -->\n{told}\n<!-- end -->", page)
    return page


def test_the_page_shows_what_the_model_comes_to() -> None:
    page = PAGE.read_text(encoding="utf-8")
    anew = told_anew(page)
    if os.environ.get("TAIZHANG_TELL_ANEW"):
        PAGE.write_text(anew, encoding="utf-8")
        page = anew
    assert anew == page


@pytest.mark.parametrize("name", ["recorded", "relayed", "worked"])
def test_the_page_names_the_rates_that_the_model_was_given(name: str) -> None:
    rates = [f"{getattr(given, name):,}" for given in (MEASURED, LOW)]
    assert f"| {rates[0]} | {rates[1]} |" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize("killed_at", [None, HALF_PAST_TEN])
def test_no_fact_is_lost_or_made_at_any_stage(workers: int, killed_at: int | None) -> None:
    day = simulate(FEW, SLOW, Setup(partitions=4, workers=workers, killed_at=killed_at))
    assert {stage: day.done[stage] + day.left[stage] for stage in day.done} == dict.fromkeys(day.done, day.facts)
    assert FEW.facts - 4 <= day.facts <= FEW.facts


def test_nothing_waits_where_every_stage_can_do_more_than_comes() -> None:
    day = simulate(FEW, SLOW.times(1_000), Setup(partitions=4, workers=2))
    assert day.longest_wait == dict.fromkeys(day.longest_wait, 0)
    assert day.most_waiting == dict.fromkeys(day.most_waiting, 0)
    assert (day.alert_p99, day.recovered_after) == (2, None)


def test_more_workers_never_leave_more_waiting() -> None:
    waited = [
        simulate(FEW, SLOW, Setup(partitions=12, workers=workers)).most_waiting["worked"] for workers in (1, 2, 3, 4)
    ]
    assert waited == sorted(waited, reverse=True)
    assert waited[0] > waited[-1]


def test_facts_of_a_killed_worker_wait_until_others_take_over() -> None:
    day = simulate(FEW, SLOW.times(1_000), Setup(partitions=4, workers=2, killed_at=HALF_PAST_TEN))
    assert (day.longest_wait["worked"], day.recovered_after) == (15, 30)


def test_the_same_seed_gives_the_same_day_and_another_seed_other_sizes() -> None:
    setup = Setup(partitions=4, workers=2)
    assert simulate(FEW, SLOW, setup, 1) == simulate(FEW, SLOW, setup, 1)
    assert shares(FEW, 4, 1) != shares(FEW, 4, 2)
    assert sum(shares(FEW, 4, 1)) == pytest.approx(1)


def test_a_day_has_its_facts_and_its_ten_fold_peak() -> None:
    load = Load()
    assert sum(load.a_second(hour) * 3_600 for hour in range(24)) == pytest.approx(6_000_000)
    assert round(load.a_second(10)) == 694
