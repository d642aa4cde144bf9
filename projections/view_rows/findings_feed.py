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
        with self._views.reading():
            progress = self._views.read("SELECT key, position FROM progress WHERE district = ?", district)
            if not progress or progress[0][1] < position:
                return None
            now_key, now = progress[0]
            if key == now_key and now - position <= REMEMBERED:
                return Found(now, now_key, self._moved(district, position), everything=False)
            return Found(now, now_key, self._everything(district), everything=True)

    def _moved(self, district: str, position: int) -> dict[tuple[str, str], Sequence[Kept]]:
        query = (
            "SELECT moved.rule, moved.subject, standing.kept FROM moved LEFT JOIN standing ON "
            "standing.district = moved.district AND standing.subject = moved.subject AND standing.rule = moved.rule "
            "WHERE moved.district = ? AND moved.position > ? ORDER BY moved.rule, moved.subject, standing.place"
        )
        found: dict[tuple[str, str], list[Kept]] = {}
        for rule, subject, stored in self._views.read(query, district, position):
            told = found.setdefault((rule, subject), [])
            if stored is not None and (kept := _KEPT.decode(stored)).state in TOLD:
                told.append(kept)
        return dict(found)

    def _everything(self, district: str) -> dict[tuple[str, str], Sequence[Kept]]:
        query = (
            f"SELECT rule, subject, kept FROM standing WHERE district = ? AND state IN ({_STATES}) "  # noqa: S608
            "ORDER BY subject, rule, place"
        )
        found: dict[tuple[str, str], list[Kept]] = {}
        for rule, subject, stored in self._views.read(query, district):
            found.setdefault((rule, subject), []).append(_KEPT.decode(stored))
        return dict(found)
