"""The watch at work: downtime, a clock set back, a fact it cannot judge, other rules, other settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import UNSET
from msgspec.structs import replace
from structlog.testing import capture_logs

from events.alert import AlertRaised, AlertWithdrawn
from events.fact import AnyFact
from events.moment import TIME_ZONE, instant_of
from projections.databases.views_database import ViewsError
from projections.databases.views_file import ViewsFile
from projections.policy.policy import SHIPPED, Policy, policy_from
from projections.saved.saved_shelf import SavedShelf
from rulebooks.judgement import Judgement
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from services.judging import Judging
from tests.rulebooks.kinds.histories import fact
from tests.services.watching.scene import REPLY, XINZHOU, Scene, asked, by_rules, replied


def test_after_downtime_everything_missed_is_found_once_with_its_true_due_moment(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-21"), asked("countersign/b", "2026-09-28"))
    scene.at("2026-12-01")
    scene.watch().catch_up()
    raised = [
        (str(one.data.due_at), str(one.occurred_at)[:10]) for one in scene.shown if isinstance(one.data, AlertRaised)
    ]
    assert raised == [("2026-09-29", "2026-09-29"), ("2026-10-10", "2026-10-10")]
    facts = scene.ledger.read(XINZHOU)
    scene.shown.clear()
    scene.watch().catch_up()
    assert (scene.ledger.read(XINZHOU), scene.shown) == (facts, [])


def test_a_record_begins_with_its_first_act_and_not_with_a_moment_struck_before_it(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.direct.record_clock(XINZHOU, dt.datetime(2026, 1, 1, tzinfo=TIME_ZONE))
    watch = scene.watch()
    watch.catch_up()
    began = watch.watch.world.began
    assert began == instant_of(dt.datetime(2026, 9, 28, tzinfo=TIME_ZONE))
    assert scene.watch().watch.world.began == began


def test_what_wakes_at_one_due_moment_is_read_together_however_much_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: Counter[int] = Counter()
    read = ViewsFile.read

    def counted(views: ViewsFile, statement: str, *parameters: object) -> list[object]:
        questions[cases] += 1
        return read(views, statement, *parameters)

    for cases in (20, 40):
        (folder := tmp_path / str(cases)).mkdir()
        scene = Scene(folder)
        scene.record(*(asked(f"countersign/c-{number}", "2026-09-28") for number in range(cases)))
        watch = scene.watch(most_cases=1)
        watch.catch_up()
        scene.at("2026-10-12")
        with monkeypatch.context() as patched:
            patched.setattr(ViewsFile, "read", counted)
            watch.catch_up()
        assert sum(isinstance(one.data, AlertRaised) for one in scene.shown) == cases
        scene.views.close()
    assert questions[20] == questions[40] > 0


def test_a_fact_recorded_before_the_clock_fact_is_judged_before_it(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"))
    watch = scene.watch()
    watch.catch_up()
    scene.at("2026-10-12")
    scene.record(replied("countersign/a", "2026-10-09"))
    watch.catch_up()
    assert scene.types() == ["countersign.requested.v1", "countersign.replied.v1"]


def test_a_clock_set_back_is_named_and_nothing_is_lost(scene: Scene) -> None:
    scene.at("2026-10-20")
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-15")
    watch = scene.watch()
    with capture_logs() as logs:
        watch.catch_up()
    assert [(one["event"], one["code"]) for one in logs] == [("clock.not_recorded", "ledger.clock_set_back")]
    assert scene.types() == ["countersign.requested.v1"]
    scene.at("2026-10-20")
    watch.catch_up()
    assert scene.types()[:3] == ["countersign.requested.v1", "clock.reached.v1", "alert.raised.v1"]


def test_alerts_that_a_clock_set_back_kept_out_are_recorded_once_it_is_right(scene: Scene) -> None:
    scene.at("2026-10-20")
    scene.record(asked("countersign/a", "2026-09-28"), replied("countersign/a", "2026-10-19"))
    scene.at("2026-10-10")
    scene.watch().catch_up()
    assert [one for one in scene.types() if one.startswith("alert.")] == []
    scene.at("2026-10-20")
    scene.watch().catch_up()
    assert [one for one in scene.types() if one.startswith("alert.")] == ["alert.raised.v1", "alert.resolved.v1"]


def test_a_fact_that_cannot_be_judged_is_set_aside_once_and_the_others_are_judged(scene: Scene) -> None:
    whole = by_rules(REPLY)
    (rule,) = whole.rules

    def fail(world: World, file: CaseFile) -> list[Judgement]:
        if file.key == "countersign/a":
            raise ZeroDivisionError
        return rule.judge(world, file)

    faulty = dataclasses.replace(whole, rules=(dataclasses.replace(rule, judge=fail, alone=frozenset()),), key="faulty")
    scene.record(asked("countersign/a", "2026-09-28"), asked("countersign/b", "2026-09-28"))
    scene.at("2026-10-12")
    with capture_logs() as logs:
        scene.watch(faulty).catch_up()
        scene.watch(faulty).catch_up()
    parked = [(one["event"], one["sequence"]) for one in logs if one["log_level"] == "error"]
    assert parked == [("watch.fact_parked", 1)]
    shelf = SavedShelf(scene.views, scene.ledger, XINZHOU)
    assert [one[2:] for one in shelf.parked()] == [("countersign/a", f"{REPLY} countersign/a", "ZeroDivisionError: ")]
    assert [one.data.about for one in scene.shown if isinstance(one.data, AlertRaised)] == ["countersign/b"]


def test_an_alert_that_another_rulebook_no_longer_finds_is_withdrawn(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-12")
    scene.watch().catch_up()
    scene.shown.clear()
    scene.watch(by_rules()).catch_up()
    (withdrawn,) = scene.shown
    assert isinstance(withdrawn.data, AlertWithdrawn)
    assert withdrawn.data.reason.startswith("按现行规则书")
    scene.watch(by_rules()).catch_up()
    assert len(scene.shown) == 1


def adopted(policy: Policy, at: str) -> AnyFact:
    given = {"sha256": policy.sha256, "effective_on": at, "reason": "调整"}
    return fact("setting.policy_adopted", "setting/policy", at, **given)


def with_settings(kept: Mapping[str, Policy]) -> Judging:
    """Return how Xinzhou is judged where some settings are kept."""
    by = by_rules(REPLY)
    return dataclasses.replace(by, by=by.by._replace(find_policy=kept.get))


def test_without_the_adopted_settings_nothing_is_judged_until_they_are_back(scene: Scene) -> None:
    stricter = policy_from(SHIPPED.read_bytes().replace(b"notice: low", b"notice: high"))
    scene.record(asked("countersign/a", "2026-09-21"), adopted(stricter, "2026-09-28"))
    scene.record(asked("countersign/b", "2026-09-28"))
    scene.at("2026-10-12")
    kept: dict[str, Policy] = {}
    watch = scene.watch(with_settings(kept))
    with capture_logs() as logs:
        watch.catch_up()
        watch.catch_up()
    assert [(one["event"], one["code"]) for one in logs] == [("watch.policy_missing", "policy.missing")]
    assert (watch.position, scene.shown) == (1, [])
    kept[stricter.sha256] = stricter
    watch.catch_up()
    raised = [one.data for one in scene.shown if isinstance(one.data, AlertRaised)]
    assert [(one.about, one.urgency, one.policy_sha256) for one in raised] == [
        ("countersign/a", "high", stricter.sha256),
        ("countersign/b", "high", stricter.sha256),
    ]


def test_settings_lost_after_they_were_adopted_stop_the_watch_until_they_are_back(scene: Scene) -> None:
    stricter = policy_from(SHIPPED.read_bytes().replace(b"notice: low", b"notice: high"))
    kept = {stricter.sha256: stricter}
    scene.record(adopted(stricter, "2026-09-28"))
    scene.watch(with_settings(kept)).catch_up()
    kept.clear()
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-12")
    with capture_logs() as logs:
        watch = scene.watch(with_settings(kept))
        watch.catch_up()
    assert [one["event"] for one in logs] == ["watch.policy_missing"]
    assert (watch.position, scene.shown) == (1, [])
    kept[stricter.sha256] = stricter
    watch.catch_up()
    assert [one.data.urgency for one in scene.shown if isinstance(one.data, AlertRaised)] == ["high"]


def test_a_step_at_which_there_is_nobody_to_tell_is_named(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-13")
    with capture_logs() as logs:
        scene.watch().catch_up()
    assert [(one["event"], one["step"]) for one in logs] == [("escalation.nobody_to_tell", 1)]


def test_the_thread_of_business_of_a_fact_goes_on_in_the_alert_that_it_brings(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-12")
    scene.watch().catch_up()
    scene.record(replace(replied("countersign/a", "2026-10-12"), correlation="thread-7"))
    scene.watch().catch_up()
    assert [(one.type, one.correlation) for one in scene.shown] == [
        ("alert.raised.v1", UNSET),
        ("alert.resolved.v1", "thread-7"),
    ]


def test_views_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "views.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(ViewsError, match=r"views\.unusable"):
        ViewsFile(tmp_path / "views.sqlite")
    with pytest.raises(ViewsError, match="taizhang serve"):
        ViewsFile(tmp_path / "none.sqlite", writable=False)
