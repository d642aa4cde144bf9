"""Rulebook versions that are adopted or ended by a recorded fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.moment import start_of
from events.rulebook import RulebookAdopted, RulebookEnded
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.rule import Rule


def rulebook_case(name: str) -> str:
    """Return the case id under which a rulebook is adopted: `xinzhou/2023` is `xinzhou-2023`."""
    return name.replace("/", "-")


def days_in_force(
    fact: AnyFact, rules: Sequence[Rule], force: Mapping[str, tuple[Instant, Instant]]
) -> dict[str, tuple[Instant, Instant]]:
    """Return the days in force that an adoption or an end gives a rulebook, by its name."""
    data = fact.data
    for rule in rules:
        header = rule.header
        if rulebook_case(header.rulebook) != fact.subject.id:
            continue
        since, until = force.get(header.rulebook, (header.since, header.until))
        if isinstance(data, RulebookAdopted):
            return {header.rulebook: (start_of(data.effective_on), until)}
        if isinstance(data, RulebookEnded):
            return {header.rulebook: (since, min(until, data.until.latest, ALWAYS))}
    return {}
