"""How fast the rulebooks are loaded and compiled, and what a thousand rules cost that a history does not concern."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice

from events.fact import AnyFact
from events.parsing import Defaults, History
from projections.watch.watch import Watch
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import HOME, rulebooks_of, shipped_districts
from rulebooks.rule import Rule
from rulebooks.source import read_file
from services.checking import Clocks
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text

DISTRICT = "xinzhou"
DAYS = 150
MANY = 1_000
ROUNDS = 3


def bench_loading() -> dict[str, object]:
    """Load and compile every shipped rulebook, beside reading the same files alone; the goal is a second for all."""
    whole = reading = float("inf")
    rules = 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rules = sum(len(book.rules) for name in shipped_districts() for book in rulebooks_of(name))
        whole = min(whole, time.perf_counter() - began)
        began = time.perf_counter()
        for path in HOME.glob("*/*/*.yaml"):
            if not path.name.endswith(".cases.yaml"):
                read_file(path, path.name)
        reading = min(reading, time.perf_counter() - began)
    return {
        "name": "rulebooks.loaded",
        "n": rules,
        "rate": round(rules / whole),
        "unit": "rules/s",
        "p50_ms": round(1_000 * whole),
        "baseline": "reading the same files",
        "baseline_rate": round(rules / reading),
        "ratio": round(reading / whole, 2),
        "goal": "1000 ms",
    }


def bench_a_thousand_rules() -> dict[str, object]:
    """Judge a history by its own rules and by a thousand, the rest being rules that no fact of it opens."""
    lines = history_text(DISTRICT, plan(DISTRICTS[DISTRICT], DAYS, 1, 0)).encode().splitlines()
    facts = list(History(lines, Defaults()))
    own = [rule for book in rulebooks_of(DISTRICT) for rule in book.rules]
    many = [*own, *_unconcerned({fact.type for fact in facts}, MANY - len(own))]
    few = alone = 0.0
    for _ in range(ROUNDS):
        alone = max(alone, _rate(own, facts))
        few = max(few, _rate(many, facts))
    return {
        "name": "rulebooks.a_thousand_rules",
        "n": len(many),
        "rate": round(few),
        "unit": "facts/s",
        "baseline": f"the {len(own)} rules of the district",
        "baseline_rate": round(alone),
        "ratio": round(few / alone, 2),
        "goal": 0.9,
    }


def _unconcerned(types: set[str], wanted: int) -> list[Rule]:
    """Return so many rules of other districts that no fact of these types opens, told apart by their ids."""
    others = [
        one for name in shipped_districts() if name != DISTRICT for book in rulebooks_of(name) for one in book.rules
    ]
    apart = [
        rule
        for rule in others
        if not types & set(rule.triggers)
        and not (rule.dependencies.roster or rule.dependencies.absences or rule.dependencies.mandates)
    ]
    return [
        replace(rule, header=replace(rule.header, id=f"{rule.header.id}-{number}"))
        for number, rule in enumerate(islice(cycle(apart), wanted))
    ]


def _rate(rules: Sequence[Rule], facts: list[AnyFact]) -> float:
    clocks = Clocks(Watch(rules, national_calendar()), DISTRICT)
    gc.collect()
    began = time.perf_counter()
    clocks.play(facts)
    return len(facts) / (time.perf_counter() - began)
