"""Where facts are published: the port that the relay speaks to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from services.messages.cloud_event import Message


class Handed(Protocol):
    """Facts that were handed over and may not have arrived yet."""

    def arrived(self) -> bool:
        """Tell whether all of them are stored for good; raise BrokerError when one is not and never will be."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait until they arrived, failed, or so long."""
        ...


class Outlet(Protocol):
    """Takes the facts of each district in order and stores them in that order."""

    def send(self, messages: Sequence[Message]) -> Handed:
        """Hand over messages of one district; raise BrokerError when that cannot be done."""
        ...

    def close(self, seconds: float) -> None:
        """End; what has not arrived after so many seconds is given up, and nothing is stored afterwards."""
        ...


OpenOutlet = Callable[[], Outlet | None]
"""Opens an outlet, None when asked to stop before it was open; raises BrokerError when Kafka cannot be reached."""
