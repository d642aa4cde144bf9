"""How much of the rulebooks the simulated year plays: half of the rules, and a breach of every kind of rule."""

from __future__ import annotations

import pytest

from rulebooks.loading import shipped_rulebooks
from services.rules.coverage import Histories
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text

A_YEAR = 365


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_a_year_touches_half_of_the_rules_and_breaks_every_kind_that_the_rulebook_uses(district: str) -> None:
    flaws = sum(len(flaw.breaks) for story in DISTRICTS[district].stories for flaw in story.flaws)
    year = plan(DISTRICTS[district], A_YEAR, 1, flaws)
    histories = Histories()
    histories.add(history_text(district, year).encode().splitlines(), district)
    (coverage,) = histories.coverage()
    rules = [rule for book in shipped_rulebooks(district) for rule in book.rules]
    broken = {one.kind for one in coverage.touched if "violated" in one.states}
    assert {rule.header.kind for rule in rules} - broken == set()
    assert 2 * len(coverage.touched) >= len(rules)
