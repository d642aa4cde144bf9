"""Playing a history into the ledger as if it had been lived: each alert is recorded at the moment at which it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from events.ledger.group_commit import GroupCommit
from events.moment import TIME_ZONE, datetime_of, instant_of
from events.parsing import Defaults, History
from services.judging import Judging
from services.policy.kept_policies import KeptPolicies
from services.recording.recorder import Recorder
from services.recording.request import Answer, Problem, Request
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from services.recording.authorisation import Principal
    from services.serving import Service


class PlayReport(Struct, frozen=True, kw_only=True):
    """What became of a history: facts recorded, repeated, still to come (after now), and why others were refused."""

    recorded: int
    repeated: int
    to_come: int
    refused: tuple[Problem, ...]


class PlayedClock:
    """A clock that stands where it is set, never before what the ledger of a district has seen and never after now."""

    def __init__(self, reader: LedgerReader, district: str, real: Callable[[], dt.datetime]) -> None:
        self._reader = reader
        self._district = district
        self._real = real
        self._at = dt.datetime(1, 1, 3, tzinfo=TIME_ZONE)

    def set(self, at: dt.datetime) -> None:
        """Move the clock; it does not go back."""
        self._at = max(self._at, at)

    def __call__(self) -> dt.datetime:
        """Return the moment."""
        recorded = self._reader.head(self._district).recorded_at
        return min(self._at if recorded is None else max(self._at, recorded), self._real())


def play_history(
    lines: Iterable[bytes],
    district: str,
    judging: Judging,
    service: Service,
    principal: Principal,
    *,
    real: Callable[[], dt.datetime],
    progressed: Callable[[int], None] = lambda _facts: None,
) -> PlayReport:
    """Record a history day by day, the due moments between the days struck when they come; repeats change nothing.

    Raise FactError for a line that cannot be read, LedgerError and ViewsError when the service fails.
    """
    clock = PlayedClock(service.reader, district, real)
    facts = list(History(lines, Defaults(district=district)))
    played = [fact for fact in facts if fact.recorded_at <= real()]
    answers: list[Answer] = []
    with GroupCommit(service.ledger, clock) as commit:
        recorder = Recorder(commit, service.ledger, clock, keeps_policy=KeptPolicies(service.settings.data).keeps)
        watch = DistrictWatch(district, judging, Surroundings(service.reader, commit, service.views, clock))
        for _, day in groupby(played, key=lambda fact: fact.recorded_at.date()):
            answers += _play_day(list(day), watch, clock, recorder, principal)
            progressed(len(answers))
    return PlayReport(
        recorded=sum(one.status == "recorded" for one in answers),
        repeated=sum(one.status == "repeated" for one in answers),
        to_come=len(facts) - len(played),
        refused=tuple(problem for one in answers for problem in one.problems),
    )


def _play_day(
    facts: list[AnyFact], watch: DistrictWatch, clock: PlayedClock, recorder: Recorder, principal: Principal
) -> list[Answer]:
    watch.catch_up()
    while (wake := watch.next_wake()) is not None and wake < instant_of(facts[0].recorded_at):
        before = watch.position
        clock.set(datetime_of(wake))
        watch.catch_up()
        if watch.position == before:
            break
    clock.set(facts[-1].recorded_at)
    requests = [Request(facts=(fact,), principal=principal, recorded_at=fact.recorded_at) for fact in facts]
    answers = recorder.record_all(requests)
    watch.catch_up()
    return answers
