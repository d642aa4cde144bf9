"""Matters carried out: what is great has to be decided by a meeting before."""

from __future__ import annotations

from services.simulation.story import Break, Flaw, Story, step


def carried_out(*articles: str, flag: str = "major_decision", kind: str = "other") -> Story:
    """Return a small matter that is carried out; `articles` are those that a great one, decided by nobody, breaks."""
    return Story(
        name="carried-out",
        setting="deputys_department",
        monthly=1,
        steps=(
            step(
                *("matter.proposed", "matter", "@unit_head", 0),
                title="@title",
                kind=kind,
                sponsor="@unit",
                fields="@fields",
                concerned_units=[],
                forum="unit_office",
            ),
            step("matter.classified", "matter", "@office", 1, flags=[]),
            step("matter.implemented", "matter", "@unit", 4, act="组织实施", unit="@unit"),
        ),
        flaws=(
            Flaw(
                name="great and decided by nobody",
                change={"matter.classified": {"flags": [flag]}},
                breaks=tuple(Break(article=one, subject="matter") for one in articles),
            ),
        ),
    )
