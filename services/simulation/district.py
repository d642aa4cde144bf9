"""What a district is to the simulation: its roster's shape, the rhythm of its meetings, and its stories."""

from __future__ import annotations

from dataclasses import dataclass

from services.simulation.meeting_days import Rhythm
from services.simulation.roster import Shape
from services.simulation.story import Story


@dataclass(frozen=True, kw_only=True)
class District:
    """One district, as its own rule text has it work."""

    name: str
    shape: Shape
    rhythm: Rhythm
    stories: tuple[Story, ...]
