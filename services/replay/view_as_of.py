"""A whole view as it stood at a moment: by its history, else fed anew with the facts that counted then.

Desk and what is missing follow from findings too: by what the watch told fact by fact, else, of single cases, judged
anew.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.corrections import Corrections
from projections.databases.views_database import TableGoneError
from projections.policy.in_force import PoliciesInForce, PolicyMissingError
from projections.policy.policy import shipped_policy
from projections.replay.knowledge import Knowledge
from projections.replay.ledger_as_of import LedgerAsOf
from projections.view_rows.as_known import FoundRows, HistoryMissingError, RowsAsKnown
from projections.view_rows.findings_feed import FindingsFeed
from projections.views.catalogue import VIEWS
from projections.views.query import QueryError
from services.previews.trial import unavailable
from services.replay.answering import no_bar
from services.replay.found_of_cases import cases_asked, found_of_cases
from services.replay.found_then import found_then
from services.replay.indexing import index_of
from services.replay.whole_play import WholePlay
from services.stores.views_places import FolderPlace
from services.views.asking import ask, unknown_view
from services.views.feeding import FeedingViews

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy
    from projections.replay.as_of import AsOf
    from projections.view_rows.history import ViewHistory
    from projections.view_rows.rows import ViewRows
    from projections.views.query import Query
    from projections.views.view import View
    from services.replay.answering import Bar
    from services.replay.basis import DistrictBasis
    from services.replay.indexing import Sources
    from services.views.asking import AskedBy, ViewPage

KEEP_INTERVALS: Final = frozenset({"roster", "absences", "numbers"})
"""Views whose rows say from when to when they hold, so that they can be asked as true at a moment."""
_BESIDE: Final[dict[str, tuple[str, ...]]] = {"absences": ("roster",), "desk": ("roster",)}
"""Views that others are read together with."""


def checked_view(name: str, as_of: AsOf) -> View:
    """Return a view that can be asked so; raise QueryError for one that is not there or keeps no intervals."""
    view = VIEWS.get(name)
    if view is None:
        raise unknown_view(name)
    if as_of.true_until is not None and name not in KEEP_INTERVALS:
        kept = "、".join(sorted(KEEP_INTERVALS))
        raise QueryError(
            "view.keeps_no_intervals",
            "true_at",
            f"视图 {name} 不记起止时间，只能问某日所知（known_at）；可问实情的有 {kept}。",
            f"The view {name} keeps no intervals and can only be asked as known (known_at); as true can be asked: "
            f"{', '.join(sorted(KEEP_INTERVALS))}.",
        )
    return view


class ViewAsOf:
    """Asks one view of a district as it stood at a moment; for one thread."""

    def __init__(
        self,
        ledger: LedgerReader,
        basis: DistrictBasis,
        district: str,
        as_of: AsOf,
        bar: Bar = no_bar,
        *,
        history: ViewHistory | None = None,
        sources: Sources | None = None,
    ) -> None:
        """Ask the history where there is one that reaches so far; it gives the same as what is fed anew.

        With `sources` it is asked for views that follow from findings, too.
        """
        self._ledger = LedgerAsOf(ledger, district, as_of)
        self._whole = ledger
        self._basis = basis
        self._district = district
        self._as_of = as_of
        self._bar = bar
        self._history = history
        self._sources = sources

    def page(self, name: str, query: Query, by: AskedBy) -> ViewPage:
        """Return one page; raise QueryError for a view or a question that cannot be asked so."""
        found = self.page_of_history(name, query, by)
        if found is not None:
            return found
        with self._fed(checked_view(name, self._as_of)) as rows:
            return ask(rows, self._ledger, name, self._district, query, by)

    def page_of_history(self, name: str, query: Query, by: AskedBy) -> ViewPage | None:
        """Return one page by the history of the view, whatever the length of the ledger; None where that cannot tell.

        Raise QueryError as `page` does.
        """
        view = checked_view(name, self._as_of)
        if self._history is None or self._as_of.true_until is not None:
            return None
        if view.of_finding is None:
            return self._page_by(view, query, by, {})
        if self._sources is None:
            return None
        found = found_then(self._sources, self._district, self._basis.judging.key, view, self._as_of)
        if found is not None:
            page = self._page_by(view, query, by, {name: found.rows})
            if page is not None and found.holds():
                return page
        of_cases = self._found_of_cases(self._sources, view, query)
        return None if of_cases is None else self._page_by(view, query, by, {name: of_cases})

    def _page_by(self, view: View, query: Query, by: AskedBy, found: Mapping[str, FoundRows]) -> ViewPage | None:
        assert self._history is not None  # noqa: S101  asked where there is one
        views = {one: VIEWS[one] for one in _together(view)}
        with self._beside() as place, place.rows() as beside, suppress(HistoryMissingError, TableGoneError):
            through = self._as_of.through
            rows = RowsAsKnown(
                self._history, self._ledger, self._district, through, views=views, beside=beside, found=found
            )
            return ask(rows, self._ledger, view.name, self._district, query, by)
        return None

    def _found_of_cases(self, sources: Sources, view: View, query: Query) -> FoundRows | None:
        """Return what was found of the cases that are asked for, judged anew; None where none are."""
        cases = cases_asked(view, query)
        if not cases:
            return None
        knowledge = Knowledge(self._whole, self._district, index_of(sources, self._district))
        return FoundRows(found_of_cases(knowledge, self._basis.by, view, cases, self._as_of))

    @contextmanager
    def _beside(self) -> Iterator[FolderPlace]:
        with tempfile.TemporaryDirectory(prefix="taizhang-view-") as folder:
            yield FolderPlace(Path(folder))

    @contextmanager
    def _fed(self, view: View) -> Iterator[ViewRows]:
        names = _together(view)
        with ExitStack() as opened:
            place = opened.enter_context(self._beside())
            rows = opened.enter_context(place.rows())
            findings = None
            if view.of_finding is not None:
                watched = opened.enter_context(closing(place.watch()))
                play = WholePlay(self._whole, self._district, self._basis.by, self._as_of, kept_in=watched)
                with self._bar("重放 replaying", self._as_of.through) as progressed:
                    play.play(progressed)
                findings = FindingsFeed(watched)
            feeding = FeedingViews(rows, self._ledger, findings, views={one: VIEWS[one] for one in names})
            with self._bar("视图 view", len(set(names)) * self._as_of.through) as progressed:
                feeding.catch_up(progressed)
            yield rows


def _together(view: View) -> tuple[str, ...]:
    """Return the views that are read for one."""
    return (view.name, "roster", *_BESIDE.get(view.name, ()))


def settings_then(facts: Iterable[AnyFact], find: FindPolicy, as_of: AsOf) -> Policy:
    """Return the house settings in force at a moment; raise LedgerUnavailableError when those adopted are not kept.

    `facts` are those that adopt settings, with the corrections that may strike one of them out.
    """
    corrections = Corrections(lambda _fact_id: None)
    policies = PoliciesInForce(shipped_policy(), find, corrections.struck)
    try:
        for fact in facts:
            if as_of.counts(fact):
                policies.take(fact)
                list(corrections.take(fact))
    except PolicyMissingError as missing:
        raise unavailable(missing) from missing
    return policies.at(as_of.hour)
