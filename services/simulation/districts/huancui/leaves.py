"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: who may be away, and how."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.leaves import (
    ACTING_HEAD,
    APPROVED,
    REPORTED,
    RETURN_REPORTED,
    leave,
    registered,
    taken,
)
from services.simulation.story import Break, Due, Flaw, Step, Story, step

BOTH_AWAY: Final = Story(
    name="both-partners-away",
    setting="pair_leave",
    monthly=0.4,
    steps=(
        registered("absence:1", "@first", "@third"),
        registered("absence:2", "@second", "@third"),
        step("absence.reported", "absence:1", "@first", 0, to="@head", form="oral"),
        step("absence.reported", "absence:2", "@second", 0, to="@head", form="oral"),
        step("absence.approved", "absence:1", "@head", 1, from_="@from", until="@until", opinion="同意"),
        Step(
            fact="absence.approved",
            case="absence:2",
            by="@head",
            day=1,
            data={
                "from": "@from",
                "until": "@until",
                "overlap_with": ["#absence:1"],
                "opinion": "同意与互为AB角者同时外出",
            },
            label="overlap-allowed",
        ),
        *(
            one
            for both in zip(
                taken("absence:1", "@first", "@third"), taken("absence:2", "@second", "@third"), strict=True
            )
            for one in both
        ),
    ),
    flaws=(
        Flaw.changed(
            *("both partners away at once", "overlap-allowed", {"overlap_with": []}),
            article="75.1",
            subject="absence:2",
            party="@first",
            due=Due(0, "@from", "day", as_moment=True),
        ),
    ),
)
LEAVES: Final = (
    BOTH_AWAY,
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, APPROVED),
        stand_in="@partner",
        handover="@partner",
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(
                name="not reported",
                leave_out=("absence.reported", "absence.approved"),
                breaks=(Break(article="75.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(
            step("absence.reported", "absence", "@person", 0, to="@own_leader", form="oral"),
            step("absence.notified", "absence", "@person", 0, to_persons=["@odir"], form="phone"),
            step("absence.filed", "absence", "@person", 0, with_unit="@office", form="leave_form"),
        ),
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(
                name="not reported", leave_out=("absence.reported",), breaks=(Break(article="75.2", subject="absence"),)
            ),
            Flaw(
                name="director not told",
                leave_out=("absence.notified",),
                breaks=(Break(article="75.2", subject="absence"),),
            ),
            Flaw(
                name="leave not asked", leave_out=("absence.filed",), breaks=(Break(article="75.2", subject="absence"),)
            ),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD,),
        flaws=(
            Flaw(
                name="another than the first deputy presides",
                leave_out=("entrustment.given",),
                change={"absence.registered": {"stand_in": "@dep2"}},
                breaks=(Break(article="5.2", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
