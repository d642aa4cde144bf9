"""新邱区人民政府工作规则（新政发〔2022〕5号）: who may be away, and how."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.leaves import REPORTED, leave, registered, taken
from services.simulation.story import Break, Due, Flaw, Story, step

TOLD: Final = step("absence.notified", "absence", "@office", 1, to_persons="@others", form="online")
FILED: Final = step("absence.filed", "absence", "@person", 0, with_unit="@office", form="online")
LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, TOLD),
        flaws=(
            Flaw(
                name="a colleague not told",
                change={"absence.notified": {"to_persons": "@others_but_one"}},
                breaks=(Break(article="71.1", subject="absence", party="@one_other"),),
            ),
            Flaw(
                name="not reported",
                leave_out=("absence.reported",),
                breaks=(
                    Break(article="71.1", subject="absence"),
                    Break(article="71.1", subject="absence", due=Due(0, "@from", "day", as_moment=True)),
                ),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(REPORTED, step("absence.reported", "absence", "@person", 0, to="@own_leader", form="oral"), FILED),
        flaws=(
            Flaw(
                name="filed late",
                late="absence.filed",
                breaks=(Break(article="71.2", subject="absence", due=Due(-3, "@first_day", "day")),),
            ),
        ),
    ),
    leave(*("head-leave", "head_leave", 0.5), before=()),
    Story(
        name="head-and-executive-leave",
        setting="head_and_executive_leave",
        monthly=0.3,
        steps=(
            registered("absence:1", "@head"),
            registered("absence:2", "@exec"),
            step("absence.reported", "absence:2", "@exec", 0, to="@head", form="oral"),
            step("absence.notified", "absence:2", "@office", 1, to_persons="@deputies", form="online"),
            step(
                *("entrustment.given", "entrustment", "@head", 1),
                kind="acting_head",
                by="@head",
                to="@dep1",
                from_="@first_day",
                until="@last_day",
                absence="#absence:1",
                reason="区长、常务副区长均不在阜",
            ),
            *(
                one
                for both in zip(taken("absence:1", "@head"), taken("absence:2", "@exec"), strict=True)
                for one in both
            ),
        ),
        flaws=(
            Flaw(
                name="nobody designated",
                leave_out=("entrustment.given",),
                breaks=(
                    Break(article="8.1", subject="absence:1", party="@exec"),
                    Break(article="8.1", subject="absence:2", party="@head"),
                ),
            ),
        ),
    ),
)
