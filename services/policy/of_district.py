"""The house settings by which a district is judged now, read from what its watch saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.corrections import Corrections
from projections.policy.in_force import PoliciesInForce, PolicyMissingError
from projections.policy.policy import shipped_policy
from services.previews.trial import unavailable

if TYPE_CHECKING:
    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy
    from projections.saved.saved_shelf import SavedShelf


def policy_in_force(shelf: SavedShelf, find: FindPolicy) -> Policy:
    """Return the settings in force; raise LedgerUnavailableError when those adopted are not kept, ViewsError."""
    corrections = Corrections(lambda _fact_id: None)
    policies = PoliciesInForce(shipped_policy(), find, corrections.struck)
    try:
        for fact in shelf.settings_facts():
            policies.take(fact)
            list(corrections.take(fact))
    except PolicyMissingError as missing:
        raise unavailable(missing) from missing
    return policies.at(shelf.hour())
