"""Saved alerts, many of them read at once before they are asked for one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from projections.alerts.book import Alert
    from projections.saved.saved_shelf import SavedShelf


class ForeseenAlerts:
    """The alerts of a shelf."""

    def __init__(self, shelf: SavedShelf) -> None:
        self._shelf = shelf
        self._foreseen: Mapping[UUID, Alert | None] = {}

    def foresee(self, alerts: Sequence[UUID]) -> None:
        """Read alerts that are about to be asked for; what was foreseen before is forgotten."""
        self._foreseen = dict.fromkeys(alerts) | self._shelf.alerts_among(alerts) if alerts else {}

    def alert(self, alert: UUID) -> Alert | None:
        """Return a saved alert."""
        return self._foreseen[alert] if alert in self._foreseen else self._shelf.alert(alert)

    def raised(self) -> Iterable[UUID]:
        """Return the alerts that were saved as raised and not settled since."""
        return self._shelf.raised()
