"""Verifying a whole ledger: every seal, every checkpoint that is kept beside it, and those that somebody else holds."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from events.fields import DISTRICT
from events.ledger.errors import LedgerUnusableError, Reason
from events.ledger.port import Verification, quietly
from events.tree.signed_note import NoteError
from services.proving.checkpoint_folder import CHECKPOINTS, CheckpointFolder
from services.proving.checkpointing import KEY_FILE, verifier_key
from services.proving.rulebooks_then import ChangedRulebook, changed_rulebooks
from services.proving.since import Held, held_checkpoint, read_checkpoint_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from events.ledger.port import LedgerReader
    from events.ledger.sealed_facts import SealedReader
    from events.tree.signed_note import VerifierKey


STRAY: Final = "?"
"""Stands in the place of a district for what is stored and belongs to none."""
_is_district: Final = re.compile(DISTRICT).match
_STRAY: Final = Reason(
    "ledger.stray_rows",
    "账册中有不属于任何区县事实的行，或账首与所存的行数不符：有人直接写过表；请保全现场，并与备份核对。",
    "There are rows that are no district's facts, or the heads count others than are stored: somebody wrote to the "
    "tables. Preserve it and compare with backups.",
)
_LED_ASTRAY: Final = Reason(
    "ledger.leads_astray",
    "所存的事实与封存相符，但账册的表或索引与本系统所建的不同：按案卷查阅时可能看不到其中一些，或看到别的；有人动过账册文件，"
    "或文件损坏；请保全现场，改用备份，或以导出的证据包查阅。",
    "The stored facts are as sealed, but the tables or indexes are not those of a ledger: who reads a case may miss "
    "some of them or be shown others. Somebody worked on the ledger itself, or it is damaged. Preserve it, and read a "
    "backup or an evidence package.",
)


class DistrictVerified:
    """What verifying a district found; `held` are the checkpoints it was compared with, `fault` a bad one of them.

    `rulebooks` are those whose files are not the ones that judged any more.
    """

    def __init__(
        self,
        found: Verification,
        held: Sequence[Held],
        fault: Reason | None,
        rulebooks: Sequence[ChangedRulebook] = (),
    ) -> None:
        self.found = found
        self.held = tuple(held)
        self.fault = fault
        self.rulebooks = tuple(rulebooks)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.found.ok and self.fault is None and not self.rulebooks

    @property
    def first_bad(self) -> int | None:
        """The first fact that is missing, changed, or rests on a rulebook that was changed."""
        resting = min((one.sequence for one in self.rulebooks), default=None)
        return resting if self.found.first_bad is None else self.found.first_bad

    @property
    def reason(self) -> Reason | None:
        """Why it is not as it was sealed."""
        return self.found.reason or self.fault or (_of_rulebook(self.rulebooks[0]) if self.rulebooks else None)


def verify_ledger(
    reader: SealedReader,
    since: Sequence[Held],
    kept_in: Mapping[str, tuple[CheckpointFolder, VerifierKey]],
    progressed: Callable[[int], None] = quietly,
) -> dict[str, DistrictVerified]:
    """Verify every district of which something is stored, or a checkpoint speaks; STRAY stands for what is of none."""
    districts = sorted({*reader.named_districts(), *kept_in, *(one.district for one in since)})
    found: dict[str, DistrictVerified] = {}
    for district in districts:
        held = [one for one in since if one.district == district]
        kept, fault = _kept(*kept_in[district]) if district in kept_in else ([], None)
        held += kept
        verified = reader.verify(district, [one.anchor() for one in held], progressed)
        found[district] = DistrictVerified(verified, held, fault)
    if all(one.ok for one in found.values()):
        beyond = _STRAY if not reader.adds_up() else None if reader.leads_true() else _LED_ASTRAY
        if beyond is not None:
            found[STRAY] = DistrictVerified(Verification(ok=False, facts=0, root=b"", reason=beyond), (), None)
    return found


def own_checkpoints(
    reader: SealedReader, data: Path, installation: str, *, of_all: bool = True
) -> dict[str, tuple[CheckpointFolder, VerifierKey]]:
    """Return where the checkpoints of each district are kept beside a ledger, with the key that they are checked by.

    That is the house's own where it can be read, else the public one that was filed beside them; a district without
    either is left out, and so is one whose head cannot be read, which verifying says. `of_all` counts also districts
    that have checkpoints and no facts. Raise NoteError for a key that cannot be used.
    """
    own: dict[str, tuple[CheckpointFolder, VerifierKey]] = {}
    kept = {path.parent.name for path in (data / CHECKPOINTS).glob("*/*.checkpoint")} if of_all else set()
    for district in sorted({*reader.named_districts(), *kept}):
        if not _is_district(district):
            continue
        folder = CheckpointFolder(data, district)
        key = folder.public_key()
        if os.access(data / KEY_FILE, os.R_OK):
            try:
                head = reader.head(district)
            except LedgerUnusableError:
                continue
            house = verifier_key(data, installation, head)
            key = house if key is None else replace(key, public=house.public)
        if key is not None:
            own[district] = (folder, key)
    return own


def with_rulebooks(
    reader: LedgerReader, found: Mapping[str, DistrictVerified], progressed: Callable[[int], None] = quietly
) -> dict[str, DistrictVerified]:
    """Add to what was found whether the rulebooks are still those that judged; raise RulebookError, LedgerError.

    A district whose seals are broken is left as it is: what it says of rulebooks is worth nothing.
    """
    return {
        district: DistrictVerified(
            one.found, one.held, one.fault, changed_rulebooks(reader, district, progressed=progressed)
        )
        if one.found.ok
        else one
        for district, one in found.items()
    }


def _of_rulebook(changed: ChangedRulebook) -> Reason:
    return Reason(
        "rulebook.changed",
        f"第 {changed.sequence} 号事实依据的规则书 {changed.rulebook}（{changed.then}）"
        f"与现有文件（{changed.now or '无'}）不同：判定之后规则书被改动；请核对改动，只加失效日期的为正常。",
        f"Fact {changed.sequence} rests on the rulebook {changed.rulebook} ({changed.then}), and the files are others "
        f"({changed.now or 'none'}): it was changed after it had judged. See what was changed; an end date alone is "
        "usual.",
    )


def _kept(folder: CheckpointFolder, key: VerifierKey) -> tuple[list[Held], Reason | None]:
    """Return the checkpoints of a folder whose signatures match, and what is wrong with the first that does not."""
    held: list[Held] = []
    fault = None
    for size in folder.sizes():
        path = folder.file_of(size)
        if not path.is_file():
            fault = fault or _missing(path)
            continue
        try:
            one = held_checkpoint(read_checkpoint_file(path), [key])
            if one.checkpoint.size != size:
                fault = fault or _misplaced(path)
            held.append(one)
        except NoteError as error:
            fault = fault or Reason(error.code, f"{path}：{error.zh}", f"{path}: {error.en}")
    return held, fault


def _missing(path: Path) -> Reason:
    return Reason(
        "checkpoint.missing",
        f"{path} 应是检查点，而没有这个文件，或不是普通文件：被拿走或换过；请保全现场，并与外部所存的检查点核对。",
        f"{path} should be a checkpoint, and there is no such file or no ordinary one: it was taken away or replaced. "
        "Preserve it and compare with what is kept outside.",
    )


def _misplaced(path: Path) -> Reason:
    return Reason(
        "checkpoint.misplaced",
        f"{path} 中是另一个大小的检查点，文件被换过；请保全现场，并与外部所存的检查点核对。",
        f"{path} holds a checkpoint of another size: the file was replaced. Preserve it and compare with what is kept "
        "outside.",
    )
