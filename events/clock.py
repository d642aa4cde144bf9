"""Facts about the passing of due moments."""

from typing import Annotated, ClassVar

from events.fact import FactData
from events.fields import DateTime, FactType, says


class ClockReached(FactData, frozen=True, kw_only=True):
    """A due moment was reached without another fact; only the ledger writes it, at most once a district and moment."""

    TYPE: ClassVar = FactType("clock.reached.v1", "时点到达", "clock", opens=True)

    at: Annotated[DateTime, says("时点", "The due moment that was passed.")]
