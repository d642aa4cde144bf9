"""袁州区人民政府工作规则（袁府发〔2023〕3号）: yearly meetings, costs, releases, duty and trips."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.district_meetings import asked_late, district_meetings, heads_invited, not_approved
from services.simulation.stories.occasions import costs, duties, events, releases
from services.simulation.story import Due

OCCASIONS: Final = (
    costs("23.5"),
    releases("37.1"),
    duties("39.1"),
    events("39.1", due=Due(1, "duty.event_recorded", "day")),
    *district_meetings(asked_late("23.3", 7), not_approved("23.3"), heads_invited("23.4", "@u_town")),
)
