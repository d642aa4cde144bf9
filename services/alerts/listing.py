"""Alerts as they are listed: how each stands now, with what its facts in the ledger say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from events.alert import AlertAcknowledged, AlertAnswered, AlertDueMoved, AlertEscalated, AlertRaised
from projections.findings import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.alerts.alert import Alert


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One alert with its article, its proof (sequence numbers) and its explanation."""

    district: str
    alert: str
    standing: str
    finding: str
    rule: str
    article: str
    severity: str
    modality: str
    urgency: str
    about: str
    party: str | None
    period: str | None
    opened_at: str | None
    due_at: str | None
    provisional: bool
    raised_at: str
    escalated: int
    told: tuple[str, ...]
    acknowledged: bool
    answers: tuple[str, ...]
    facts: tuple[str, ...]
    say: Told


def listed(district: str, alerts: Sequence[Alert], ledger: LedgerReader) -> list[Listed]:
    """Return alerts with what the ledger holds of them, the most pressing first; without those not recorded yet."""
    histories = ledger.read_cases(district, [f"alert/{one.id}" for one in alerts])
    found = [_listed(district, one, histories[f"alert/{one.id}"]) for one in alerts]
    return sorted((one for one in found if one is not None), key=_place)


def _place(one: Listed) -> tuple[int, str, str, str]:
    return ({"high": 0, "medium": 1, "low": 2}[one.urgency], one.due_at or one.raised_at, one.rule, one.alert)


def _listed(district: str, alert: Alert, history: Sequence[AnyFact]) -> Listed | None:
    raised = _latest(history)
    if raised is None or not isinstance(raised.data, AlertRaised):
        return None
    data = raised.data
    steps = [fact.data for fact in history if isinstance(fact.data, AlertEscalated)]
    due = _due(history)
    return Listed(
        district=district,
        alert=str(alert.id),
        standing=alert.standing,
        finding=data.finding,
        rule=data.rule,
        article=data.article,
        severity=data.severity,
        modality=data.modality,
        urgency=data.urgency,
        about=data.about,
        party=_text(data.party),
        period=_text(data.judged_period),
        opened_at=_text(data.opened_at),
        due_at=due,
        provisional=alert.provisional,
        raised_at=raised.occurred_at.text,
        escalated=len(steps),
        told=tuple(dict.fromkeys(person for step in steps for person in step.to_persons)),
        acknowledged=any(isinstance(fact.data, AlertAcknowledged) for fact in history),
        answers=tuple(fact.data.account for fact in history if isinstance(fact.data, AlertAnswered)),
        facts=tuple(map(str, data.facts)),
        say=Told(data.say.zh, data.say.en),
    )


def _latest(history: Iterable[AnyFact]) -> AnyFact | None:
    return next((fact for fact in reversed(list(history)) if isinstance(fact.data, AlertRaised)), None)


def _due(history: Iterable[AnyFact]) -> str | None:
    stated = [fact.data.due_at for fact in history if isinstance(fact.data, AlertRaised | AlertDueMoved)]
    return _text(stated[-1]) if stated else None


def _text(given: object) -> str | None:
    return None if given is None or given is UNSET else str(given)
