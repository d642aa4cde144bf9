"""Before an upgrade a watch prepares beside the one that records; it adds nothing to the ledger until it takes over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.databases.views_file import ViewsFile
from services.judging import Judging
from services.watching.alert_outbox import Recording
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.services.watching.scene import REPLY, XINZHOU, Scene, asked, by_rules, replied

ASKED, STRUCK, RAISED = "countersign.requested.v1", "clock.reached.v1", "alert.raised.v1"


class Upgrade(Scene):
    """Beside the version that runs, another that keeps what it judges apart."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kept = ViewsFile(folder / "kept-by-the-next.sqlite")

    def next(self, recording: Recording | None, judged_by: Judging | None = None) -> DistrictWatch:
        around = Surroundings(self.ledger, recording, self.kept, self.direct.clock)
        return DistrictWatch(XINZHOU, judged_by or by_rules(REPLY), around)

    def taken_over(self, judged_by: Judging | None = None) -> DistrictWatch:
        watch = self.next(self.direct, judged_by)
        watch.catch_up()
        return watch


@pytest.fixture
def upgrade(tmp_path: Path) -> Iterator[Upgrade]:
    scene = Upgrade(tmp_path)
    yield scene
    scene.views.close()
    scene.kept.close()


def test_what_the_running_version_recorded_is_judged_beside_it_and_nothing_is_recorded_twice(upgrade: Upgrade) -> None:
    running, preparing = upgrade.watch(), upgrade.next(None)
    upgrade.record(asked("countersign/a", "2026-09-28"))
    upgrade.at("2026-10-12")
    running.catch_up()
    preparing.catch_up()
    assert (preparing.position, preparing.unrecorded, preparing.is_due()) == (3, 0, False)
    assert preparing.book.alerts() == running.book.alerts()
    upgrade.record(asked("countersign/b", "2026-10-12"))
    running.catch_up()
    after = upgrade.taken_over()
    assert upgrade.types() == [ASKED, STRUCK, RAISED, ASKED]
    assert after.position == 4


def test_a_moment_that_only_the_next_version_waits_for_is_struck_once_it_takes_over(upgrade: Upgrade) -> None:
    running, preparing = upgrade.watch(by_rules()), upgrade.next(None)
    upgrade.record(asked("countersign/a", "2026-09-28"))
    upgrade.at("2026-10-12")
    running.catch_up()
    preparing.catch_up()
    assert (preparing.position, preparing.is_due(), upgrade.types()) == (1, False, [ASKED])
    upgrade.taken_over()
    assert upgrade.types() == [ASKED, STRUCK, RAISED]


def test_an_alert_that_only_the_next_version_finds_waits_until_it_takes_over_also_over_a_restart(
    upgrade: Upgrade,
) -> None:
    upgrade.record(asked("countersign/a", "2026-09-28"))
    upgrade.at("2026-10-12")
    upgrade.direct.record_clock(XINZHOU, dt.datetime.fromisoformat("2026-10-12T00:00:00+08:00"))
    for _ in range(2):
        preparing = upgrade.next(None)
        preparing.catch_up()
        assert (preparing.position, preparing.unrecorded, upgrade.types()) == (2, 0, [ASKED, STRUCK])
    upgrade.taken_over()
    assert upgrade.types() == [ASKED, STRUCK, RAISED]


def test_an_alert_that_the_next_version_does_not_find_is_withdrawn_once_it_takes_over(upgrade: Upgrade) -> None:
    upgrade.record(asked("countersign/a", "2026-09-28"))
    upgrade.at("2026-10-12")
    upgrade.watch().catch_up()
    preparing = upgrade.next(None, by_rules())
    preparing.catch_up()
    assert upgrade.types() == [ASKED, STRUCK, RAISED]
    upgrade.taken_over(by_rules())
    assert upgrade.types() == [ASKED, STRUCK, RAISED, "alert.withdrawn.v1"]


def test_the_running_version_goes_on_where_it_was_when_the_next_one_is_given_up(upgrade: Upgrade) -> None:
    running = upgrade.watch()
    upgrade.record(asked("countersign/a", "2026-09-28"))
    running.catch_up()
    upgrade.next(None).catch_up()
    upgrade.record(replied("countersign/a", "2026-09-29"))
    running.catch_up()
    upgrade.at("2026-10-12")
    running.catch_up()
    assert upgrade.types() == [ASKED, "countersign.replied.v1"]
