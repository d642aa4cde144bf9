"""Answering a replay as it is asked: of a case or a district, under what is in force or what is supposed."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from events.ledger import quietly
from services.replay.basis import supposing
from services.replay.district_replay import replayed_district
from services.replay.indexing import index_of, left_to_read
from services.replay.recomputing import ran_so_far, recomputed
from services.replay.replaying import replayed_case
from services.replay.supposing import History, what_if

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from projections.replay.answer import Replay
    from projections.replay.knowledge import Index
    from projections.replay.question import Reach
    from projections.replay.recomputation import Recomputation
    from projections.replay.what_if import WhatIf
    from rulebooks.loading import Rulebook
    from services.replay.basis import DistrictBasis
    from services.replay.indexing import Sources
    from services.replay.replaying import Asked


class Bar(Protocol):
    """Shows how far long work has come: what it is and how much there is to do; gives what is told of each part."""

    def __call__(self, what: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
        """Show it while the block runs."""
        ...


def no_bar(what: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:  # noqa: ARG001  shows none
    """Show nothing."""
    return nullcontext(quietly)


class Answering:
    """Answers replays of one district; for one thread."""

    def __init__(self, sources: Sources, basis: DistrictBasis, district: str, reach: Reach, bar: Bar = no_bar) -> None:
        self._sources = sources
        self._basis = basis
        self._district = district
        self._reach = reach
        self._bar = bar

    def answer(self, asked: Asked, supposed: Rulebook | None = None, *, recompute: bool = False) -> Replay:
        """Return the answer; raise NoSuchCaseError, or LedgerError where the ledger cannot be read or judged."""
        index = None if asked.case is None else self._index()
        if supposed is None:
            found = self._replayed(asked, index, self._basis)
        else:
            other = supposing(supposed)
            found = replace(self._replayed(asked, index, other), what_if=self._what_if(asked, index, other))
        return replace(found, recomputation=self._recomputed()) if recompute else found

    def _index(self) -> Index:
        with self._bar("通读 reading", left_to_read(self._sources, self._district)) as progressed:
            return index_of(self._sources, self._district, progressed)

    def _replayed(self, asked: Asked, index: Index | None, basis: DistrictBasis) -> Replay:
        ledger, district, reach = self._sources.ledger, self._district, self._reach
        if index is not None:
            return replayed_case(ledger, index, basis, district, asked, reach)
        times = 1 if asked.compared(asked.question) is None else 2
        with self._bar("重放 replaying", times * reach.head) as progressed:
            return replayed_district(ledger, basis, district, asked, reach, progressed)

    def _what_if(self, asked: Asked, index: Index | None, other: DistrictBasis) -> WhatIf:
        as_of = asked.question.as_of(self._reach)
        history = History(self._sources.ledger, self._district, as_of, asked.case, index)
        with self._bar("两种规则 both rulebooks", 2 * as_of.through if index is None else None) as progressed:
            return what_if(history, self._basis, other, progressed)

    def _recomputed(self) -> Recomputation:
        with self._bar("重新判定 recomputing", self._reach.head) as progressed:
            ran = ran_so_far(self._sources.views, self._district, self._basis.judging)
            return recomputed(self._sources.ledger, self._basis, self._district, self._reach, ran, progressed)
