"""The saved alerts of one district: single ones, those about a case, pages of the list, and when each is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from projections.alerts.alert import Alert
from projections.alerts.pages import AlertPage, AlertsWanted, alert_page, alerts_about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

_ALERT: Final = msgspec.json.Decoder(Alert)


class SavedAlerts:
    """The alerts that were saved of one district."""

    def __init__(self, views: ViewsDatabase, district: str) -> None:
        self._views = views
        self._district = district

    def alert(self, alert: UUID) -> Alert | None:
        """Return a saved alert."""
        rows = self._views.read("SELECT alert FROM alerts WHERE district = ? AND id = ?", self._district, str(alert))
        return _ALERT.decode(rows[0][0]) if rows else None

    def among(self, alerts: Sequence[UUID]) -> dict[UUID, Alert]:
        """Return those of some alerts that are saved."""
        query = f"SELECT alert FROM alerts WHERE district = ? AND {self._views.among('id')}"  # noqa: S608  our own names
        rows = self._views.read(query, self._district, [str(one) for one in alerts])
        return {one.id: one for one in (_ALERT.decode(row[0]) for row in rows)}

    def every(self) -> list[Alert]:
        """Return every saved alert, by id."""
        rows = self._views.read("SELECT alert FROM alerts WHERE district = ? ORDER BY id", self._district)
        return [_ALERT.decode(row[0]) for row in rows]

    def still_open(self) -> list[Alert]:
        """Return the saved alerts that somebody still has to look at, by id."""
        query = "SELECT alert FROM alerts WHERE district = ? AND standing IN ('raised', 'forecast') ORDER BY id"
        return [_ALERT.decode(row[0]) for row in self._views.read(query, self._district)]

    def about(self, case: str) -> list[Alert]:
        """Return the saved alerts about a case, by id."""
        return alerts_about(self._views, self._district, case)

    def page(self, wanted: AlertsWanted, after: str | None, limit: int) -> AlertPage:
        """Return one page of the alerts that were raised, the most pressing first; raise MarkGoneError."""
        return alert_page(self._views, self._district, wanted, after, limit)

    def raised(self) -> list[UUID]:
        """Return the alerts saved as raised, by id."""
        query = "SELECT id FROM alerts WHERE district = ? AND standing = 'raised' ORDER BY id"
        return [UUID(row[0]) for row in self._views.read(query, self._district)]

    def wakes(self) -> list[tuple[UUID, Instant]]:
        """Return when each alert takes its next step."""
        query = "SELECT id, escalate_at FROM alerts WHERE district = ? AND escalate_at IS NOT NULL"
        return [(UUID(name), instant) for name, instant in self._views.read(query, self._district)]
