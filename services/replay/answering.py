"""Answering a replay as it is asked: of a case or a district, under what is in force or what is supposed."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from events.ledger.port import quietly
from projections.replay.knowledge import Knowledge
from services.replay.basis import supposing
from services.replay.indexing import index_of, left_to_read
from services.replay.replaying import replayed_case
from services.replay.supposing import Ruled, ruled_case, what_if

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from projections.replay.answer import Replay
    from projections.replay.knowledge import Index
    from projections.replay.question import Reach
    from projections.replay.recomputation import Recomputation
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
        other = None if supposed is None else supposing(supposed)
        found = self._of_district(asked, other) if asked.case is None else self._of_case(asked, asked.case, other)
        return replace(found, recomputation=self._recomputed()) if recompute else found

    def _of_case(self, asked: Asked, case: str, other: DistrictBasis | None) -> Replay:
        index, ledger = self._index(), self._sources.ledger
        found = replayed_case(ledger, index, other or self._basis, self._district, asked, self._reach)
        if other is None:
            return found
        knowledge = Knowledge(ledger, self._district, index)
        as_of = asked.question.as_of(self._reach)
        ruled = (
            ruled_case(knowledge, ledger, self._basis, case, as_of),
            ruled_case(knowledge, ledger, other, case, as_of),
        )
        return replace(found, what_if=what_if((self._basis, other), ruled))

    def _of_district(self, asked: Asked, other: DistrictBasis | None) -> Replay:
        from services.replay.district_replay import WholeDistrict  # noqa: PLC0415  a case is replayed without, and sooner

        moments = 1 if asked.compared(asked.question) is None else 2
        with self._bar("重放 replaying", (moments + (other is not None)) * self._reach.head) as progressed:
            whole = WholeDistrict(self._sources.ledger, self._district, self._reach, progressed)
            now = whole.stands(other or self._basis, asked.question)
            found = whole.replay(other or self._basis, asked, now)
            if other is None:
                return found
            before = whole.stands(self._basis, asked.question)
            ruled = (Ruled(before.judged, before.world.roster), Ruled(now.judged, now.world.roster))
            return replace(found, what_if=what_if((self._basis, other), ruled))

    def _index(self) -> Index:
        with self._bar("通读 reading", left_to_read(self._sources, self._district)) as progressed:
            return index_of(self._sources, self._district, progressed)

    def _recomputed(self) -> Recomputation:
        from services.replay.recomputing import ran_so_far, recomputed  # noqa: PLC0415  as above

        with self._bar("重新判定 recomputing", self._reach.head) as progressed:
            ran = ran_so_far(self._sources.views, self._district, self._basis.judging)
            return recomputed(self._sources.ledger, self._basis, self._district, self._reach, ran, progressed)
