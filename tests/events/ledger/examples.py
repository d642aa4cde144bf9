"""The facts and moments that the tests of the ledger take for their examples."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from events.fact import Actor, AnyFact, Case, Fact
from events.ledger.port import Outcome, Proposal, Receipt, Recorded, Refused, Repeated
from events.matter import MatterWithdrawn
from events.moment import TIME_ZONE, Moment
from events.roster import RosterPersonRegistered

XINZHOU = "xinzhou"
YUANZHOU = "yuanzhou"
NINE = dt.datetime(2026, 9, 28, 9, 0, tzinfo=TIME_ZONE)
MINUTE = dt.timedelta(minutes=1)
_NAMES = UUID("00000000-0000-5000-8000-000000000001")


def withdrawn(
    number: int, *, matter: str = "m-14", district: str = XINZHOU, reason: str = "另行研究", name: str | None = None
) -> AnyFact:
    """Return a fact about a matter; number, district and matter make its id, unless a name does."""
    return Fact(
        id=uuid5(_NAMES, name or f"{district}/{matter}/{number}"),
        district=district,
        type="matter.withdrawn.v1",
        subject=Case(kind="matter", id=matter),
        occurred_at=Moment("2026-09-28"),
        recorded_at=NINE,
        origin="recorded",
        actor=Actor(unit="u-housing"),
        classification="internal",
        data=MatterWithdrawn(reason=reason),
    )


def registered(person: str = "p-li", name: str = "某甲", *, number: int = 1) -> AnyFact:
    """Return the registration of a person, with a personal name."""
    return Fact(
        id=uuid5(_NAMES, f"{person}/{number}"),
        district=XINZHOU,
        type="roster.person_registered.v1",
        subject=Case(kind="person", id=person),
        occurred_at=Moment("2026-09-28"),
        recorded_at=NINE,
        origin="recorded",
        actor=Actor(unit="u-office"),
        classification="internal",
        data=RosterPersonRegistered(name=name),
    )


def alone(*facts: AnyFact) -> list[Proposal]:
    """Return a proposal for each fact."""
    return [Proposal(facts=(fact,)) for fact in facts]


def receipts(outcome: Outcome) -> tuple[Receipt, ...]:
    """Return the receipts of a proposal that is in the ledger."""
    assert isinstance(outcome, Recorded | Repeated), outcome
    return tuple(outcome.receipts)


def sequences(outcomes: list[Outcome]) -> list[int]:
    """Return the sequences of proposals that were all recorded or repeated."""
    return [receipt.sequence for outcome in outcomes for receipt in receipts(outcome)]


def refusal(outcome: Outcome) -> str:
    """Return the code of a refusal."""
    assert isinstance(outcome, Refused), outcome
    return outcome.reason.code
