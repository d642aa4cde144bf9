"""袁州区人民政府工作规则（袁府发〔2023〕3号）: who may be away, and how."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.leaves import ACTING_HEAD, APPROVED, CONSENTED, FILED, REQUESTED, leave
from services.simulation.story import Break, Due, Flaw

LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REQUESTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="away without asking",
                leave_out=("absence.requested", "absence.approved"),
                breaks=(Break(article="39.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(CONSENTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="leader in charge not asked",
                leave_out=("absence.consented",),
                breaks=(Break(article="39.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD, FILED),
        flaws=(
            Flaw(
                name="nobody presides",
                leave_out=("entrustment.given",),
                breaks=(Break(article="9.2", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
