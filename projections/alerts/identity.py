"""The identity of an alert: the same rule, subject, party, trigger and period always give the same id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from projections.watch.judging import Change
    from rulebooks.judgement import Judgement

NAMESPACE: Final = UUID("c2d7a3f0-53ab-5e64-8a1b-0f3c1f6f9a27")
_ALERTING: Final = frozenset({"violated", "forecast", "waived"})


def alert_id(district: str, rule_id: str, judgement: Judgement) -> UUID:
    """Return the id of the alert that a judgement raises; the rulebook's version is no part of it."""
    parts = (
        district,
        rule_id,
        judgement.subject,
        judgement.party or "",
        str(judgement.trigger.id),
        judgement.period or "",
    )
    return uuid5(NAMESPACE, "\n".join(parts))


def transition_id(alert: UUID, transition: str, cause: int) -> UUID:
    """Return the id of a step in an alert's life: the alert, what happened, the sequence of the causing fact."""
    return uuid5(alert, f"{transition}\n{cause}")


def alert_of(district: str, change: Change) -> UUID | None:
    """Return the alert that a change may touch; None for one that touches none."""
    judgement = change.after or change.before
    if judgement is None or not _concerns_alerts(change):
        return None
    return alert_id(district, change.rule.header.id, judgement)


def _concerns_alerts(change: Change) -> bool:
    """Tell whether a change can touch an alert; most do not, and need not be looked up."""
    before = None if change.before is None else change.before.state
    after = None if change.after is None else change.after.state
    return after in _ALERTING or before in _ALERTING or before == "not_determinable"
