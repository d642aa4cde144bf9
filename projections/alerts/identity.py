"""The identity of an alert: the same rule, subject, party, trigger and period always give the same id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from rulebooks.judgement import Judgement

NAMESPACE: Final = UUID("c2d7a3f0-53ab-5e64-8a1b-0f3c1f6f9a27")


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
