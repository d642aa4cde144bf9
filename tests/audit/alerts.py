"""An alert for the drills that are about rulebooks."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace

from events.alert import AlertRaised, SayInBothLanguages
from events.fact import AnyFact, Case
from tests.events.ledger.examples import withdrawn


def raised(rulebook_sha256: str) -> AnyFact:
    """Return an alert as the watch raises it, resting on a rulebook with a hash."""
    about = withdrawn(1)
    data = AlertRaised(
        rule="xinzhou/28.2-reply",
        rulebook="rulebook/xinzhou-2023",
        rulebook_sha256=rulebook_sha256,
        article="28.2",
        severity="notice",
        finding="violated",
        about="countersign/cs-1",
        trigger=about.id,
        modality="generally",
        urgency="low",
        provisional=False,
        facts=(about.id,),
        engine="1",
        policy_sha256="none",
        judged_through=1,
        say=SayInBothLanguages(zh="逾期", en="late"),
    )
    return replace(
        about, id=UUID(int=1), type="alert.raised.v1", subject=Case("alert", "a-1"), origin="watch", data=data
    )
