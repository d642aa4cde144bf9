"""重庆市黔江区人民政府工作规则（2022年11月）: what it demands, as the simulation reads it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.qianjiang.conduct import CONDUCT
from services.simulation.districts.qianjiang.government_meetings import GOVERNMENT_MEETINGS
from services.simulation.districts.qianjiang.leaves import LEAVES
from services.simulation.districts.qianjiang.matters import MATTERS
from services.simulation.districts.qianjiang.meetings import MEETINGS
from services.simulation.districts.qianjiang.occasions import OCCASIONS
from services.simulation.districts.qianjiang.papers import PAPERS
from services.simulation.districts.qianjiang.superiors import SUPERIORS
from services.simulation.districts.qianjiang.undertakings import UNDERTAKINGS
from services.simulation.roster import Shape
from services.simulation.stories.carrying_out import carried_out

QIANJIANG: Final = District(
    name="qianjiang",
    rhythm="two_weeks",
    shape=Shape(
        party_member=True,
        pairs=(("dep1", "dep2"), ("exec", "dep3")),
        office_member=True,
        invited=("u-congress", "u-cppcc", "u-armed"),
    ),
    stories=(
        *LEAVES,
        *MATTERS,
        *PAPERS,
        *SUPERIORS,
        *MEETINGS,
        *GOVERNMENT_MEETINGS,
        *OCCASIONS,
        *CONDUCT,
        *UNDERTAKINGS,
        carried_out("6.1"),
    ),
)
