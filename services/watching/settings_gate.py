"""How far facts may be judged: to the first that adopts house settings which are not kept here any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from events.setting import SettingPolicyAdopted
from projections.policy.in_force import PolicyMissingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from projections.policy.in_force import FindPolicy


class SettingsGate:
    """Lets the facts of one district through as long as the settings they adopt are found."""

    def __init__(self, district: str, find_policy: FindPolicy) -> None:
        self._find_policy = find_policy
        self._stopped_at = 0
        self._log = structlog.get_logger().bind(district=district)

    def through(self, facts: Sequence[AnyFact]) -> Sequence[AnyFact]:
        """Return the facts before the first that adopts settings which are not kept; beyond it nothing is judged."""
        for place, fact in enumerate(facts):
            data = fact.data
            if isinstance(data, SettingPolicyAdopted) and self._find_policy(data.sha256) is None:
                if not place:
                    self.refuse(PolicyMissingError(data.sha256, fact))
                return facts[:place]
        return facts

    def refuse(self, missing: PolicyMissingError) -> None:
        """Say, once, why judging goes no further."""
        if self._stopped_at != missing.sequence:
            self._stopped_at = missing.sequence
            self._log.error("watch.policy_missing", code=missing.code, zh=missing.zh, en=missing.en)
