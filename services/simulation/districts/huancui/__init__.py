"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: what it demands, as the simulation reads it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.huancui.conduct import CONDUCT
from services.simulation.districts.huancui.leaves import LEAVES
from services.simulation.districts.huancui.matters import MATTERS
from services.simulation.districts.huancui.meetings import MEETINGS
from services.simulation.districts.huancui.occasions import OCCASIONS
from services.simulation.districts.huancui.papers import PAPERS
from services.simulation.roster import Shape
from services.simulation.stories.carrying_out import carried_out

HUANCUI: Final = District(
    name="huancui",
    rhythm="two_weeks",
    shape=Shape(
        party_member=True, pairs=(("exec", "dep1"), ("dep2", "dep3")), director_is_member=True, director_sits=True
    ),
    stories=(*LEAVES, *MATTERS, *PAPERS, *MEETINGS, *OCCASIONS, *CONDUCT, carried_out("6.1", "23.1", "48.1")),
)
