"""The fact by which a district adopts house settings, the same from the command line and over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from events.moment import TIME_ZONE

if TYPE_CHECKING:
    from events.fact import Actor
    from projections.policy.policy import Policy


def adoption_of(policy: Policy, actor: Actor, at: dt.datetime, first_day: str | None, reason: str) -> dict[str, Any]:
    """Return the fact as it is handed in: adopted `at`, in force from `first_day` (YYYY-MM-DD), by default at once."""
    return {
        "type": "setting.policy_adopted.v1",
        "subject": {"kind": "setting", "id": f"policy-{policy.sha256[:12]}"},
        "occurred_at": at.isoformat(timespec="seconds"),
        "actor": msgspec.to_builtins(actor),
        "data": {
            "sha256": policy.sha256,
            "effective_on": first_day or at.astimezone(TIME_ZONE).date().isoformat(),
            "reason": reason,
        },
    }
