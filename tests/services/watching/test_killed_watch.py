"""kill -9 of a service that records and of the process that judges for it: no fact lost, no alert twice, none missing.

TAIZHANG_ROUNDS sets how often; the seed is printed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from events.fact import AnyFact
from events.ledger.port import LedgerReader
from projections.alerts.book import AlertBook
from projections.databases.views_database import ViewsError
from projections.databases.views_file import ViewsFile
from projections.saved.saved_shelf import SavedShelf
from projections.watch.watch import Watch
from services.serving import open_service
from services.settings.service import settings_from
from services.stores.views_places import VIEWS_FILE
from tests.projections.playing import judging
from tests.services.process_tree import children_of
from tests.services.streams.system import wait_until
from tests.services.watching.watching_process import fast_clock

ROUNDS = int(os.environ.get("TAIZHANG_ROUNDS", "3"))
PROJECT = Path(__file__).parents[3]
XINZHOU = "xinzhou"


def watch_until_killed(
    data: Path, run: str, began: float, seconds: float, *, at_work: bool = False, judge_first: float | None = None
) -> list[str]:
    """Return the whole lines that the process wrote before it was killed, each an acknowledged fact.

    `at_work` waits until the process that judges for it is at work; that one alone is killed `judge_first` seconds
    before both are.
    """
    command = [sys.executable, "-m", "tests.services.watching.watching_process", str(data), run, str(began)]
    before = judged_in(data)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        if at_work:
            wait_until(lambda: judged_in(data) > before, "the process that judges is at work")
        time.sleep(seconds)
        if judge_first is not None:
            for judge in children_of(process.pid):
                os.kill(judge, signal.SIGKILL)
            time.sleep(judge_first)
        process.kill()
        written = process.stdout.read().decode()
    return written[: written.rfind("\n") + 1].splitlines()


def judged_in(data: Path) -> int:
    """Return how far the watch of a data folder has come."""
    try:
        with closing(ViewsFile(data / VIEWS_FILE, writable=False)) as views:
            return max((row[0] for row in views.read("SELECT position FROM progress")), default=0)
    except ViewsError:
        return 0


def all_facts(reader: LedgerReader) -> list[AnyFact]:
    found: list[AnyFact] = []
    while page := reader.read(XINZHOU, len(found)):
        found += page
    return found


def alerts_from_scratch(facts: list[AnyFact]) -> list[str]:
    """Return the ids of the alert facts that come of a ledger taken from its first fact on, in memory."""
    by = judging(XINZHOU)
    watch = Watch(by.rules, by.calendar)
    book = AlertBook(XINZHOU, by.by, struck=watch.struck)
    return [str(one.id) for fact in facts for one in book.follow(fact, watch.take(fact), watch.world)]


def test_killed_at_any_point_the_watch_goes_on_without_loss_or_repeat(tmp_path: Path) -> None:
    seed = os.environ.get("TAIZHANG_SEED") or str(random.randrange(10**9))
    sys.stdout.write(f"TAIZHANG_SEED={seed} TAIZHANG_ROUNDS={ROUNDS}\n")
    choice = random.Random(seed)
    began = time.time()
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        seconds, judge_first = choice.uniform(0.02, 1.0), choice.uniform(0.0, 2.5)
        acknowledged.update(
            watch_until_killed(
                tmp_path,
                f"r{seed}-{number}",
                began,
                seconds,
                at_work=number % 3 > 0,
                judge_first=judge_first if number % 3 > 1 else None,
            )
        )
    clock = fast_clock(began)
    with open_service(settings_from({"TAIZHANG_DATA": str(tmp_path)}), clock) as service:
        service.watching.catch_up()
        facts = all_facts(service.reader)
        verified = service.reader.verify(XINZHOU)
    recorded = [str(fact.id) for fact in facts if fact.origin == "watch"]
    held = {f"{fact.sequence} {fact.id}" for fact in facts}
    assert (acknowledged - held, verified.reason) == (set(), None)
    assert sorted(recorded) == sorted(alerts_from_scratch(facts))
    assert (len(recorded) > 0, len(set(recorded))) == (True, len(recorded))


def test_views_that_were_thrown_away_are_rebuilt_without_repeating_an_alert(tmp_path: Path) -> None:
    began = time.time() - 1
    watch_until_killed(tmp_path, "rebuilt", began, 0.5, at_work=True)
    settings, later = settings_from({"TAIZHANG_DATA": str(tmp_path)}), fast_clock(began - 60)()
    with open_service(settings, lambda: later) as service:
        service.watching.catch_up()
        before = all_facts(service.reader)
        saved = SavedShelf(service.views, service.reader, XINZHOU).alerts.every()
    for path in tmp_path.glob("views.sqlite*"):
        path.unlink()
    shown: list[AnyFact] = []
    with open_service(settings, lambda: later + dt.timedelta(seconds=1), show=shown.append) as service:
        service.watching.catch_up()
        after = all_facts(service.reader)
        rebuilt = SavedShelf(service.views, service.reader, XINZHOU).alerts.every()
    assert (after, shown, rebuilt) == (before, [], saved)
    assert any(fact.type == "alert.raised.v1" for fact in after)
