"""新邱区人民政府工作规则（新政发〔2022〕5号）: what it demands, as the simulation reads it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.xinqiu.head_office_meetings import HEAD_OFFICE_MEETING
from services.simulation.districts.xinqiu.leaves import LEAVES
from services.simulation.districts.xinqiu.matters import MATTERS
from services.simulation.districts.xinqiu.meetings import MEETINGS
from services.simulation.districts.xinqiu.occasions import OCCASIONS
from services.simulation.districts.xinqiu.papers import PAPERS
from services.simulation.districts.xinqiu.reports import REPORTS
from services.simulation.roster import Shape
from services.simulation.stories.carrying_out import carried_out

XINQIU: Final = District(
    name="xinqiu",
    rhythm="two_weeks",
    shape=Shape(party_member=False, pairs=(("dep1", "dep2"), ("exec", "dep3")), director_sits=True),
    stories=(
        *LEAVES,
        *MATTERS,
        *PAPERS,
        *MEETINGS,
        HEAD_OFFICE_MEETING,
        *REPORTS,
        *OCCASIONS,
        carried_out("23.1", "22.1", "65.1"),
    ),
)
