"""Facts that cannot be judged: set aside once, shown, judged anew on request; an outage sets nothing aside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from events.alert import AlertRaised
from events.fact import AnyFact
from projections.databases.views_database import ViewsError
from projections.saved.snapshot import Snapshot
from rulebooks.judgement import Judgement
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from services.judging import Judging
from services.watching.attempts import MOST_ATTEMPTS_ALONE
from tests.services.watching.scene import REPLY, XINZHOU, Scene, asked, by_rules


class ProcessEndedError(BaseException):
    """Stands for the end of the process: nothing in the program handles it."""


def shelf(scene: Scene) -> Snapshot:
    return Snapshot(scene.views, scene.ledger, XINZHOU)


def disturbed(disturb: Callable[[CaseFile], None]) -> Judging:
    """Return Xinzhou's rule on replies with something that happens before it judges, under the same key."""
    whole = by_rules(REPLY)
    (rule,) = whole.rules

    def judge(world: World, file: CaseFile) -> list[Judgement]:
        disturb(file)
        return rule.judge(world, file)

    return dataclasses.replace(whole, rules=(dataclasses.replace(rule, judge=judge, alone=frozenset()),))


def raised(facts: list[AnyFact]) -> list[str]:
    return [one.data.about for one in facts if isinstance(one.data, AlertRaised)]


def test_a_rule_that_fails_when_a_limit_runs_out_keeps_no_other_case_from_being_judged(scene: Scene) -> None:
    scene.record(asked("countersign/a", "2026-09-28"), asked("countersign/b", "2026-09-28"))
    scene.watch(disturbed(lambda _file: None)).catch_up()
    scene.at("2026-10-12")

    def fail(file: CaseFile) -> None:
        if file.key == "countersign/a":
            raise ZeroDivisionError

    scene.watch(disturbed(fail)).catch_up()
    assert raised(scene.shown) == ["countersign/b"]
    assert [(one.sequence, one.is_skipped) for one in shelf(scene).parked()] == [(3, False)]


def test_what_was_set_aside_is_judged_anew_on_request_and_no_alert_is_repeated(scene: Scene) -> None:
    def fail(file: CaseFile) -> None:
        if file.key == "countersign/a":
            raise ZeroDivisionError

    scene.record(asked("countersign/a", "2026-09-28"), asked("countersign/b", "2026-09-28"))
    scene.at("2026-10-12")
    watch = scene.watch(disturbed(fail))
    watch.catch_up()
    shelf(scene).forget()
    scene.record(asked("countersign/c", "2026-10-12"))
    watch.catch_up()
    assert (raised(scene.shown), len(shelf(scene).parked())) == (["countersign/b"], 1)
    shelf(scene).forget()
    scene.watch(disturbed(lambda _file: None)).catch_up()
    assert (raised(scene.shown), shelf(scene).parked()) == (["countersign/b", "countersign/a"], [])


def test_an_outage_while_a_fact_is_judged_sets_nothing_aside(scene: Scene) -> None:
    outages = [ViewsError(Path("views"), "gone"), ViewsError(Path("views"), "still gone")]

    def fail(_file: CaseFile) -> None:
        if outages:
            raise outages.pop()

    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-12")
    watch = scene.watch(disturbed(fail))
    for _ in range(2):
        with pytest.raises(ViewsError):
            watch.catch_up()
    watch.catch_up()
    assert (raised(scene.shown), shelf(scene).parked()) == (["countersign/a"], [])


def test_a_fact_that_ends_every_process_is_skipped_in_the_end_and_the_others_are_judged(scene: Scene) -> None:
    def end(file: CaseFile) -> None:
        if file.key == "countersign/b":
            raise ProcessEndedError

    scene.record(*(asked(f"countersign/{one}", "2026-09-28") for one in "abc"))
    scene.at("2026-10-12")
    ended = 0
    while ended < 3 * MOST_ATTEMPTS_ALONE:
        try:
            scene.watch(disturbed(end)).catch_up()
            break
        except ProcessEndedError:
            ended += 1
    parked = [(one.sequence, one.case, one.is_skipped) for one in shelf(scene).parked()]
    assert parked == [(2, "countersign/b", True)]
    assert raised(scene.shown) == ["countersign/a", "countersign/c"]
    assert ended < 3 * MOST_ATTEMPTS_ALONE


def test_processes_that_end_for_another_reason_skip_nothing(scene: Scene) -> None:
    for _ in range(3 * MOST_ATTEMPTS_ALONE):
        scene.watch(disturbed(lambda _file: None)).catch_up()
    scene.record(asked("countersign/a", "2026-09-28"))
    scene.at("2026-10-12")
    scene.watch(disturbed(lambda _file: None)).catch_up()
    assert (raised(scene.shown), shelf(scene).parked()) == (["countersign/a"], [])
