"""Which districts are watched, and by what: those for which a rulebook is shipped that can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from projections.policy.policy import shipped_alone
from rulebooks.problems import RulebookError
from services.judging import judging_of

if TYPE_CHECKING:
    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy
    from services.judging import Judging


class Admission:
    """By what each district is judged; one whose rulebook cannot be read is named in the log and left out.

    `policy` rules in each until a recorded fact adopts another, which `find_policy` then finds.
    """

    def __init__(self, policy: Policy, find_policy: FindPolicy = shipped_alone) -> None:
        self._policy = policy
        self._find_policy = find_policy
        self._log = structlog.get_logger()
        self._known: dict[str, Judging | None] = {}

    def judging(self, district: str) -> Judging | None:
        """Return by what a district is judged; None when it cannot be. From any thread."""
        if district not in self._known:
            self._known[district] = self._compiled(district)
        return self._known[district]

    def _compiled(self, district: str) -> Judging | None:
        try:
            judging = judging_of(district, self._policy, self._find_policy)
        except RulebookError as error:
            self._log.error("watch.rulebook_unusable", district=district, problems=str(error))
            return None
        if judging is None:
            self._log.info("watch.no_rulebook", district=district)
        return judging
