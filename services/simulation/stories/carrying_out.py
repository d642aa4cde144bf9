"""Matters of a department, and their carrying out: what is great has to be decided by a meeting before."""

from __future__ import annotations

from collections.abc import Sequence

from services.simulation.story import Break, Flaw, Step, Story, step


def own_matter(kind: str = "other", *, concerned: Sequence[str] = ()) -> Step:
    """Return the proposal of a matter on which a department's own office decides, and the departments it concerns."""
    return step(
        *("matter.proposed", "matter", "@unit_head", 0),
        title="@title",
        kind=kind,
        sponsor="@unit",
        fields="@fields",
        concerned_units=[*concerned],
        forum="unit_office",
    )


def carried_out(*articles: str, flag: str = "major_decision", kind: str = "other") -> Story:
    """Return a small matter that is carried out; `articles` are those that a great one, decided by nobody, breaks."""
    return Story(
        name="carried-out",
        setting="deputys_department",
        monthly=1,
        steps=(
            own_matter(kind),
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
