"""The views kept up with the ledger: every build fed in turn, new ones built beside the live ones and switched."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.view_rows.feeding import ViewFeed
from projections.view_rows.shared_reading import LARGEST_BATCH, SharedReading
from projections.view_rows.steps import PositionMovedError
from projections.views.catalogue import VIEWS
from projections.views.view import passed_over
from services.processes.working_thread import Work, working

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from threading import Event

    from events.ledger.port import LedgerReader
    from projections.view_rows.findings_feed import FindingsFeed
    from projections.view_rows.history_feeding import HistoryFeeding
    from projections.view_rows.rows import Build, ViewRows
    from projections.views.view import View
    from services.backlog import Backlog, Lag

LONGEST_NAP: Final = 0.25
"""Seconds after which the watch's findings are looked at, though no fact came."""


class ViewLag(NamedTuple):
    """How far one view is behind in one district: facts not yet taken, and how many seconds the oldest has waited."""

    view: str
    district: str
    facts: int
    seconds: float


class FeedingViews:
    """Feeds all views of all districts. For one thread.

    A view without rows is built live; one whose description changed is built beside the live one, which answers until
    the new one has caught up. Several processes may feed the same rows: each step is taken by one of them, and one that
    runs an older version of a view leaves it to the newer.
    """

    def __init__(
        self,
        rows: ViewRows,
        ledger: LedgerReader,
        findings: FindingsFeed | None,
        *,
        views: Mapping[str, View] = VIEWS,
        batch: int = LARGEST_BATCH,
    ) -> None:
        self._rows = rows
        self._ledger = ledger
        self._findings = findings
        self.views = views
        self._batch = batch
        self._feeds: dict[tuple[int, str], ViewFeed] = {}
        self._take_over(views)
        self._fed: list[Build] = []
        self._seen: dict[str, tuple[int, tuple[int, str] | None]] = {}
        self._log = structlog.get_logger()

    def advance(self) -> int:
        """Let every build take one step; return by how many facts they went on together, 0 when all are up to date."""
        return self.advance_in(self._ledger.districts())

    def advance_in(self, districts: Collection[str]) -> int:
        """Do so in some districts, where others are fed by somebody else."""
        try:
            return self._advance_in(districts)
        except (LedgerError, ViewsError):
            # What was saved last may be lost with a database that went down, so it is asked anew where all stand.
            self._forget(self._feeds.values())
            raise

    def _advance_in(self, districts: Collection[str]) -> int:
        builds = self._current_builds()
        self._fed = builds
        numbers = {build.number for build in builds}
        self._feeds = {key: feed for key, feed in self._feeds.items() if key[0] in numbers}
        steps: dict[int, int] = {build.number: 0 for build in builds}
        for district in districts:
            head = self._ledger.head(district).sequence
            watched = None if self._findings is None else self._findings.reached(district)
            self._reading.note_end(district, head)
            self._seen[district] = head, watched
            feeds = {build.number: self._feed(build, district) for build in builds}
            behind = {number: feed for number, feed in feeds.items() if feed.is_behind(head, watched)}
            for number, taken in self._taken(behind, {one.number for one in builds if one.state == "live"}).items():
                steps[number] += taken
        for build in builds:
            if build.state == "beside" and not steps[build.number] and self._has_caught_up(build):
                self._rows.complete(build)
                if not self._has_caught_up(build):  # the live one went on while the indexes were made
                    steps[build.number] = 1
                    continue
                self._rows.switch(build)
                self._log.info("view.switched", view=build.description.name, version=build.description.version)
        return sum(steps.values())

    def rests(self, district: str) -> bool:
        """Tell whether every build has taken all that there was in a district when it was last looked at."""
        if district not in self._seen or any(build.state == "beside" for build in self._fed):
            return False
        head, watched = self._seen[district]
        feeds = (self._feeds.get((build.number, district)) for build in self._fed)
        return all(feed is not None and not feed.is_behind(head, watched) for feed in feeds)

    def catch_up(
        self, seen: Callable[[int], None] = lambda _facts: None, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Work until there is nothing left for now, or `stopped`; `seen` is told how many facts were just taken."""
        while not stopped() and (taken := self.advance()):
            seen(taken)

    @contextmanager
    def sharing(self, names: Collection[str]) -> Iterator[None]:
        """Feed only these views while the block runs; the others are left to another process."""
        self._take_over(frozenset(names))
        try:
            yield
        finally:
            self._take_over(self.views)

    def rebuild(self, names: Iterable[str]) -> None:
        """Begin to build views anew, beside the live ones."""
        for name in names:
            view = self.views[name]
            self._rows.begin(view)

    def forget(self, district: str) -> None:
        """Ask anew how far each build has come in a district, since somebody changed that."""
        self._forget(feed for (_, of), feed in self._feeds.items() if of == district)

    def builds(self) -> Collection[Build]:
        """Return the builds that are fed, so that one that somebody began can be told."""
        return self._current_builds()

    def left(self) -> int:
        """Return how many facts all builds together have still to take."""
        heads = {district: self._ledger.head(district).sequence for district in self._ledger.districts()}
        return sum(
            head - self._rows.position(build, district).facts
            for build in self._current_builds()
            for district, head in heads.items()
        )

    def _take_over(self, share: Collection[str]) -> None:
        """Feed some of the views from now on, reading what these look at."""
        self._share = share
        passing_over = passed_over([self.views[name] for name in share])
        self._reading = SharedReading(self._ledger, batch=self._batch, passing_over=passing_over)
        self._feeds.clear()

    def _current_builds(self) -> list[Build]:
        """Return the builds to feed, after beginning those that are missing and dropping those of no view."""
        builds = self._rows.builds()
        for build in builds:
            if build.description.name not in self.views:
                self._rows.drop(build)
        changed = False
        for name, view in self.views.items():
            own = [one for one in builds if one.description.name == name]
            newer = any(one.description.version > view.description.version for one in own)
            if not newer and not any(one.is_of(view) for one in own):
                self._rows.begin(view, again=False)
                self._log.debug("view.begun", view=name, version=view.description.version, beside=bool(own))
                changed = True
        return [
            one
            for one in (self._rows.builds() if changed else builds)
            if one.description.name in self._share and one.is_of(self.views[one.description.name])
        ]

    def _feed(self, build: Build, district: str) -> ViewFeed:
        feed = self._feeds.get((build.number, district))
        if feed is None:
            view = self.views[build.description.name]
            feed = ViewFeed(view, build, district, rows=self._rows, reading=self._reading, findings=self._findings)
            self._feeds[build.number, district] = feed
        return feed

    def _taken(self, feeds: Mapping[int, ViewFeed], live: Collection[int]) -> dict[int, int]:
        """Let feeds of one district take a step; return how far each went on.

        Those of live builds go first and by themselves: at those beside other processes may be at work all the time.
        """
        taken: dict[int, int] = {}
        failed: Exception | None = None
        for are_live in (True, False):
            group = {number: feed for number, feed in feeds.items() if (number in live) == are_live}
            try:
                taken |= self._taken_together(group)
            except (LedgerError, ViewsError):
                raise
            except Exception as error:  # noqa: BLE001  raised once the others have taken their step
                failed = failed or error
        if failed is not None:
            raise failed
        return taken

    def _taken_together(self, feeds: Mapping[int, ViewFeed]) -> dict[int, int]:
        """Let feeds take a step in one transaction.

        Where another process took a step in the meantime none is taken. Where one fails the others take theirs alone.
        """
        self._reading.expect({kind for feed in feeds.values() for kind in feed.kinds})
        try:
            steps = {number: step for number, feed in feeds.items() if (step := feed.work_out()) is not None}
            if steps:
                self._rows.keep(list(steps.values()))
            return {number: feeds[number].kept(step) for number, step in steps.items()}
        except PositionMovedError:
            self._forget(feeds.values())
            return dict.fromkeys(feeds, 1)
        except (LedgerError, ViewsError):
            raise
        except Exception:  # noqa: BLE001  whatever is wrong with one view, the others are to go on
            self._forget(feeds.values())
            return self._taken_alone(feeds)

    def _taken_alone(self, feeds: Mapping[int, ViewFeed]) -> dict[int, int]:
        taken: dict[int, int] = {}
        failed: Exception | None = None
        for number, feed in feeds.items():
            try:
                taken[number] = feed.advance()
            except PositionMovedError:
                feed.forget()
                taken[number] = 1
            except (LedgerError, ViewsError):
                raise
            except Exception as error:  # noqa: BLE001  as above; it is raised once the others have taken their step
                feed.forget()
                failed = failed or error
        if failed is not None:
            raise failed
        return taken

    @staticmethod
    def _forget(feeds: Iterable[ViewFeed]) -> None:
        for feed in feeds:
            feed.forget()

    def _has_caught_up(self, build: Build) -> bool:
        """Tell whether a build knows at least as much as the live one; without a live one it may answer at once."""
        name = build.description.name
        live = self._rows.live(name)
        if live is None:
            return True
        for district in self._rows.districts(live):
            before, after = self._rows.position(live, district), self._rows.position(build, district)
            if after.facts < before.facts or after.found < before.found:
                return False
        return True


def lags(rows: ViewRows, ledger: LedgerReader, backlog: Backlog, now: dt.datetime) -> list[ViewLag]:
    """Return how far each live view is behind the ledger, district by district."""
    found: list[ViewLag] = []
    for district in backlog.look(ledger, now):
        behind: dict[int, Lag] = {}
        for build in rows.builds():
            if build.state != "live":
                continue
            position = rows.position(build, district).facts
            if position not in behind:
                behind[position] = backlog.behind(ledger, district, position, now)
            found.append(ViewLag(build.description.name, district, *behind[position]))
    return found


def fed(feeding: FeedingViews, woken: Event, history: HistoryFeeding | None = None) -> AbstractContextManager[None]:
    """Let a thread feed the views while the block runs; `woken` tells it that there may be new facts.

    Their history is kept where one is given, a step at a time whenever the views themselves are up to date.
    """
    log = structlog.get_logger()

    def interrupted(code: str, reason: str) -> None:
        log.error("views.interrupted", code=code, reason=reason)

    def failed(error: Exception) -> None:
        log.error("views.failed", exc_info=error)

    def advance() -> int:
        return feeding.advance() or (0 if history is None else history.advance())

    return working(Work("views", advance, interrupted, failed, LONGEST_NAP), woken)
