"""What leaders and meetings give out to departments, and what supervision finds."""

from __future__ import annotations

from services.simulation.story import Break, Due, Flaw, Step, Story, step


def issued(**more: object) -> Step:
    """Return an instruction of the leader in charge."""
    return step(
        *("instruction.issued", "task", "@office", 0),
        kind="leader_instruction",
        content="@title",
        by="@leader",
        units=["@unit"],
        **more,
    )


ASSIGNED = step(
    *("instruction.assigned", "task", "@office", 0),
    lead="@unit",
    co_units=[],
    responsible_person="@unit_deputy",
    supervisor="@office",
)


def reported(day: int) -> tuple[Step, ...]:
    """Return the report of a task done and its completion."""
    return (
        step(
            *("instruction.progress_reported", "task", "@unit_head", day),
            unit="@unit",
            to_unit="@office",
            progress="done",
            content="已办结",
            approved_by="@unit_head",
            sealed=True,
        ),
        step("instruction.completed", "task", "@unit", day, unit="@unit", summary="已办结"),
        step("instruction.verified", "task", "@office", day + 1, confirmed=True),
        step("instruction.closed", "task", "@office", day + 1, dropped=False),
    )


def tasks(*, feedback: str | None = None, party: str | None = None, flaws: tuple[Flaw, ...] = ()) -> Story:
    """Return a task with a set day, where an article has it reported back by then."""
    late = (
        Flaw(
            name="task reported late",
            late="instruction.progress_reported",
            breaks=(Break(article=feedback or "", subject="task", party=party, due=Due(0, "@in_10", "day")),),
        ),
        Flaw(
            name="task never reported",
            leave_out=(
                *("instruction.progress_reported", "instruction.completed"),
                *("instruction.verified", "instruction.closed"),
            ),
            breaks=(Break(article=feedback or "", subject="task", party=party, due=Due(0, "@in_10", "day")),),
        ),
    )
    return Story(
        name="task",
        monthly=3,
        steps=(issued(due="@in_10", grade="ordinary"), ASSIGNED, *reported(6)),
        flaws=(*(late if feedback is not None else ()), *flaws),
    )


def problems(*, article: str | None, source: str = "audit", flaws: tuple[Flaw, ...] = ()) -> Story:
    """Return a problem that supervision found, put right and reported by the day set, which an article may demand."""
    late = Flaw(
        name="problem put right late",
        late="supervision.rectification_reported",
        breaks=(Break(article=article or "", subject="finding", due=Due(0, "@in_10", "day")),),
    )
    return Story(
        name=f"{source}-problem",
        monthly=0.8,
        steps=(
            step(
                *("supervision.problem_found", "finding", "@office", 0),
                kind=source,
                unit="@unit",
                content="@title",
                prominent=False,
                due="@in_10",
            ),
            step("supervision.problem_notified", "finding", "@office", 1, kind="supervision_notice", due="@in_10"),
            step(
                *("supervision.rectification_reported", "finding", "@unit_head", 7),
                to_unit="@gov",
                progress="done",
                content="已整改到位",
                lists=["tasks", "owners", "limits"],
            ),
            step("supervision.rechecked", "finding", "@office", 8, confirmed=True),
            step("supervision.problem_closed", "finding", "@office", 9, reason="整改到位"),
        ),
        flaws=(*((late,) if article is not None else ()), *flaws),
    )
