"""Verifying an evidence package within the system: the same questions as `verify.py` asks, answered by other code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import msgspec
import orjson
from msgspec import Struct

from events.alert import AlertRaised
from events.checkpoint import Checkpoint, believed_checkpoint, checkpoint_of
from events.ledger import Anchor
from events.ledger_errors import LedgerError, Reason
from events.sealing import Algorithm, Frontier, HashFunction, envelope_of, hash_function, leaf_hash
from events.signed_note import NOTE, NoteError, VerifierKey, read_note, signed_at
from events.tree_proofs import inclusion_root, is_consistent
from services.evidence.package import FACTS, KEYS, MANIFEST, PROOFS, SEAL_OF_MANIFEST, SEALS
from services.evidence.wanted import FORMAT

_WITHHELD: Final = b"-"


class PackageProblem(Struct, frozen=True):
    """What is wrong with a package; `sequence` is that of the fact concerned, None for none."""

    sequence: int | None
    zh: str
    en: str


class PackageVerification(Struct, frozen=True, kw_only=True):
    """What verifying a package found; `first_bad` is the sequence of the first fact that is wrong."""

    district: str
    facts: int
    root: bytes
    problems: tuple[PackageProblem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def first_bad(self) -> int | None:
        """The sequence of the first fact that is wrong, None when none can be named."""
        return min((one.sequence for one in self.problems if one.sequence is not None), default=None)

    @property
    def reason(self) -> Reason | None:
        """The first problem, of the first bad fact when one can be named."""
        found = sorted(self.problems, key=lambda one: (one.sequence is None, one.sequence or 0))
        return Reason("evidence.changed", found[0].zh, found[0].en) if found else None


class _Rulebook(Struct, frozen=True):
    rulebook: str
    files: tuple[str, ...]


class _Vouched(Struct, frozen=True):
    file: str
    size: int
    consistency: tuple[str, ...]


class _Proofs(Struct, frozen=True, kw_only=True):
    """What stands in proofs.json."""

    algorithm: Algorithm
    district: str
    of: Literal["range", "case"]
    origin: str
    tree_size: int
    root: str
    before: tuple[str, ...]
    checkpoints: tuple[_Vouched, ...]
    rulebooks: tuple[_Rulebook, ...]
    policies: tuple[str, ...]
    first: int = msgspec.field(default=1, name="from")
    facts: int = 0


class _Listed(Struct, frozen=True):
    name: str
    sha256: str


class _Manifest(Struct, frozen=True):
    format: str
    files: tuple[_Listed, ...]


class _Sealed(Struct, frozen=True):
    """One line of seals.txt; `version` is None for a fact that is withheld."""

    sequence: int
    version: int | None
    leaf: bytes
    path: tuple[bytes, ...]


class _UnsoundError(Exception):
    """What stops a verification."""

    def __init__(self, sequence: int | None, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.problem = PackageProblem(sequence, zh, en)


def is_package(path: Path) -> bool:
    """Tell whether a path is the folder of an evidence package."""
    return path.is_dir() and (path / SEAL_OF_MANIFEST).exists() and (path / PROOFS).exists()


def keys_of_package(folder: Path) -> list[VerifierKey]:
    """Return the public keys that lie in a package; raise NoteError or OSError."""
    lines = (folder / KEYS).read_text(encoding="utf-8").split("\n")
    return [VerifierKey.from_text(line) for line in lines if line]


def verify_package(folder: Path, keys: Sequence[VerifierKey] = (), held: Sequence[Anchor] = ()) -> PackageVerification:
    """Verify a package; `keys` and `held` are the keys and roots that are known from elsewhere, if any."""
    checking = _Checking(folder, keys, held)
    try:
        checking.run()
    except _UnsoundError as error:
        checking.problems.append(error.problem)
    except (OSError, msgspec.MsgspecError, LedgerError, ValueError, KeyError, TypeError) as error:
        checking.problems.append(PackageProblem(None, f"证据包读不出来（{error}）", f"it cannot be read ({error})"))
    return PackageVerification(
        district=checking.district, facts=checking.facts, root=checking.root, problems=tuple(checking.problems)
    )


class _Checking:
    """One verification on its way."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey], held: Sequence[Anchor]) -> None:
        self.folder = folder
        self.held = tuple(held)
        self.outside = tuple(keys)
        self.problems: list[PackageProblem] = []
        self.district = ""
        self.facts = 0
        self.root = b""
        self.roots: dict[int, bytes] = {}
        self.cited: dict[tuple[str, str], int] = {}
        self.settings: dict[str, int] = {}

    def run(self) -> None:
        self._files()
        proofs = msgspec.json.decode(self._read(PROOFS).decode(), type=_Proofs)
        self.district = proofs.district
        checkpoints = self._checkpoints(proofs)
        digest = hash_function(proofs.algorithm)
        try:
            if proofs.of == "case":
                self._case(proofs, digest)
            else:
                sizes = {one.size for one, _ in checkpoints} | {one.size for one in self.held}
                self._range(proofs, digest, sizes)
            self.roots[proofs.tree_size] = self.root
        except _UnsoundError as error:
            self.problems.append(error.problem)
            checkpoints = [one for one in checkpoints if one[0].size in self.roots]
        for checkpoint, vouched in checkpoints:
            if not self._fits(checkpoint, vouched, proofs, digest):
                self._unfit(checkpoint, proofs, checkpoints)
                break
        self._against_held([one for one, _ in checkpoints])
        self._judged_by(proofs)

    def _files(self) -> None:
        """Compare every file with the manifest."""
        given = self._read(MANIFEST)
        if self._read(SEAL_OF_MANIFEST) != f"{hashlib.sha256(given).hexdigest()}  {MANIFEST}\n".encode():
            self._bad(None, "清单与其摘要不符", "the manifest has another hash")
        manifest = msgspec.json.decode(given.decode(), type=_Manifest)
        if manifest.format != FORMAT:
            raise _UnsoundError(None, f"格式不是 {FORMAT}", f"its format is not {FORMAT}")
        for listed in manifest.files:
            path = self._path(listed.name)
            try:
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                self._bad(None, f"{listed.name} 读不出（{error}）", f"{listed.name} cannot be read ({error})")
                continue
            if found != listed.sha256:
                self._bad(None, f"{listed.name} 与清单不符", f"{listed.name} is not what the manifest says")
        missing = {FACTS, SEALS, PROOFS, KEYS} - {one.name for one in manifest.files}
        if missing:
            self._bad(None, f"清单缺少 {sorted(missing)}", f"the manifest does not name {sorted(missing)}")

    def _range(self, proofs: _Proofs, digest: HashFunction, sizes: set[int]) -> None:
        frontier = Frontier(proofs.first - 1, tuple(bytes.fromhex(one) for one in proofs.before))
        if frontier.size.bit_count() != len(frontier.hashes):
            raise _UnsoundError(
                None, "此前各事实的散列个数不对", "there are not as many hashes before as there should be"
            )
        if frontier.size in sizes:
            self.roots[frontier.size] = frontier.root(digest)
        for sealed in self._sealed_facts(proofs.first, digest, one_by_one=True):
            frontier = frontier.extended(digest, sealed.leaf)
            if frontier.size in sizes:
                self.roots[frontier.size] = frontier.root(digest)
        self.root = frontier.root(digest)
        if frontier.size != proofs.tree_size:
            raise _UnsoundError(frontier.size + 1, "缺失", "missing")
        if self.root != bytes.fromhex(proofs.root):
            self._bad(None, "树根与 proofs.json 所述不符", "its root is not the one that proofs.json states")

    def _case(self, proofs: _Proofs, digest: HashFunction) -> None:
        self.root = bytes.fromhex(proofs.root)
        last = 0
        for sealed in self._sealed_facts(1, digest, one_by_one=False):
            last = sealed.sequence
            if inclusion_root(digest, last - 1, proofs.tree_size, sealed.leaf, sealed.path) != self.root:
                raise _UnsoundError(last, "不在所述的树中", "it is not in the tree that is stated")
        if self.facts != proofs.facts:
            raise _UnsoundError(last + 1, f"应有 {proofs.facts} 个事实", f"there should be {proofs.facts} facts")

    def _sealed_facts(self, first: int, digest: HashFunction, *, one_by_one: bool) -> Iterator[_Sealed]:
        """Give the seals, each compared with its fact; raise _UnsoundError at the first that does not fit."""
        due = first
        with (self.folder / SEALS).open("rb") as seals, (self.folder / FACTS).open("rb") as facts:
            for line in seals:
                sealed = _seal(line)
                in_order = sealed is not None and (sealed.sequence == due or (not one_by_one and sealed.sequence > due))
                if sealed is None or not in_order or (one_by_one and sealed.path):
                    raise _UnsoundError(due, "封存缺失、乱序或有误", "its seal is missing, out of order or wrong")
                self.facts += 1
                if sealed.version is not None:
                    self._fact(facts, sealed, sealed.version, digest)
                yield sealed
                due = sealed.sequence + 1
            if facts.readline():
                raise _UnsoundError(due, "多出未封存的事实", "there are facts that were never sealed")

    def _fact(self, facts: BinaryIO, sealed: _Sealed, version: int, digest: HashFunction) -> None:
        line = facts.readline()
        if not line:
            raise _UnsoundError(sealed.sequence, "缺失", "missing")
        payload = line.removesuffix(b"\n")
        try:
            fact: dict[str, Any] = orjson.loads(payload)
            subject = fact["subject"]
            case = f"{subject['kind']}/{subject['id']}"
            district, sequence, type_ = fact["district"], fact["sequence"], fact["type"]
            envelope = envelope_of(district, sequence, fact["recorded_at"], case, version, type_, fact["id"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise _UnsoundError(sealed.sequence, "不是一个事实", "this is no fact") from None
        if leaf_hash(digest, envelope, payload) != sealed.leaf:
            raise _UnsoundError(sealed.sequence, "内容与封存不符", "its content does not match its seal")
        if district != self.district or sequence != sealed.sequence:
            raise _UnsoundError(sealed.sequence, "封存的是另一号", "what is sealed is another fact")
        if type_ == AlertRaised.TYPE.name:
            data = fact["data"]
            self.cited.setdefault((data["rulebook"], data["rulebook_sha256"]), sequence)
            self.settings.setdefault(data["policy_sha256"], sequence)

    def _checkpoints(self, proofs: _Proofs) -> list[tuple[Checkpoint, _Vouched]]:
        """Return the checkpoints with a signature that holds, the smallest first."""
        lines = [line for line in self._read(KEYS).decode().split("\n") if line]
        known = [VerifierKey.from_text(line) for line in lines]
        found: list[tuple[Checkpoint, _Vouched]] = []
        vouched_outside = False
        for vouched in proofs.checkpoints:
            given = self._read(vouched.file)
            try:
                checkpoint = self._believed(given, proofs.origin, known)
            except NoteError as error:
                self._bad(None, f"{vouched.file}：{error.zh}", f"{vouched.file}: {error.en}")
                continue
            if checkpoint.size != vouched.size:
                self._bad(None, f"{vouched.file} 说的是另一棵树", f"{vouched.file} is about another tree")
                continue
            note = read_note(given)
            vouched_outside |= any(signed_at(note, key) is not None for key in self.outside)
            found.append((checkpoint, vouched))
        if self.outside and not vouched_outside:
            self._bad(None, "没有由所给公钥签署的检查点", "no checkpoint is signed with the key that was given")
        return sorted(found, key=lambda one: one[0].size)

    def _believed(self, given: bytes, origin: str, known: Sequence[VerifierKey]) -> Checkpoint:
        """Return a checkpoint that the ledger's key signed, with no wrong signature of a known key; raise NoteError."""
        note = read_note(given)
        for key in (*known, *self.outside):
            signed_at(note, key)
        own = [key for key in (*known, *self.outside) if key.kind == NOTE and key.name == origin]
        refused = NoteError("evidence.unsigned", "没有台账密钥的签名", "it is not signed by the ledger's key")
        for key in own:
            if signed_at(note, key) is not None:
                return believed_checkpoint(given, key)[0]
        checkpoint_of(note)
        raise refused

    def _fits(self, checkpoint: Checkpoint, vouched: _Vouched, proofs: _Proofs, digest: HashFunction) -> bool:
        path = tuple(bytes.fromhex(one) for one in vouched.consistency)
        if checkpoint.size in self.roots:
            return not path and self.roots[checkpoint.size] == checkpoint.root
        own, other = (proofs.tree_size, self.root), (checkpoint.size, checkpoint.root)
        old, new = (other, own) if checkpoint.size <= proofs.tree_size else (own, other)
        return is_consistent(digest, old, new, path)

    def _unfit(self, bad: Checkpoint, proofs: _Proofs, checkpoints: Sequence[tuple[Checkpoint, _Vouched]]) -> None:
        sound = max((one.size for one, _ in checkpoints if one.size < bad.size), default=0)
        first, last = max(sound + 1, proofs.first), min(bad.size, proofs.tree_size)
        self._bad(
            first,
            f"与签名的检查点（{bad.size} 个事实）不符：第 {first} 至 {last} 号中有事实被改动后重新封存",
            f"it does not fit the signed checkpoint of {bad.size} facts: one from {first} to {last} was changed and "
            "sealed anew",
        )

    def _against_held(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Compare with the roots that somebody holds outside: the package tells those in its range and at its end."""
        roots = {one.size: one.root for one in checkpoints} | self.roots
        for anchor in self.held:
            if anchor.size not in roots:
                zh, en = f"包内算不出第 {anchor.size} 号时的树根", f"it does not tell the root after fact {anchor.size}"
                self._bad(None, zh, en)
            elif roots[anchor.size] != anchor.root:
                zh = f"第 {anchor.size} 号时的树根与外部所存的检查点不符：此号或更早被改动"
                self._bad(anchor.size, zh, f"another root after fact {anchor.size} than the checkpoint held outside")

    def _judged_by(self, proofs: _Proofs) -> None:
        """Compare rulebooks and house settings with what the sealed alerts say they were judged by."""
        known = {self._rulebook_hash(one) for one in proofs.rulebooks}
        for (rulebook, sha256), sequence in self.cited.items():
            if sha256 not in known:
                self._bad(
                    sequence,
                    f"该预警所据的 {rulebook} 在判定后被改动",
                    f"{rulebook} was changed after this alert was judged",
                )
        policies = {hashlib.sha256(self._read(name)).hexdigest() for name in proofs.policies}
        for sha256, sequence in self.settings.items():
            if sha256 not in policies:
                self._bad(sequence, "该预警所据的内部设置不在包内", "the house settings of this alert are not there")

    def _rulebook_hash(self, rulebook: _Rulebook) -> str:
        first, *chapters = rulebook.files
        digest = hashlib.sha256(self._read(first))
        for name in chapters:
            digest.update(Path(name).name.encode() + b"\0" + self._read(name))
        return digest.hexdigest()

    def _read(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise _UnsoundError(None, f"{name} 读不出（{error}）", f"{name} cannot be read ({error})") from error

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise _UnsoundError(None, f"文件名不可用：{name[:100]}", f"this file name cannot be: {name[:100]}")
        return path

    def _bad(self, sequence: int | None, zh: str, en: str) -> None:
        self.problems.append(PackageProblem(sequence, zh, en))


def _seal(line: bytes) -> _Sealed | None:
    """Read a line of seals.txt; None for one that is no seal."""
    try:
        sequence, version, leaf, *path = line.removesuffix(b"\n").split(b" ")
        return _Sealed(
            int(sequence),
            None if version == _WITHHELD else int(version),
            bytes.fromhex(leaf.decode()),
            tuple(bytes.fromhex(one.decode()) for one in path),
        )
    except ValueError:
        return None
