"""新邱区人民政府工作规则（新政发〔2022〕5号）: who may be away, and how."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.leaves import REPORTED, leave, registered, taken
from services.simulation.story import Break, Due, Flaw, Step, Story, step

TOLD: Final = step("absence.notified", "absence", "@office", 1, to_persons="@others", form="online")
FILED: Final = step("absence.filed", "absence", "@person", 0, with_unit="@office", form="online")
BOTH_AWAY: Final = Story(
    name="both-partners-away",
    setting="pair_leave",
    monthly=0.4,
    steps=(
        registered("absence:1", "@first"),
        registered("absence:2", "@second"),
        step("absence.reported", "absence:1", "@first", 0, to="@head", form="oral"),
        step("absence.reported", "absence:2", "@second", 0, to="@head", form="oral"),
        step("absence.notified", "absence:1", "@office", 1, to_persons="@others", form="online"),
        step("absence.notified", "absence:2", "@office", 1, to_persons="@others_than_second", form="online"),
        *(
            Step(
                fact="entrustment.given",
                case=f"entrustment:{number}",
                by="@head",
                day=1,
                data={
                    "kind": "cover",
                    "by": "@head",
                    "to": "@third",
                    "from": "@first_day",
                    "until": "@last_day",
                    "absence": f"#absence:{number}",
                    "reason": "互为AB角的两位同时外出",
                },
                label=f"covered-{number}",
            )
            for number in (1, 2)
        ),
        *(
            one
            for both in zip(taken("absence:1", "@first"), taken("absence:2", "@second"), strict=True)
            for one in both
        ),
    ),
    flaws=(
        Flaw(
            name="neither partner there nor another named",
            leave_out=("covered-1", "covered-2"),
            breaks=tuple(
                Break(article="8.1", subject=f"absence:{number}", due=Due(0, "@first_day", "day")) for number in (1, 2)
            ),
        ),
    ),
)
LEAVES: Final = (
    BOTH_AWAY,
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
                breaks=(Break(article="71.1", subject="absence"),),
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
                breaks=(Break(article="8.1", subject="absence:1", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
