"""信州区人民政府工作规则（饶信府发〔2023〕5号）: yearly meetings, costs, releases, duty and trips."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.district_meetings import (
    asked_late,
    district_meetings,
    heads_invited,
    not_approved,
    once_too_often,
)
from services.simulation.stories.occasions import costs, duties, events, releases

OCCASIONS: Final = (
    costs("24.5"),
    releases("40.1"),
    duties("42.1"),
    events("42.1"),
    *district_meetings(asked_late("24.3", 10), not_approved("24.3"), heads_invited("24.4"), once_too_often("24.4")),
)
