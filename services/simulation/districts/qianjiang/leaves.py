"""重庆市黔江区人民政府工作规则（2022年11月）: who may be away, and how."""

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

COVERED: Final = step(
    *("entrustment.given", "entrustment", "@person", 1),
    kind="portfolio",
    by="@person",
    to="@partner",
    from_="@first_day",
    until="@last_day",
    absence="#absence",
    urgent=False,
)
TOLD: Final = step("absence.notified", "absence", "@office", 1, to_persons="@others", form="online")
LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, APPROVED, TOLD, COVERED),
        stand_in="@partner",
        handover="@partner",
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(
                name="not reported",
                leave_out=("absence.reported", "absence.approved"),
                breaks=(Break(article="61.1", subject="absence"),),
            ),
            Flaw(
                name="a colleague not told",
                change={"absence.notified": {"to_persons": "@others_but_one"}},
                breaks=(Break(article="61.1", subject="absence", party="@one_other"),),
            ),
            Flaw(
                name="nobody entrusted",
                leave_out=("entrustment.given",),
                change={"absence.departed": {"handover_to": "@not_partner"}},
                breaks=(Break(article="8.1", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
            Flaw(
                name="entrusted to another than the partner",
                change={"entrustment.given": {"to": "@not_partner"}},
                breaks=(Break(article="8.1", subject="entrustment"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(REPORTED,),
        flaws=(
            Flaw(
                name="not reported", leave_out=("absence.reported",), breaks=(Break(article="61.2", subject="absence"),)
            ),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD,),
        flaws=(
            Flaw(
                name="nobody presides",
                leave_out=("entrustment.given",),
                breaks=(Break(article="5.1", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
