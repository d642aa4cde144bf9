"""信州区人民政府工作规则（饶信府发〔2023〕5号）: what it demands, as the simulation reads it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.xinzhou.leaves import LEAVES
from services.simulation.districts.xinzhou.matters import MATTERS
from services.simulation.districts.xinzhou.meetings import MEETINGS
from services.simulation.districts.xinzhou.occasions import OCCASIONS
from services.simulation.districts.xinzhou.papers import PAPERS
from services.simulation.roster import Shape
from services.simulation.stories.carrying_out import carried_out

XINZHOU: Final = District(
    name="xinzhou",
    rhythm="half_month",
    shape=Shape(party_member=True, director_sits=True, invited=("u-cppcc", "u-discipline")),
    stories=(*LEAVES, *MATTERS, *PAPERS, *MEETINGS, *OCCASIONS, carried_out("16.1", "7.1")),
)
