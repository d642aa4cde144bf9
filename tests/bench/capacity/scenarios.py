"""The days that the capacity plan tells of, and its tables."""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.bench.capacity.figures import LOW, MEASURED, days_to_judge_anew, sizes
from tests.bench.capacity.plan import Load, Rates, Setup, shares
from tests.bench.capacity.simulation import Day, simulate

KILLED_AT: Final = 10 * 3_600 + 1_800
"""Half past ten, in the middle of the busiest hour."""
PARTITIONS: Final = 96
SEED: Final = 1


class Scenario(NamedTuple):
    """A day under a name."""

    name: str
    rates: Rates
    workers: int
    load: Load


DAY: Final = Load()
ALL_IN_AN_HOUR: Final = Load(peak_times=24)
SCENARIOS: Final = (
    Scenario("measured", MEASURED, 2, DAY),
    Scenario("measured", MEASURED, 4, DAY),
    Scenario("low", LOW, 4, DAY),
    Scenario("low", LOW, 8, DAY),
    Scenario("low, the whole day in one hour", LOW, 8, ALL_IN_AN_HOUR),
)


def played(scenario: Scenario) -> Day:
    """Play the day of a scenario, with one worker killed at its busiest."""
    setup = Setup(partitions=PARTITIONS, workers=scenario.workers, killed_at=KILLED_AT)
    return simulate(scenario.load, scenario.rates, setup, SEED)


def days_told() -> str:
    """Return the table of all days."""
    head = (
        "| 速率 rates | 进程 workers | 峰值 peak/s | 入账 recording | 转发 relay | 判定 workers "
        "| 最多积压 most waiting | 最久 longest, s | p99, s | 恢复 recovered, s |"
    )
    lines = [head, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for one in SCENARIOS:
        day = played(one)
        busy = " | ".join(f"{day.busy[stage]:.0%}" for stage in ("recorded", "relayed", "worked"))
        lines.append(
            f"| {one.name} | {one.workers} | {one.load.a_second(one.load.peak_hour):,.0f} | {busy} "
            f"| {day.most_waiting['worked']:,} | {day.longest_wait['worked']:,} | {day.alert_p99:,.0f} "
            f"| {day.recovered_after:,} |"
        )
    return "\n".join(lines)


def sizes_told() -> str:
    """Return the table of what grows."""
    named = {
        "ledger": "账册及索引 ledger with indexes",
        "watch": "监看状态 state of the watch",
        "views": "视图 views",
        "written ahead, a day": "WAL，每天 a day",
        "kafka": "Kafka，7 天、3 副本 7 days, 3 replicas",
    }
    lines = ["| 内容 what | 1 年 year, GB | 10 年 years, GB |", "|---|--:|--:|"]
    one, ten = sizes(DAY, 1), sizes(DAY, 10)
    lines += [f"| {named[name]} | {one[name]:,.0f} | {ten[name]:,.0f} |" for name in one]
    first, last = days_to_judge_anew(DAY, 1, 8), days_to_judge_anew(DAY, 10, 8)
    return "\n".join([*lines, f"| 8 个进程重新判定，天 judged anew by 8 workers, days | {first:,.1f} | {last:,.1f} |"])


def partitions_told() -> str:
    """Return the table of how unevenly districts fall."""
    lines = ["| 分区 partitions | 最满 fullest / 平均 mean | 最空 emptiest / 平均 mean |", "|--:|--:|--:|"]
    for partitions in (12, 48, 96, 192):
        share = shares(DAY, partitions, SEED)
        lines.append(f"| {partitions} | {max(share) * partitions:.2f} | {min(share) * partitions:.2f} |")
    return "\n".join(lines)
