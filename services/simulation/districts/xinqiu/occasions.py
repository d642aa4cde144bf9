"""新邱区人民政府工作规则（新政发〔2022〕5号）: yearly meetings, costs, releases, duty and trips."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.district_meetings import district_meetings, not_approved
from services.simulation.stories.occasions import briefings, costs, events, releases
from services.simulation.story import Due

OCCASIONS: Final = (
    costs("63.1"),
    releases("72.1"),
    briefings("53.2", one="53.2"),
    events("68.1", grade="major", due=Due(1, "duty.event_recorded", "day", as_moment=True)),
    *district_meetings(not_approved("43.1", "@leader")),
)
