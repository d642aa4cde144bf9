"""What the watch found, told to whoever follows it: what changed since a position, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from projections.saved.snapshot import REMEMBERED
from projections.watch.shelf import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.databases.views_database import ViewsDatabase

TOLD: Final = ("open", "paused", "not_determinable")
"""The states that are told; of the others it is told that they are none of these."""
_KEPT: Final = msgspec.json.Decoder(Kept)
_STATES: Final = ", ".join(f"'{one}'" for one in TOLD)
_MOVED: Final = (
    "SELECT progress.key, progress.position, moved.rule, moved.subject, standing.kept FROM progress LEFT JOIN moved ON "
    "moved.district = progress.district AND moved.position > ? AND progress.key = ? AND progress.position <= ? "
    "LEFT JOIN standing ON standing.district = moved.district AND standing.subject = moved.subject "
    "AND standing.rule = moved.rule WHERE progress.district = ? ORDER BY moved.rule, moved.subject, standing.place"
)
_STANDING: Final = (
    f"SELECT rule, subject, kept FROM standing WHERE district = ? AND state IN ({_STATES}) "  # noqa: S608  our own names
    "ORDER BY subject, rule, place"
)


class Found(NamedTuple):
    """How rules stand, by rule and scope, as of a position; `everything` when it is not only what changed."""

    position: int
    key: str
    standing: dict[tuple[str, str], Sequence[Kept]]
    everything: bool


class FindingsFeed:
    """Reads what is saved of the watch, from any process; one connection, for one thread at a time.

    Between two calls of `reached` views that ask from the same position share one answer.
    """

    def __init__(self, views: ViewsDatabase) -> None:
        self._views = views
        self._told: dict[tuple[str, int, str], Found | None] = {}

    def reached(self, district: str) -> tuple[int, str] | None:
        """Return the position and the key of the watch of a district; None when nothing is saved of it."""
        self._told.clear()
        rows = self._views.read("SELECT position, key FROM progress WHERE district = ?", district)
        return tuple(rows[0]) if rows else None

    def since(self, district: str, position: int, key: str) -> Found | None:
        """Return what changed since a position of the watch of a key.

        None when the watch has not come that far: it is judging anew by other rules, and until it is done what was
        told before holds.
        """
        asked = (district, position, key)
        if asked not in self._told:
            self._told[asked] = self._since(district, position, key)
        return self._told[asked]

    def _since(self, district: str, position: int, key: str) -> Found | None:
        rows = self._views.read(_MOVED, position, key, position + REMEMBERED, district)
        if not rows or rows[0][1] < position:
            return None
        now_key, now = rows[0][:2]
        if key != now_key or now - position > REMEMBERED:
            return self._everything(district)
        found: dict[tuple[str, str], list[Kept]] = {}
        for _, _, rule, subject, stored in rows:
            if rule is None:
                continue
            told = found.setdefault((rule, subject), [])
            if stored is not None and (kept := _KEPT.decode(stored)).state in TOLD:
                told.append(kept)
        return Found(now, now_key, dict(found), everything=False)

    def _everything(self, district: str) -> Found | None:
        found: dict[tuple[str, str], list[Kept]] = {}
        with self._views.reading():
            progress = self._views.read("SELECT position, key FROM progress WHERE district = ?", district)
            for rule, subject, stored in self._views.read(_STANDING, district):
                found.setdefault((rule, subject), []).append(_KEPT.decode(stored))
        if not progress:
            return None
        now, now_key = progress[0]
        return Found(now, now_key, dict(found), everything=True)
