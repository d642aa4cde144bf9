"""A new version judges everything beside the one that runs, takes over without a gap, and no alert is lost or twice.

The version that runs is a copy of the program whose text differs, as that of any other version does.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from events.alert import AlertRaised
from events.ledger.port import Proposal, Recorded
from events.postgres.ledger import PostgresLedger
from services.cli import main
from services.commands.clock import now
from services.judging_program import JUDGING, edition_of, program_of, text_digest
from services.stores.views_places import ServerPlace
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.prepared import prepared
from tests.services.streams.system import PROJECT, System, running, wait_until
from tests.services.watching.scene import REPLY, XINZHOU, asked

PACKAGES = (*JUDGING, "services")


@pytest.fixture
def running_version(tmp_path: Path) -> Path:
    """Return the folder of the version that runs before the upgrade."""
    folder = tmp_path / "running-version"
    for package in PACKAGES:
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "rulebooks/rule.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    return folder


class Upgrade:
    """The ledger of a district, the workers of two versions, and what became of it all."""

    def __init__(self, system: System, database: str, running_version: Path) -> None:
        self.system = system
        self._ledger = PostgresLedger(database)
        self._before = running_version
        text = text_digest(running_version / package for package in JUDGING)
        edition = edition_of(program_of(text, version("chinesecalendar")))
        self._places = {"before": ServerPlace(database, edition=edition), "after": ServerPlace(database)}

    def close(self) -> None:
        self._ledger.close()

    def work_by_the_version_before(self, name: str) -> None:
        command = (sys.executable, "-P", "-m", "services.cli", "worker")
        self.system.start(name, *command, PYTHONPATH=str(self._before))

    def ask_for_opinions(self, *cases: str) -> None:
        """Record requests whose answers are overdue already."""
        for case in cases:
            fact = asked(f"countersign/{case}", "2026-09-28")
            (outcome,) = self._ledger.record([Proposal(facts=(fact,))], now())
            assert isinstance(outcome, Recorded)

    def alerts(self) -> list[str]:
        """Return the cases about which it was alerted that no answer came, an alert an entry, sorted."""
        facts = self._ledger.read(XINZHOU)
        raised = [one.data for one in facts if isinstance(one.data, AlertRaised)]
        return sorted(one.about.partition("/")[2] for one in raised if one.rule == REPLY)

    def judged(self, version: str) -> int:
        """Return how far a version has judged."""
        with closing(self._places[version].watch()) as views:
            rows = views.read("SELECT position FROM progress WHERE district = ?", XINZHOU)
        return rows[0][0] if rows else 0

    def head(self) -> int:
        return self._ledger.head(XINZHOU).sequence


@pytest.fixture
def upgrade(
    kafka: LocalBroker,
    topic: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    running_version: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Upgrade]:
    database = postgres_server.new_ledger_database()
    settings = prepared(tmp_path, database, kafka, topic, monkeypatch.setenv)
    with running(tmp_path, settings, "") as system, closing(Upgrade(system, database, running_version)) as found:
        yield found


def is_ready(system: System, name: str) -> bool:
    address = re.search(r'"address": ?"([^"]+)"', system.log(name))
    return address is not None and httpx.get(f"{address[1]}/v1/ready", timeout=60).status_code == 200


def test_a_new_version_is_prepared_beside_the_running_one_and_takes_over_without_losing_or_repeating_an_alert(
    upgrade: Upgrade, capsys: pytest.CaptureFixture[str]
) -> None:
    system = upgrade.system
    upgrade.ask_for_opinions("a", "b")
    upgrade.work_by_the_version_before("before")
    wait_until(lambda: upgrade.alerts() == ["a", "b"], "the version that runs has raised its alerts")
    system.taizhang("preparing", "worker", "--prepare")
    wait_until(lambda: is_ready(system, "preparing"), f"the new version is prepared: {system.log('preparing')[-2000:]}")
    upgrade.ask_for_opinions("c")
    wait_until(lambda: upgrade.alerts() == ["a", "b", "c"], "the version that runs goes on")
    wait_until(lambda: upgrade.judged("after") == upgrade.head(), "the new version keeps up beside it")
    assert upgrade.judged("before") == upgrade.head()

    system.taizhang("after", "worker")
    wait_until(lambda: is_ready(system, "after"), f"the new version works: {system.log('after')[-2000:]}")
    assert (system.stop("preparing"), system.stop("before")) == (0, 0)
    upgrade.ask_for_opinions("d")
    wait_until(lambda: upgrade.alerts() == ["a", "b", "c", "d"], f"it takes over: {system.log('after')[-2000:]}")
    wait_until(lambda: upgrade.judged("after") == upgrade.head(), "all is judged")
    assert system.stop("after") == 0

    capsys.readouterr()
    assert main(["views", "discard"]) == 0
    assert capsys.readouterr().out.startswith("已丢弃 discarded: ")
    assert main(["verify"]) == 0
    assert upgrade.alerts() == ["a", "b", "c", "d"]
