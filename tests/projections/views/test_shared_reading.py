"""Reading the ledger for several views: what many of them ask for is looked up once, and together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID, uuid4

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Histories, Proposal
from projections.view_rows.shared_reading import SharedReading
from tests.rulebooks.kinds.histories import fact

DISTRICT = "xinzhou"


class CountingLedger(MemoryLedger):
    """A ledger that notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        self.asked.append("fact")
        return super().find(district, fact_id)

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        asked = list(cases)
        self.asked.append(" ".join(asked))
        return super().read_cases(district, asked)


def proposed(number: int) -> AnyFact:
    at = f"2026-03-{number:02}T09:00:00+08:00"
    return fact(
        "matter.proposed",
        f"matter/t-{number}",
        at,
        title="事项",
        kind="policy",
        sponsor="u-housing",
        fields=["construction"],
    )


def test_the_classes_of_what_opened_many_findings_are_asked_of_the_ledger_at_once() -> None:
    ledger = CountingLedger()
    facts = [proposed(number) for number in range(1, 4)]
    for one in facts:
        ledger.record([Proposal(facts=(one,))], dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    reading = SharedReading(ledger)
    elsewhere = uuid4()
    opened = [(f"matter/t-{number}", one.id) for number, one in enumerate(facts, 1)]
    reading.know_classes(DISTRICT, [*opened, ("matter/t-3", elsewhere)])
    found = [reading.class_of(DISTRICT, one) for _, one in opened]
    reading.know_classes(DISTRICT, opened)
    assert (found, reading.class_of(DISTRICT, elsewhere)) == ([one.classification for one in facts], None)
    assert ledger.asked == ["matter/t-1 matter/t-2 matter/t-3", "fact"]
