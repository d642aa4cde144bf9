"""The service judges in a process of its own: no alert lost or shown twice when either is killed, both end together."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from uuid import uuid4

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from events.fact import AnyFact
from events.ledger.errors import LedgerUnavailableError
from services.commands.clock import now
from services.http.serving import parts_of
from services.judging_process import keeping
from services.judging_process.sole_judge import SoleJudge
from services.recording.embedded import local_principal
from services.recording.request import Request
from services.serving import Service, open_service
from services.settings.service import Settings, settings_from
from tests.rulebooks.kinds.histories import fact
from tests.services.process_tree import children_of, is_running
from tests.services.streams.system import running, wait_until
from tests.services.watching.test_killed_watch import alerts_from_scratch, all_facts

XINZHOU = "xinzhou"
PRINCIPAL = local_principal(None)
ASKED = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
ANSWER = {"department": "u-land", "stance": "agree"}


def settings_of(folder: Path, **given: str) -> Settings:
    return settings_from({"TAIZHANG_DATA": str(folder), "TAIZHANG_LOG": "error", **given})


def ask_long_ago(
    service: Service, number: int, units: tuple[str, ...] = ("u-land",), district: str = XINZHOU
) -> AnyFact:
    """Record the request of an opinion that was never answered."""
    asked = fact("countersign.requested", f"countersign/cs-{number}", "2025-09-22", departments=list(units), **ASKED)
    asked = replace(asked, district=district, id=uuid4())
    assert service.recorder.record(Request(facts=(asked,), principal=PRINCIPAL)).status == "recorded"
    return asked


def alerts_of(service: Service) -> list[AnyFact]:
    return [one for one in all_facts(service.reader) if one.origin == "watch"]


@contextmanager
def own_judge() -> Iterator[list[int]]:
    """Give the processes that this one begins within the block, those of others left out."""
    before = set(children_of(os.getpid()))

    class Begun(list[int]):
        def __iter__(self) -> Iterator[int]:
            return iter(sorted(set(children_of(os.getpid())) - before))

    yield Begun()


def test_alerts_found_beside_are_recorded_and_shown_once_each_in_the_order_of_the_ledger(tmp_path: Path) -> None:
    shown: list[AnyFact] = []
    traces = tmp_path / "spans.jsonl"
    settings = settings_of(tmp_path / "data", TAIZHANG_TRACES=str(traces))
    with own_judge() as begun, open_service(settings, now, districts=[XINZHOU], show=shown.append) as service:
        with service.answering():
            asked = [ask_long_ago(service, number) for number in range(3)]
            wait_until(lambda: len({one.subject for one in shown}) == len(asked), "an alert of each")
            assert len(list(begun)) == 1
        assert list(begun) == []
        assert shown == alerts_of(service)
        assert [str(one.id) for one in shown] == alerts_from_scratch(all_facts(service.reader))
    spans = [json.loads(line) for line in traces.read_text(encoding="utf-8").splitlines()]
    judged = [one for one in spans if one["name"] == "fact.judge"]
    assert {one["resource"]["attributes"]["service.name"] for one in judged} == {"taizhang.judging"}
    assert {one["attributes"]["taizhang.fact.id"] for one in judged} >= {str(one.id) for one in asked}


def test_a_judge_that_is_killed_is_begun_again_and_no_alert_is_lost_or_doubled(tmp_path: Path) -> None:
    seed = os.environ.get("TAIZHANG_SEED") or str(random.randrange(10**9))
    sys.stdout.write(f"TAIZHANG_SEED={seed}\n")
    choice = random.Random(seed)
    shown: list[AnyFact] = []
    killed: set[int] = set()
    asked = 0
    with (
        capture_logs() as logs,
        own_judge() as begun,
        open_service(settings_of(tmp_path), now, show=shown.append) as service,
        service.answering(),
    ):
        while len(killed) < 2:
            enough = len(shown) + choice.randint(1, 12)
            while len(shown) < enough:
                asked += 1
                ask_long_ago(service, asked, ("u-land", "u-finance"))
                sleep(choice.choice([0, 0.005, 0.02]))
            for judge in set(begun) - killed:
                os.kill(judge, signal.SIGKILL)
                killed.add(judge)
        wait_until(lambda: len({one.subject for one in shown}) == 2 * asked, "an alert of each")
        wait_until(lambda: sorted(alerts_from_scratch(all_facts(service.reader))) == ids(alerts_of(service)), "all")
        with parts_of(service, now) as parts:
            assert parts.judge_restarts is not None
            assert parts.judge_restarts() == len(killed)
    assert [one["exit_code"] for one in logs if one["event"] == "judging.ended"] == [-signal.SIGKILL] * len(killed)
    assert (max(Counter(ids(shown)).values()), [one.sequence for one in shown]) == (
        1,
        sorted(one.sequence for one in shown),
    )


def ids(facts: list[AnyFact]) -> list[str]:
    return sorted(str(one.id) for one in facts)


def test_a_service_that_ends_before_its_judge_has_begun_leaves_none_behind(tmp_path: Path) -> None:
    with own_judge() as begun, open_service(settings_of(tmp_path), now) as service:
        with service.answering():
            ask_long_ago(service, 1)
        assert list(begun) == []
        with service.answering():
            wait_until(lambda: bool(alerts_of(service)), "the alert")


def test_a_judge_that_does_not_end_is_ended_and_does_not_keep_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LONGEST_FAREWELL", 0.2)
    with own_judge() as begun, open_service(settings_of(tmp_path), now) as service:
        with service.answering():
            ask_long_ago(service, 1)
            wait_until(lambda: bool(alerts_of(service)), "the alert")
            (judge,) = begun
            os.kill(judge, signal.SIGSTOP)
        assert list(begun) == []


def test_only_the_districts_that_are_asked_for_are_judged(tmp_path: Path) -> None:
    with open_service(settings_of(tmp_path), now, districts=["yuanzhou"]) as service:
        ask_long_ago(service, 1)
        ask_long_ago(service, 1, district="yuanzhou")
        with service.answering():
            wait_until(lambda: bool(judged_districts(service)), "a district is judged")
        assert (service.watched_districts(), judged_districts(service)) == (("yuanzhou",), [("yuanzhou",)])


def judged_districts(service: Service) -> list[tuple[str]]:
    return service.views.read("SELECT district FROM progress")


def test_a_judge_ends_with_a_service_that_is_killed_and_the_next_one_begins_at_once(tmp_path: Path) -> None:
    with running(tmp_path, {"TAIZHANG_LOG_LEVEL": "info"}, "") as system:
        first = system.taizhang("first", "serve", "--json")
        wait_until(lambda: "judging.began" in system.log("first"), "the judge begins")
        (judge,) = children_of(first)
        os.kill(judge, signal.SIGTERM)
        os.kill(judge, signal.SIGINT)
        assert is_running(judge)
        system.kill("first")
        system.taizhang("second", "serve", "--json")
        wait_until(lambda: "judging.began" in system.log("second"), "the next one begins")
        assert not is_running(judge)
        assert system.stop("second") == 0
        assert "judging.ended" not in system.log("first") + system.log("second")


def test_the_right_to_judge_is_held_until_the_last_process_that_has_it_is_gone(tmp_path: Path) -> None:
    with SoleJudge(tmp_path) as right:
        command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        judge = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[right.descriptor])
    with judge:
        with pytest.raises(LedgerUnavailableError) as refused:
            SoleJudge(tmp_path, longest_wait=0.05)
        assert refused.value.code == "judging.still_held"
    with SoleJudge(tmp_path, longest_wait=0.05):
        pass


def test_the_clock_of_the_service_is_the_one_that_is_judged_by(tmp_path: Path) -> None:
    """The request is due on 28 September: the process beside learns of the day from the one that holds the ledger."""
    clock = dt.datetime(2025, 9, 23, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    moment = [clock]
    with open_service(settings_of(tmp_path), lambda: moment[0]) as service, service.answering():
        ask_long_ago(service, 1)
        wait_until(lambda: service.views.read("SELECT position FROM progress") == [(1,)], "it is judged")
        assert alerts_of(service) == []
        moment[0] += dt.timedelta(days=6)
        wait_until(lambda: bool(alerts_of(service)), "the alert")
        assert alerts_of(service)[0].recorded_at == moment[0]


def test_a_preview_is_the_same_by_the_process_beside_and_by_what_is_saved(tmp_path: Path) -> None:
    replied = fact("countersign.replied", "countersign/cs-1", "2025-10-20", {"unit": "u-land"}, **ANSWER)
    other = fact("countersign.requested", "countersign/cs-9", now().date().isoformat(), departments=["u-land"], **ASKED)
    asked = [Request(facts=(one,), principal=PRINCIPAL) for one in (replied, other)]
    with open_service(settings_of(tmp_path), now) as service:
        ask_long_ago(service, 1)
        with service.answering():
            wait_until(lambda: bool(alerts_of(service)), "the alert")
            judged = service.beside
            assert judged is not None
            head = service.reader.head(XINZHOU).sequence
            beside = [judged.judged(XINZHOU, one.facts, head) for one in asked]
            shown = [service.preview(one) for one in asked]
        assert judged.judged(XINZHOU, asked[0].facts, head) is None
        saved = [service.preview(one) for one in asked]
    assert [one.changes for one in beside if one is not None] == [one.changes for one in saved]
    assert [one.changes for one in shown] == [one.changes for one in saved]
    assert [[change.what for change in one.changes] for one in saved] == [["made_good"], ["opened"]]
