"""Saved alerts, many of them read at once before they are asked for one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from projections.alerts.alert import Alert
    from projections.saved.saved_alerts import SavedAlerts


class ForeseenAlerts:
    """The saved alerts of a district, for an alert book that is about to ask for some of them."""

    def __init__(self, saved: SavedAlerts) -> None:
        self._saved = saved
        self._foreseen: Mapping[UUID, Alert | None] = {}

    def foresee(self, alerts: Sequence[UUID]) -> None:
        """Read alerts that are about to be asked for; what was foreseen before is forgotten."""
        self._foreseen = dict.fromkeys(alerts) | self._saved.among(alerts) if alerts else {}

    def alert(self, alert: UUID) -> Alert | None:
        """Return a saved alert."""
        return self._foreseen[alert] if alert in self._foreseen else self._saved.alert(alert)

    def raised(self) -> Iterable[UUID]:
        """Return the alerts that were saved as raised and not settled since."""
        return self._saved.raised()
