"""重庆市黔江区人民政府工作规则（2022年11月）: yearly meetings, costs, releases, duty and trips."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.district_meetings import district_meetings
from services.simulation.stories.occasions import costs, releases
from services.simulation.story import Break, Flaw

OCCASIONS: Final = (
    costs("67.2"),
    releases("62.1"),
    *district_meetings(
        Flaw(
            name="neither planned nor approved",
            leave_out=("approved",),
            change={"meeting.planned": {"plan": None, "plan_entry": None}},
            breaks=(Break(article="52.1", subject="meeting"),),
        ),
    ),
)
