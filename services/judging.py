"""By what a district is judged: its shipped rulebooks, the published calendar, the house settings, this program."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from projections.alerts.facts import Provenance
from projections.policy.policy import shipped_alone, shipped_policy
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import shipped_districts, shipped_rulebooks
from services.judging_program import judging_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy
    from rulebooks.calendar.working_days import Calendar
    from rulebooks.loading import Rulebook
    from rulebooks.rule import Rule
    from services.policy.kept_policies import KeptPolicies


@dataclass(frozen=True)
class Judging:
    """Everything by which the facts of a district are judged; `key` is another as soon as any of it is."""

    rules: tuple[Rule, ...]
    calendar: Calendar
    by: Provenance
    key: str


def judging_of(district: str, policy: Policy, find_policy: FindPolicy = shipped_alone) -> Judging | None:
    """Return by what a district is judged; None for one that no rulebook is shipped for.

    `policy` rules until a recorded fact adopts another, which `find_policy` then finds.
    """
    rulebooks = shipped_rulebooks(district) if district in shipped_districts() else ()
    return judging_by(rulebooks, policy, find_policy) if rulebooks else None


def judging_by(rulebooks: Sequence[Rulebook], policy: Policy, find_policy: FindPolicy = shipped_alone) -> Judging:
    """Return how facts are judged by some rulebooks."""
    engine = version("taizhang")
    calendar = national_calendar()
    hashes = {book.name: book.sha256 for book in rulebooks}
    books = [f"{name} {sha256}" for name, sha256 in sorted(hashes.items())]
    parts = [judging_program(), policy.sha256, calendar.sha256, *books]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    rules = tuple(rule for book in rulebooks for rule in book.rules)
    return Judging(rules, calendar, Provenance(engine, policy, hashes, find_policy), key)


def judged_here(kept: KeptPolicies, district: str) -> Judging | None:
    """Return by what a district of this data folder is judged."""
    return judging_of(district, shipped_policy(), kept.find)
