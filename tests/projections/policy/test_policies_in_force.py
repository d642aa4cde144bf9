"""Adopted house settings rule from the fact that adopts them on, and the same on every replay."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.alert import AlertEscalated, AlertRaised
from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of
from projections.alerts.book import AlertBook
from projections.databases.views_file import ViewsFile
from projections.policy.in_force import PolicyMissingError
from projections.policy.policy import SHIPPED, Policy, policy_from
from projections.watch.watch import Watch
from services.judging import Judging, judging_by
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.alerts.test_alerts import ASKED, DUE, LAND, REPLY, annulled, replied
from tests.projections.desk import Desk, steps
from tests.projections.playing import Direct
from tests.rulebooks.kinds.histories import fact, leaders, post


def policy(*steps: tuple[int, str], notice: str = "low", name: str = "house/1") -> Policy:
    """Return house settings with another ladder."""
    ladder = "\n".join(f"  - {{after_working_days: {after}, tell: {tell}}}" for after, tell in steps)
    text = SHIPPED.read_text(encoding="utf-8")
    head, rest = text.split("escalation:", 1)
    rest = rest.split("otherwise:", 1)[1]
    changed = f"{head}escalation:\n{ladder}\notherwise:{rest}"
    return policy_from(changed.replace("notice: low", f"notice: {notice}").replace("taizhang/1", name).encode())


SLOW = policy((2, "holder"), (20, "office_head"), notice="high")
LONG = policy((1, "holder"), (3, "holder"), (5, "office_head"), (30, "holder"), name="house/2")


def adopts(chosen: Policy, at: str, effective_on: str | None = None) -> AnyFact:
    given = {"sha256": chosen.sha256, "effective_on": effective_on or at, "reason": "调整"}
    return fact("setting.policy_adopted", f"setting/{chosen.sha256[:8]}-{at}", at, **given)


def told(desk: Desk) -> list[tuple[int, str, str]]:
    found = [(one, one.data) for one in desk.life if isinstance(one.data, AlertEscalated)]
    return [(data.step, one.occurred_at.day.isoformat(), data.to_persons[0]) for one, data in found]


def overdue() -> Desk:
    desk = Desk(REPLY, others=(SLOW, LONG))
    desk.record(*leaders(3), *LAND, ASKED)
    desk.reach(DUE)
    return desk


def test_open_alerts_climb_by_the_adopted_ladder_from_its_adoption_on() -> None:
    desk = overdue()
    desk.record(adopts(SLOW, "2026-10-11"))
    desk.reach("2027-01-01")
    assert told(desk) == [(1, "2026-10-13", "p-land"), (2, "2026-11-06", "p-odir")]


def test_settings_with_a_later_first_day_begin_with_it() -> None:
    desk = overdue()
    desk.record(adopts(SLOW, "2026-10-11", "2026-10-13"))
    assert desk.reach("2026-10-12") == ["escalated"]
    desk.reach("2027-01-01")
    assert told(desk) == [(1, "2026-10-12", "p-land"), (2, "2026-11-06", "p-odir")]


def test_an_alert_at_the_top_climbs_on_when_a_longer_ladder_is_adopted() -> None:
    desk = overdue()
    desk.reach("2026-10-20")
    assert [step for step, _, _ in told(desk)] == [1, 2, 3]
    desk.record(adopts(LONG, "2026-10-20"))
    desk.reach("2027-01-01")
    assert told(desk)[3:] == [(4, "2026-11-20", "p-land")]


def test_when_the_adoption_is_annulled_the_settings_before_rule_again() -> None:
    desk = overdue()
    adoption = adopts(SLOW, "2026-10-11")
    desk.record(adoption, annulled(adoption, "2026-10-11"))
    desk.reach("2027-01-01")
    assert [(step, day) for step, day, _ in told(desk)] == [(1, "2026-10-12"), (2, "2026-10-14"), (3, "2026-10-16")]


def test_an_alert_says_by_which_settings_it_was_raised() -> None:
    desk = Desk(REPLY, others=(SLOW,))
    desk.record(adopts(SLOW, "2026-09-28"), ASKED)
    desk.reach(DUE)
    raised = desk.life[0].data
    assert isinstance(raised, AlertRaised)
    assert (raised.urgency, raised.policy_sha256) == ("high", SLOW.sha256)


def test_settings_that_are_not_kept_are_never_replaced_by_others() -> None:
    desk = Desk(REPLY)
    with pytest.raises(PolicyMissingError, match=r"policy\.missing"):
        desk.record(adopts(SLOW, "2026-09-28"))


def test_a_vacant_post_lets_the_next_step_be_told_at_once() -> None:
    desk = Desk(REPLY)
    divided = fact(
        "roster.work_divided",
        "division/gov",
        "2024-01-02",
        unit="u-gov",
        effective_on="2024-01-02",
        portfolios=[{"person": "p-2", "fields": ["land"], "units": ["u-land"]}],
    )
    desk.record(*leaders(3), divided, ASKED)
    desk.reach("2026-10-12")
    assert told(desk) == [(1, "2026-10-12", "p-2")]


def test_an_acting_holder_is_told_and_who_acts_for_one_who_is_away() -> None:
    desk = Desk(REPLY)
    away = fact(
        "absence.registered",
        "absence/a-1",
        "2026-10-08",
        person="p-deputy",
        kind="annual_leave",
        reason="休假",
        from_="2026-10-08",
        until="2026-10-20",
    )
    mandate = fact(
        "entrustment.given",
        "entrustment/e-1",
        "2026-10-08",
        kind="cover",
        by="p-deputy",
        to="p-cover",
        from_="2026-10-08",
        until="2026-10-20",
    )
    desk.record(*post("p-deputy", "unit_head", "u-land", held_as="acting"), away, mandate, ASKED)
    desk.reach("2026-10-12")
    (escalated,) = [one.data for one in desk.life if isinstance(one.data, AlertEscalated)]
    assert escalated.to_persons == ("p-deputy", "p-cover")


@cache
def by_reply() -> Judging:
    """Return Xinzhou judged by the one rule, with some settings kept."""
    kept = {one.sha256: one for one in (SLOW, LONG)}
    whole = judging_by([], policy((1, "holder"), (3, "leader_in_charge")), kept.get)
    return Judging((REPLY,), whole.calendar, whole.by._replace(hashes={"test/2020": "9f2c"}), "one rule")


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_changes_of_settings_are_the_same_live_brought_back_and_on_replay(seed: int) -> None:
    choice = Random(seed)
    by = by_reply()
    days = [f"2026-10-{day:02d}" for day in range(8, 29)]
    adoptions = [
        adopts(choice.choice([SLOW, LONG]), day, choice.choice(days))
        for day in choice.sample(days, choice.randint(1, 4))
    ]
    facts = [*leaders(3), *LAND, ASKED, *sorted(adoptions, key=lambda one: one.occurred_at.latest)]
    facts += [annulled(choice.choice(adoptions), "2026-10-20")] if choice.randrange(2) else []
    facts += [replied("2026-10-26")] if choice.randrange(2) else []
    facts = sorted(facts, key=lambda one: one.occurred_at.latest)
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with tempfile.TemporaryDirectory() as folder, ViewsFile(Path(folder) / "views.sqlite") as views:
        surroundings = Surroundings(ledger, direct, views, direct.clock)
        watch = DistrictWatch("xinzhou", by, surroundings, most_cases=1)
        for one in facts:
            direct.now = max(direct.now, datetime_of(one.occurred_at.latest))
            watch.catch_up()
            ledger.record([Proposal(facts=(one,))], direct.now)
            if choice.randrange(3) == 0:
                watch = DistrictWatch("xinzhou", by, surroundings, most_cases=1)
        direct.now = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        watch.catch_up()
    recorded = ledger.read("xinzhou", 0, 10_000)
    scratch = Watch(by.rules, by.calendar)
    book = AlertBook("xinzhou", by.by, struck=scratch.struck)
    life = [alert for one in recorded for alert in book.follow(one, scratch.take(one), scratch.world)]
    live = [one for one in recorded if one.origin == "watch"]
    assert [(one.id, one.data) for one in live] == [(one.id, one.data) for one in life]
    assert steps(live)[0] == "raised"
