"""Judging a history by another rulebook, a shipped version or a draft in a folder, beside what is in force."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from events.ledger import quietly
from projections.replay.case_standing import stands
from projections.replay.knowledge import Knowledge
from projections.replay.what_if import Ruling, WhatIf, changed_findings
from rulebooks.loading import RULEBOOK_FILE, load_rulebook, rulebooks_of, shipped_districts
from rulebooks.problems import RulebookError
from services.replay.replaying import COUNTED_FOR
from services.replay.whole_play import WholePlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.ledger import LedgerReader
    from projections.replay.as_of import AsOf
    from projections.replay.case_standing import Judged
    from projections.replay.knowledge import Index
    from rulebooks.loading import Rulebook
    from rulebooks.roster import Roster
    from services.replay.basis import DistrictBasis


class NoSuchRulebookError(LookupError):
    """There is no such rulebook, or it cannot be used; the message says why and what to do."""


def supposed_rulebook(named: str, district: str) -> Rulebook:
    """Return a shipped version by name, or the draft in a folder; raise NoSuchRulebookError."""
    folder = Path(named)
    if (folder / RULEBOOK_FILE).is_file():
        try:
            return load_rulebook(folder.absolute())
        except RulebookError as error:
            raise NoSuchRulebookError(
                f"规则书草案 {named} 有错误，不能用来判定，请先改正：{error} / "
                f"The draft {named} has faults; mend them first."
            ) from error
    shipped = rulebooks_of(district) if district in shipped_districts() else []
    for one in shipped:
        if one.name == named:
            return one
    known = "、".join(one.name for one in shipped)
    raise NoSuchRulebookError(
        f"没有规则书 {named}；可用 {known}，或含 {RULEBOOK_FILE} 的文件夹。 / "
        f"There is no rulebook {named}: use {known}, or a folder with a {RULEBOOK_FILE}."
    )


@dataclass(frozen=True)
class History:
    """Which history is judged: of a district, or of a case with the index for it, as far as it counts."""

    ledger: LedgerReader
    district: str
    as_of: AsOf
    case: str | None = None
    index: Index | None = None

    def judged(self, basis: DistrictBasis, progressed: Callable[[int], None] = quietly) -> Ruled:
        """Return how it stands by some rulebooks."""
        if self.case is None or self.index is None or self.case.partition("/")[0] in COUNTED_FOR:
            played = WholePlay(self.ledger, self.district, basis.by, self.as_of, satisfied=True).play(progressed)
            judged = [one for one in played.judged if self.case is None or one[1].subject == self.case]
            return Ruled(judged, played.watch.world.roster)
        standing = stands(Knowledge(self.ledger, self.district, self.index), basis.by, self.case, self.as_of)
        return Ruled(standing.judged, standing.world.roster)


class Ruled(NamedTuple):
    """What some rulebooks say of a history, and the roster by which it is told."""

    judged: Sequence[Judged]
    roster: Roster


def what_if(
    history: History, basis: DistrictBasis, other: DistrictBasis, progressed: Callable[[int], None] = quietly
) -> WhatIf:
    """Return what changes where another rulebook had ruled all along; the history is judged twice."""
    before, after = history.judged(basis, progressed), history.judged(other, progressed)
    since = min(one.since for one in other.rulebooks)
    return WhatIf(
        in_force=_ruling(basis, before.judged),
        supposed=_ruling(other, after.judged),
        changed=changed_findings(before.judged, after.judged, (before.roster, after.roster), since),
    )


def _ruling(basis: DistrictBasis, judged: Sequence[Judged]) -> Ruling:
    violated = sum(one.state == "violated" for _, one in judged)
    return Ruling(rulebooks=tuple(one.name for one in basis.rulebooks), violated=violated)
