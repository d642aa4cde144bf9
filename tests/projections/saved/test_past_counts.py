"""What was counted in years that are over lies on the shelf; a late fact or a correction finds it there."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import pytest
from msgspec.structs import replace

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.watch.watch import Watch
from services.checking import Clocks
from tests.projections.kept import Places
from tests.projections.playing import ROSTER_KINDS, judging
from tests.projections.watch.test_counts import CAP, YEARS, meetings, roster
from tests.rulebooks.kinds.histories import fact

OVER = {str(year): {"violated": 2} for year in YEARS}
"""Each year three meetings are held where one is allowed."""


def annulled(wrong: AnyFact) -> list[AnyFact]:
    """Return what annuls a fact in the last year."""
    one = fact("record.annulled", "correction/c-1", f"{YEARS[-1]}-12-02", wrong=str(wrong.id), reason="误录")
    return [replace(one, district="xinzhou")]


def meeting(day: str) -> list[AnyFact]:
    """Return the facts of the meeting of a day."""
    return [one for one in meetings() if one.subject.id == f"m-{day}"]


def played(places: Places, facts: list[AnyFact], *, stopped: bool) -> dict[str, Counter[str]]:
    """Play facts, save after each and hold one case; return how the cap stands by year. It may be `stopped` once."""
    by, ledger = judging("xinzhou"), MemoryLedger()
    with places.anew() as place, closing(place.watch()) as views:
        shelf = Snapshot(views, ledger, "xinzhou")
        shelf.open_for("test")
        watch = Watch(by.rules, by.calendar, shelf)
        clocks = Clocks(watch, "xinzhou")
        for number, one in enumerate(facts):
            at = datetime_of(one.occurred_at.latest)
            ledger.record([Proposal(facts=(one,), recorded_at=at)], at)
            if stopped and number == len(facts) - 2:
                background = [fact for fact in facts[:number] if fact.subject.kind in ROSTER_KINDS]
                hour, watch = watch.world.hour, Watch(by.rules, by.calendar, shelf)
                watch.bring_back(background, shelf.wakes(), shelf.counts(), hour, number)
                clocks = Clocks(watch, "xinzhou")
            clocks.strike_before(one.occurred_at.earliest)
            shelf.reached = number + 1
            watch.take(ledger.read("xinzhou", number, 1)[0])
            shelf.save(Batch(progress=Progress(watch.position, watch.world.hour), saved=watch.save()))
            watch.let_go(1)
        states: dict[str, Counter[str]] = {}
        for kept in shelf.judgements("satisfied", "violated"):
            if kept.rule == CAP:
                states.setdefault(kept.period or "", Counter())[kept.state] += 1
    return states


@pytest.mark.parametrize("stopped", [False, True], ids=["in one go", "stopped"])
@pytest.mark.parametrize(
    ("late", "wrong", "told"),
    [
        (None, None, {}),
        ("2025-05-15", None, {}),
        ("2024-02-15", None, {}),
        (None, "2026-05-15", {"2026": {"violated": 1}}),
        (None, "2024-02-15", {"2024": {"violated": 1}}),
    ],
    ids=["nothing", "recorded late", "the first recorded late", "annulled", "the first annulled"],
)
def test_a_year_long_over_is_judged_as_if_all_were_in_memory(
    folders: Places, late: str | None, wrong: str | None, told: dict[str, dict[str, int]], *, stopped: bool
) -> None:
    afterwards = [*([] if late is None else meeting(late)), *([] if wrong is None else annulled(meeting(wrong)[1]))]
    in_time = [one for one in meetings() if one not in afterwards]
    assert played(folders, [*roster(), *in_time, *afterwards], stopped=stopped) == OVER | told
