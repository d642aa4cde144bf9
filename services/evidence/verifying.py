"""Verifying an evidence package within the system: the same questions as `verify.py` asks, answered by other code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from events.growing_tree import extended
from events.ledger import Anchor
from events.ledger_errors import LedgerError
from events.sealing import Frontier, hash_function, hash_start
from events.signed_note import VerifierKey
from events.tree_proofs import inclusion_root
from services.evidence.checkpoints_inside import first_unfit, signed_checkpoints, unlike_held
from services.evidence.package import KEYS, PROOFS, SEAL_OF_MANIFEST
from services.evidence.package_files import PackageFiles, Proofs, listed_keys
from services.evidence.sealed_lines import SealedLines
from services.evidence.verified import PackageProblem, PackageVerification, UnsoundError

_LEAVES_AT_ONCE: Final = 1_024


def is_package(path: Path) -> bool:
    """Tell whether a path is the folder of an evidence package."""
    return path.is_dir() and (path / SEAL_OF_MANIFEST).exists() and (path / PROOFS).exists()


def keys_of_package(folder: Path) -> list[VerifierKey]:
    """Return the public keys that lie in a package; raise NoteError or OSError."""
    return listed_keys((folder / KEYS).read_bytes())


def verify_package(folder: Path, keys: Sequence[VerifierKey] = (), held: Sequence[Anchor] = ()) -> PackageVerification:
    """Verify a package; `keys` and `held` are the keys and roots that are known from elsewhere, if any."""
    checking = _Checking(folder, keys, held)
    try:
        checking.run()
    except UnsoundError as error:
        checking.problems.append(error.problem)
    except (OSError, msgspec.MsgspecError, LedgerError, ValueError, KeyError, TypeError) as error:
        checking.problems.append(PackageProblem(None, f"证据包读不出来（{error}）", f"it cannot be read ({error})"))
    return PackageVerification(
        district=checking.district, facts=checking.facts, root=checking.root, problems=tuple(checking.problems)
    )


class _Checking:
    """One verification on its way."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey], held: Sequence[Anchor]) -> None:
        self.files = PackageFiles(folder)
        self.held = tuple(held)
        self.outside = tuple(keys)
        self.problems: list[PackageProblem] = []
        self.district = ""
        self.root = b""
        self.roots: dict[int, bytes] = {}
        self.lines: SealedLines | None = None

    @property
    def facts(self) -> int:
        """How many seals were looked at."""
        return 0 if self.lines is None else self.lines.taken

    def run(self) -> None:
        self.files.compare_with_manifest(self._bad)
        proofs = self.files.proofs()
        self.district = proofs.district
        checkpoints = signed_checkpoints(self.files, proofs, self.outside, self._bad)
        digest = hash_function(proofs.algorithm)
        self.lines = SealedLines(self.files, proofs.district, digest)
        try:
            if proofs.of == "case":
                self._case(proofs, self.lines)
            else:
                self._range(proofs, self.lines, {one.size for one, _ in checkpoints} | {one.size for one in self.held})
            self.roots[proofs.tree_size] = self.root
        except UnsoundError as error:
            self.problems.append(error.problem)
            checkpoints = [one for one in checkpoints if one[0].size in self.roots]
        unfit = first_unfit(checkpoints, proofs, self.roots, self.root, digest)
        if unfit is not None:
            self.problems.append(unfit)
        unlike_held(self.held, checkpoints, self.roots, self._bad)
        self._judged_by(proofs, self.lines)

    def _range(self, proofs: Proofs, lines: SealedLines, sizes: set[int]) -> None:
        """Compute the root after all facts, and those of the sizes asked for."""
        start, digest = hash_start(proofs.algorithm), hash_function(proofs.algorithm)
        frontier = Frontier(proofs.first - 1, tuple(bytes.fromhex(one) for one in proofs.before))
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

    def _judged_by(self, proofs: Proofs, lines: SealedLines) -> None:
        """Compare rulebooks and house settings with what the sealed alerts say they were judged by."""
        known = {self.files.rulebook_hash(one) for one in proofs.rulebooks}
        for (rulebook, sha256), sequence in lines.rulebooks.items():
            if sha256 not in known:
                self._bad(
                    sequence,
                    f"该预警所据的 {rulebook} 在判定后被改动",
                    f"{rulebook} was changed after this alert was judged",
                )
        policies = {hashlib.sha256(self.files.read(name)).hexdigest() for name in proofs.policies}
        for sha256, sequence in lines.policies.items():
            if sha256 not in policies:
                self._bad(sequence, "该预警所据的内部设置不在包内", "the house settings of this alert are not there")

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
