"""What the watch found, told to whoever follows it: what changed since a position, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from projections.watch.shelf import TOLD, Kept, Told, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

REMEMBERED: Final = 50_000
"""Facts behind which whoever follows reads how everything stands, instead of what changed."""
_KEPT: Final = msgspec.json.Decoder(Kept)
_TOLD: Final = msgspec.json.Decoder(tuple[Told, ...])
_STATES: Final = ", ".join(f"'{one}'" for one in sorted(TOLD))
_SINCE: Final = (
    "SELECT progress.key, progress.position, turns.told FROM progress LEFT JOIN turns ON "
    "turns.district = progress.district AND turns.sequence > ? AND progress.key = ? AND progress.position <= ? "
    "WHERE progress.district = ? ORDER BY turns.sequence"
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
        rows = self._views.read(_SINCE, position, key, position + REMEMBERED, district)
        if not rows or rows[0][1] < position:
            return None
        now_key, now = rows[0][:2]
        if key != now_key or now - position > REMEMBERED:
            return self._everything(district)
        turns = (_TOLD.decode(stored) for _, _, stored in rows if stored is not None)
        found: dict[tuple[str, str], Sequence[Kept]] = {
            (one.rule, one.subject): one.standing for told in turns for one in told
        }
        return Found(now, now_key, found, everything=False)

    def reading(self) -> AbstractContextManager[None]:
        """Let every question of the block see the same state of the watch."""
        return self._views.reading()

    def turns(self, district: str, after: int, through: int) -> dict[int, Turn]:
        """Return what the watch told with each fact after a sequence and up to another."""
        query = (
            "SELECT sequence, next_wake, told FROM turns WHERE district = ? AND sequence > ? AND sequence <= ? "
            "ORDER BY sequence"
        )
        rows = self._views.read(query, district, after, through)
        return {sequence: Turn(_TOLD.decode(told), wake) for sequence, wake, told in rows}

    def next_wake(self, district: str, at: int) -> Instant | None:
        """Return when the watch wanted to be asked next, though no fact came, once it had taken a sequence."""
        query = "SELECT next_wake FROM turns WHERE district = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1"
        rows = self._views.read(query, district, at)
        return None if not rows else rows[0][0]

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
