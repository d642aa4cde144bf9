"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: yearly meetings, costs, releases, duty and trips."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.district_meetings import district_meetings, once_too_often
from services.simulation.stories.occasions import briefings, costs, events, releases, trips
from services.simulation.story import Break, Due, Flaw

OCCASIONS: Final = (
    costs("82.2"),
    releases("76.1"),
    events("76.1", kind="major_situation", due=Due(1, "duty.event_recorded", "day")),
    briefings("65.3"),
    trips(
        Flaw.changed("police car used", "visit.made", {"police_car": True}, article="86.2", subject="visit"),
        Flaw.changed(
            *("received at the boundary", "visit.made", {"boundary_reception": True}), article="86.2", subject="visit"
        ),
    ),
    *district_meetings(
        once_too_often("55.1"),
        Flaw(
            name="heads of towns called in, with nobody's consent",
            leave_out=("approved",),
            change={
                "meeting.notice_sent": {
                    "invitees": [{"unit": "@u_town", "role": "town_head", "capacity": "required"}],
                },
            },
            breaks=(Break(article="55.1", subject="meeting"),),
        ),
    ),
)
