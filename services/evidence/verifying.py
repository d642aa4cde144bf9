"""Verifying an evidence package within the system: the same questions as `verify.py` asks, answered by other code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from events.ledger.errors import LedgerError
from events.ledger.port import Anchor
from events.tree.growing import extended
from events.tree.proofs import inclusion_root
from events.tree.sealing import Frontier, hash_function, hash_start
from events.tree.signed_note import VerifierKey
from projections.watch.adoption import rulebook_case
from services.evidence.checkpoints_inside import first_unfit, signed_checkpoints, unlike_held
from services.evidence.package import KEYS, MANIFEST, PROOFS, SEAL_OF_MANIFEST, SEALS
from services.evidence.package_files import PackageFiles, Proofs, RulebookFiles, listed_keys
from services.evidence.sealed_lines import SealedLines
from services.evidence.verified import PackageProblem, PackageVerification, UnsoundError
from services.recording.embedded import LEDGER_FILE

_LEAVES_AT_ONCE: Final = 1_024
_RULEBOOK: Final = "rulebook/"
_UNREADABLE: Final = (
    OSError,
    msgspec.MsgspecError,
    LedgerError,
    ValueError,
    LookupError,
    TypeError,
    RecursionError,
    MemoryError,
)
"""What reading a package may raise that somebody made up."""


def is_package(path: Path) -> bool:
    """Tell whether a path is the folder of an evidence package, one of whose files may be gone."""
    if not path.is_dir() or (path / LEDGER_FILE).exists():
        return False  # a back-up has a manifest too
    return any(os.path.lexists(path / name) for name in (SEAL_OF_MANIFEST, MANIFEST, PROOFS, SEALS))


def keys_of_package(folder: Path) -> list[VerifierKey]:
    """Return the public keys that lie in a package; raise NoteError or UnsoundError."""
    return listed_keys(PackageFiles(folder).read(KEYS))


def verify_package(
    folder: Path, keys: Sequence[VerifierKey] = (), held: Sequence[Anchor] = (), manifest: str | None = None
) -> PackageVerification:
    """Verify a package; keys, roots and the hash of its manifest are those known from elsewhere, if any."""
    checking = _Checking(folder, keys, held, manifest)
    try:
        checking.run()
    except UnsoundError as error:
        checking.problems.append(error.problem)
    except _UNREADABLE as error:
        checking.problems.append(PackageProblem(None, f"证据包读不出来（{error}）", f"it cannot be read ({error})"))
    return PackageVerification(
        district=checking.district,
        facts=checking.facts,
        root=checking.root,
        problems=tuple(checking.problems),
        notes=tuple(checking.notes),
    )


class _Checking:
    """One verification on its way."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey], held: Sequence[Anchor], manifest: str | None) -> None:
        self.files = PackageFiles(folder)
        self.manifest = manifest
        self.notes: list[tuple[str, str]] = []
        self.held = tuple(held)
        self.outside = tuple(keys)
        self.problems: list[PackageProblem] = []
        self.district = ""
        self.root = b""
        self.roots: dict[int, bytes] = {}
        self.lines: SealedLines | None = None
        self.broken = False

    @property
    def facts(self) -> int:
        """How many seals were looked at."""
        return 0 if self.lines is None else self.lines.taken

    def run(self) -> None:
        proofs = self.files.proofs()
        self.district = proofs.district
        self.files.compare_with_manifest(proofs, self._bad, self.manifest)
        self.notes += [
            (f"{name!r} 不属于证据包，未核验", f"{name!r} is no part of the package and proves nothing")
            for name in self.files.strangers()
        ]
        checkpoints = signed_checkpoints(self.files, proofs, self.outside, self._bad)
        if not proofs.checkpoints:
            self.notes.append(("没有签名的检查点，无人作保", "there is no signed checkpoint, so nobody vouches for it"))
        digest = hash_function(proofs.algorithm)
        self.lines = SealedLines(self.files, proofs.district, digest, proofs.case if proofs.of == "case" else None)
        try:
            if proofs.of == "case":
                self._case(proofs, self.lines)
            else:
                self._range(proofs, self.lines, {one.size for one, _ in checkpoints} | {one.size for one in self.held})
            self.roots[proofs.tree_size] = self.root
        except UnsoundError as error:
            self.problems.append(error.problem)
            self.broken = True
            checkpoints = [one for one in checkpoints if one[0].size in self.roots]
        unfit = first_unfit(checkpoints, proofs, self.roots, self.root, digest)
        if unfit is not None:
            self.problems.append(unfit)
        unlike_held(self.held, checkpoints, self.roots, self._bad)
        self._judged_by(proofs, self.lines)

    def _range(self, proofs: Proofs, lines: SealedLines, sizes: set[int]) -> None:
        """Compute the root after all facts, and those of the sizes asked for."""
        start, digest = hash_start(proofs.algorithm), hash_function(proofs.algorithm)
        frontier = Frontier(proofs.begins_at - 1, tuple(bytes.fromhex(one) for one in proofs.before))
        if frontier.size.bit_count() != len(frontier.hashes):
            raise UnsoundError(
                None, "此前各事实的散列个数不对", "there are not as many hashes before as there should be"
            )
        if frontier.size in sizes:
            self.roots[frontier.size] = frontier.root(digest)
        for leaves in _until(sizes, frontier.size, lines):
            frontier = extended(start, frontier, leaves)
            if frontier.size in sizes:
                self.roots[frontier.size] = frontier.root(digest)
        self.root = frontier.root(digest)
        if frontier.size != proofs.tree_size:
            raise UnsoundError(frontier.size + 1, "缺失", "missing")
        if self.root != bytes.fromhex(proofs.root):
            self._bad(None, "树根与 proofs.json 所述不符", "its root is not the one that proofs.json states")

    def _case(self, proofs: Proofs, lines: SealedLines) -> None:
        digest = hash_function(proofs.algorithm)
        self.root = bytes.fromhex(proofs.root)
        last = 0
        for sealed in lines.compared(1, one_by_one=False):
            last = sealed.sequence
            if inclusion_root(digest, last - 1, proofs.tree_size, sealed.leaf, sealed.path) != self.root:
                raise UnsoundError(last, "不在所述的树中", "it is not in the tree that is stated")
        if lines.taken != proofs.facts:
            raise UnsoundError(last + 1, f"应有 {proofs.facts} 个事实", f"there should be {proofs.facts} facts")
        self.notes.append(
            (
                "只证明所列的事实在账册中，此外还有没有不由本包证明",
                "that there are no other facts of the case is not proved",
            )
        )
        if lines.turns.lacks_its_case:
            raise UnsoundError(1, "缺少本案卷的事实", "the facts of the case are missing")

    def _judged_by(self, proofs: Proofs, lines: SealedLines) -> None:
        """Compare rulebooks and house settings with what the sealed alerts say they were judged by."""
        known = {(f"{_RULEBOOK}{rulebook_case(one.rulebook)}", self._hashed(one)) for one in proofs.rulebooks}
        for (rulebook, sha256), sequence in lines.rulebooks.items():
            if (rulebook, sha256) not in known:
                self._bad(
                    sequence,
                    f"该预警所据的 {rulebook} 在判定后被改动",
                    f"{rulebook} was changed after this alert was judged",
                )
        self.notes += [
            (
                f"{name} 没有被本包的预警引用，其文本不由封存证明",
                f"no alert here cites {name}, so no seal proves its text",
            )
            for name in sorted({name for name, _ in known} - {name for name, _ in lines.rulebooks})
            if not self.broken
        ]
        policies = {hashlib.sha256(self.files.read(name)).hexdigest() for name in proofs.policies}
        for sha256, sequence in lines.policies.items():
            if sha256 not in policies:
                self._bad(sequence, "该预警所据的内部设置不在包内", "the house settings of this alert are not there")

    def _hashed(self, rulebook: RulebookFiles) -> str | None:
        try:
            return self.files.rulebook_hash(rulebook)
        except UnsoundError as error:
            self.problems.append(error.problem)
            return None

    def _bad(self, sequence: int | None, zh: str, en: str) -> None:
        self.problems.append(PackageProblem(sequence, zh, en))


def _until(sizes: set[int], before: int, lines: SealedLines) -> Iterator[list[bytes]]:
    """Give the leaves of a range as many at a time as lie before the next of the sizes."""
    leaves: list[bytes] = []
    for sealed in lines.compared(before + 1, one_by_one=True):
        leaves.append(sealed.leaf)
        if len(leaves) == _LEAVES_AT_ONCE or sealed.sequence in sizes:
            yield leaves
            leaves = []
    if leaves:
        yield leaves
