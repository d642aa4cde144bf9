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
from projections.watch.shelf import Kept
from projections.watch.watch import Watch
from services.checking import Clocks
from tests.projections.kept import Places
from tests.projections.playing import ROSTER_KINDS, judging
from tests.projections.watch.test_counts import CAP, YEARS, meetings, roster
from tests.rulebooks.kinds.histories import fact

MONTHLY = "xinzhou/18.2-frequency"
OVER = {str(year): {"violated": 2} for year in YEARS}
"""Each year three meetings are held where one is allowed."""


def annulled(wrong: AnyFact) -> list[AnyFact]:
    """Return what annuls a fact in the last year."""
    one = fact("record.annulled", "correction/c-1", f"{YEARS[-1]}-12-02", wrong=str(wrong.id), reason="误录")
    return [replace(one, district="xinzhou")]


def meeting(day: str) -> list[AnyFact]:
    """Return the facts of the meeting of a day."""
    return [one for one in meetings() if one.subject.id == f"m-{day}"]


def played(places: Places, facts: list[AnyFact], *, stopped: bool) -> list[Kept]:
    """Play facts, save after each and hold one case; return what was judged in the end. It may be `stopped` once."""
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
                acts = [fact for fact in facts[:number] if fact.subject.kind not in ROSTER_KINDS]
                background = [*(fact for fact in facts[:number] if fact not in acts), acts[0]]
                hour, watch = watch.world.hour, Watch(by.rules, by.calendar, shelf)
                watch.bring_back(background, (), shelf.wakes(), shelf.counts(), hour, number)
                clocks = Clocks(watch, "xinzhou")
            clocks.strike_before(one.occurred_at.earliest)
            shelf.reached = number + 1
            watch.take(ledger.read("xinzhou", number, 1)[0])
            shelf.save(Batch(progress=Progress(watch.position, watch.world.hour), saved=watch.save()))
            watch.let_go(1)
        return shelf.judgements("satisfied", "violated", "not_determinable")


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
    states: dict[str, Counter[str]] = {}
    for one in played(folders, [*roster(), *in_time, *afterwards], stopped=stopped):
        if one.rule == CAP:
            states.setdefault(one.period or "", Counter())[one.state] += 1
    assert states == OVER | told


def of_kind_executive() -> list[AnyFact]:
    """Return the meetings as such of which one a month has to be held."""
    return [
        replace(one, data=replace(one.data, kind="executive")) if one.type == "meeting.planned.v1" else one
        for one in meetings()
    ]


@pytest.mark.parametrize("stopped", [False, True], ids=["in one go", "stopped"])
def test_who_is_surely_held_to_a_lower_limit_is_so_however_long_ago_that_became_sure(
    folders: Places, *, stopped: bool
) -> None:
    held, others = of_kind_executive(), meetings()
    few = [*held[1:4], *others[4:-4], *held[-4:]]  # Of the first no plan is known; others follow the second late.
    saved = played(folders, [*roster(), *few], stopped=stopped)
    states = {one.period: one.state for one in saved if one.rule == MONTHLY}
    doubtful = {period for period, state in states.items() if state == "not_determinable"}
    assert doubtful == {f"{YEARS[0]}-0{month}" for month in (3, 4)}
    assert states[f"{YEARS[-1]}-01"] == "violated"


@pytest.mark.parametrize("stopped", [False, True], ids=["in one go", "stopped"])
def test_a_lower_limit_is_tied_to_the_first_that_counts_however_long_ago_that_was(
    folders: Places, *, stopped: bool
) -> None:
    executive = of_kind_executive()
    saved = played(folders, [*roster(), *executive], stopped=stopped)
    ties = {one.trigger for one in saved if one.rule == MONTHLY}
    assert ties == {executive[1].id}
    assert len([one for one in saved if one.rule == MONTHLY]) == 12 * (len(YEARS) - 1) + 7
