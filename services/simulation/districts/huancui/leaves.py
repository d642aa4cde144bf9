"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: who may be away, and how."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.leaves import (
    ACTING_HEAD,
    APPROVED,
    REPORTED,
    RETURN_REPORTED,
    leave,
)
from services.simulation.story import Break, Due, Flaw, step

RETURN = Due(1, "absence.returned")
LEAVES: Final = (
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
