"""A district watched by one rule, on replies to countersigns, over a ledger in memory and a clock that is set."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import TIME_ZONE
from projections.databases.views_file import ViewsFile
from services.judging import Judging
from services.watching.district_watch import MOST_CASES, DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.playing import Direct, judging
from tests.rulebooks.kinds.histories import fact

XINZHOU = "xinzhou"
REPLY = "xinzhou/28.2-reply"


def asked(case: str, at: str) -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", case, at, departments=["u-land"], **given)


def replied(case: str, at: str) -> AnyFact:
    return fact("countersign.replied", case, at, {"unit": "u-land"}, department="u-land", stance="agree")


def by_rules(*ids: str) -> Judging:
    """Return Xinzhou's judging cut down to some rules, under a key of its own."""
    whole = judging(XINZHOU)
    rules = tuple(rule for rule in whole.rules if rule.header.id in ids)
    return dataclasses.replace(whole, rules=rules, key=f"{whole.key} {ids}")


class Scene:
    """A ledger in memory, views in a file, and a clock that is set."""

    def __init__(self, folder: Path) -> None:
        self.ledger = MemoryLedger()
        self.direct = Direct(self.ledger, dt.datetime(2026, 9, 28, 12, tzinfo=TIME_ZONE))
        self.views = ViewsFile(folder / "views.sqlite")
        self.shown: list[AnyFact] = []

    def at(self, day: str) -> None:
        self.direct.now = dt.datetime.fromisoformat(f"{day}T12:00:00+08:00")

    def watch(self, judged_by: Judging | None = None, most_cases: int = MOST_CASES) -> DistrictWatch:
        surroundings = Surroundings(self.ledger, self.direct, self.views, self.direct.clock)
        by = judged_by or by_rules(REPLY)
        return DistrictWatch(XINZHOU, by, surroundings, show=self.shown.append, most_cases=most_cases)

    def record(self, *facts: AnyFact) -> None:
        for one in facts:
            self.ledger.record([Proposal(facts=(one,))], self.direct.now)

    def types(self) -> list[str]:
        return [one.type for one in self.ledger.read(XINZHOU)]
