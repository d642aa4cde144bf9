"""Due moments that pass one after another: what no alert follows from is judged on, and saved together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from events.ledger.errors import LedgerError, LedgerUnavailableError, Reason
from events.ledger.port import Ledger, Outcome
from tests.projections.playing import Direct, judging
from tests.services.watching.scene import XINZHOU, Scene, asked

MONTHS_AFTER = "2026-12-01"


class CutOff(Direct):
    """A way into the ledger on which the answer to each third due moment is lost after it was recorded."""

    def __init__(self, ledger: Ledger, now: dt.datetime) -> None:
        super().__init__(ledger, now)
        self._struck = 0

    def record_clock(self, district: str, at: dt.datetime) -> Outcome:
        outcome = super().record_clock(district, at)
        self._struck += 1
        if self._struck % 3 == 0:
            raise LedgerUnavailableError(Reason("ledger.away", "答复丢失", "The answer was lost."))
        return outcome


def long_paused(folder: Path) -> Scene:
    """Return a scene in which months have passed since something was asked."""
    folder.mkdir()
    scene = Scene(folder)
    scene.record(asked("countersign/a", "2026-09-21"), asked("countersign/b", "2026-09-28"))
    scene.at(MONTHS_AFTER)
    return scene


def test_due_moments_are_judged_on_until_an_alert_follows_which_stands_before_the_next(tmp_path: Path) -> None:
    scene = long_paused(tmp_path / "whole")
    saved: list[int] = []
    scene.watch(judging(XINZHOU)).catch_up(saved.append)
    facts = {one.sequence: one.type for one in scene.ledger.read(XINZHOU)}
    asked_for, struck, raised = "countersign.requested.v1", "clock.reached.v1", "alert.raised.v1"
    assert list(facts.values()) == [asked_for] * 2 + [struck, raised] + [struck] * 3 + [raised] + [struck] * 3
    assert [facts[one] for one in dict.fromkeys(saved)] == [asked_for, struck, raised, struck, raised, struck]
    scene.views.close()


def test_a_ledger_that_goes_away_on_the_way_changes_nothing_of_what_is_recorded(tmp_path: Path) -> None:
    whole, cut = long_paused(tmp_path / "whole"), long_paused(tmp_path / "cut")
    whole.watch(judging(XINZHOU)).catch_up()
    cut.direct = CutOff(cut.ledger, cut.direct.now)
    watch, interruptions = cut.watch(judging(XINZHOU)), 0
    while True:
        try:
            watch.catch_up()
        except LedgerError:
            interruptions += 1
            watch = cut.watch(judging(XINZHOU)) if interruptions % 2 else watch
        else:
            break
    assert interruptions
    assert cut.ledger.read(XINZHOU) == whole.ledger.read(XINZHOU)
    for scene in (whole, cut):
        scene.views.close()
