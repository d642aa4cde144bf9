"""Judging a history by another rulebook, a shipped version or a draft in a folder, beside what is in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from projections.replay.case_standing import stands
from projections.replay.knowledge import Knowledge
from projections.replay.what_if import Ruling, WhatIf, changed_findings
from rulebooks.loading import RULEBOOK_FILE, load_rulebook, rulebooks_of, shipped_districts
from rulebooks.problems import RulebookError
from services.not_done import NotDoneError
from services.replay.replaying import COUNTED_FOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.ledger.port import LedgerReader
    from projections.replay.as_of import AsOf
    from projections.replay.case_standing import Judged
    from rulebooks.loading import Rulebook
    from rulebooks.record.roster import Roster
    from services.replay.basis import DistrictBasis


class NoSuchRulebookError(NotDoneError):
    """There is no such rulebook, or it cannot be used."""


def supposed_rulebook(named: str, district: str) -> Rulebook:
    """Return a shipped version by name, or the draft in a folder; raise NoSuchRulebookError."""
    folder = Path(named)
    if (folder / RULEBOOK_FILE).is_file():
        try:
            return load_rulebook(folder.absolute())
        except RulebookError as error:
            raise NoSuchRulebookError(
                "replay.draft_has_faults",
                f"{error}\n规则书草案 {named} 有错误，不能用来判定；请先改正。",
                f"The draft {named} has faults and cannot be judged by; mend them first.",
            ) from error
    shipped = rulebooks_of(district) if district in shipped_districts() else []
    for one in shipped:
        if one.name == named:
            return one
    known = "、".join(one.name for one in shipped)
    raise NoSuchRulebookError(
        "replay.no_such_rulebook",
        f"没有规则书 {named}，无从假设；可用 {known}，或含 {RULEBOOK_FILE} 的文件夹。",
        f"There is no rulebook {named} to judge by: use {known}, or a folder with a {RULEBOOK_FILE}.",
    )


class Ruled(NamedTuple):
    """What some rulebooks say of a history, and the roster by which it is told."""

    judged: Sequence[Judged]
    roster: Roster


def ruled_case(knowledge: Knowledge, ledger: LedgerReader, basis: DistrictBasis, case: str, as_of: AsOf) -> Ruled:
    """Return what some rulebooks say of a case; of a unit or a person by playing the whole ledger."""
    if case.partition("/")[0] in COUNTED_FOR:
        from services.replay.whole_play import WholePlay  # noqa: PLC0415  few are replayed whole, and others start sooner

        played = WholePlay(ledger, knowledge.district, basis.by, as_of, satisfied=True).play()
        return Ruled([one for one in played.judged if one[1].subject == case], played.watch.world.roster)
    standing = stands(knowledge, basis.by, case, as_of)
    return Ruled(standing.judged, standing.world.roster)


def what_if(bases: tuple[DistrictBasis, DistrictBasis], ruled: tuple[Ruled, Ruled]) -> WhatIf:
    """Return what changes from what is in force to a rulebook that had ruled all along, given what both say."""
    (basis, other), (before, after) = bases, ruled
    since = min(one.since for one in other.rulebooks)
    return WhatIf(
        in_force=_ruling(basis, before.judged),
        supposed=_ruling(other, after.judged),
        changed=changed_findings(before.judged, after.judged, (before.roster, after.roster), since),
    )


def _ruling(basis: DistrictBasis, judged: Sequence[Judged]) -> Ruling:
    violated = sum(one.state == "violated" for _, one in judged)
    return Ruling(rulebooks=tuple(one.name for one in basis.rulebooks), violated=violated)
