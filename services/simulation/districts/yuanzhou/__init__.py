"""袁州区人民政府工作规则（袁府发〔2023〕3号）: what it demands, as the simulation reads it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.yuanzhou.leaves import LEAVES
from services.simulation.districts.yuanzhou.matters import MATTERS
from services.simulation.districts.yuanzhou.meetings import MEETINGS
from services.simulation.districts.yuanzhou.occasions import OCCASIONS
from services.simulation.districts.yuanzhou.papers import PAPERS
from services.simulation.roster import Shape
from services.simulation.stories.carrying_out import carried_out
from services.simulation.stories.head_office_meetings import head_office_meeting
from services.simulation.stories.occasions import briefings
from services.simulation.stories.research_trips import research_trips
from services.simulation.story import Flaw

YUANZHOU: Final = District(
    name="yuanzhou",
    rhythm="half_month",
    shape=Shape(party_member=True),
    stories=(
        *LEAVES,
        *MATTERS,
        *PAPERS,
        *MEETINGS,
        head_office_meeting(
            Flaw.changed(
                *("chaired by a deputy", "meeting.opened", {"chair": "@exec", "convener": "@exec"}),
                article="21.2",
                subject="meeting",
            )
        ),
        *OCCASIONS,
        carried_out("16.1", "37.1"),
        briefings(None, one="30.1"),
        research_trips(crowd="38.1"),
    ),
)
