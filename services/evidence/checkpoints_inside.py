"""The checkpoints of an evidence package: which of them are signed, and which the tree of the package fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from events.ledger.port import Anchor
from events.tree.checkpoint import Checkpoint, believed_checkpoint, checkpoint_of
from events.tree.proofs import is_consistent
from events.tree.sealing import HashFunction
from events.tree.signed_note import NOTE, NoteError, VerifierKey, read_note, signed_at
from services.evidence.package import KEYS
from services.evidence.package_files import PackageFiles, Proofs, Vouched, listed_keys
from services.evidence.verified import Bad, PackageProblem

Signed = tuple[Checkpoint, Vouched]


def signed_checkpoints(files: PackageFiles, proofs: Proofs, outside: Sequence[VerifierKey], bad: Bad) -> list[Signed]:
    """Return the checkpoints with a signature that holds, the smallest first."""
    known = [*listed_keys(files.read(KEYS)), *outside]
    found: list[Signed] = []
    reach = 0
    for vouched in proofs.checkpoints:
        given = files.read(vouched.file)
        try:
            checkpoint = _believed(given, proofs.origin, known)
        except NoteError as error:
            bad(None, f"{vouched.file}：{error.zh}", f"{vouched.file}: {error.en}")
            continue
        if checkpoint.size != vouched.size:
            bad(None, f"{vouched.file} 说的是另一棵树", f"{vouched.file} is about another tree")
            continue
        note = read_note(given)
        if not outside or any(signed_at(note, key) is not None for key in outside):
            reach = checkpoint.size
        found.append((checkpoint, vouched))
    if outside and not reach:
        bad(None, "没有由所给公钥签署的检查点", "no checkpoint is signed with the key that was given")
    if 0 < reach < proofs.tree_size:
        zh, en = f"第 {reach + 1} 号起没有可信的检查点作保", f"from fact {reach + 1} on no checkpoint vouches for them"
        bad(None, f"{zh}：检查点被拿走或换过", f"{en}: it was taken away or replaced")
    return sorted(found, key=lambda one: one[0].size)


def _believed(given: bytes, origin: str, known: Sequence[VerifierKey]) -> Checkpoint:
    """Return a checkpoint that the ledger's key signed, with no wrong signature of a known key; raise NoteError."""
    note = read_note(given)
    for key in known:
        signed_at(note, key)
    for key in known:
        if key.kind == NOTE and key.name == origin and signed_at(note, key) is not None:
            return believed_checkpoint(given, key)[0]
    checkpoint_of(note)
    raise NoteError("evidence.unsigned", "没有账册密钥的签名", "it is not signed by the ledger's key")


def first_unfit(
    checkpoints: Sequence[Signed], proofs: Proofs, roots: Mapping[int, bytes], root: bytes, digest: HashFunction
) -> PackageProblem | None:
    """Return what is wrong with the first checkpoint that the tree of the package does not fit.

    `roots` are those that were computed on the way, by size; `root` is that of the whole.
    """
    for checkpoint, vouched in checkpoints:
        if not _fits(checkpoint, vouched, (proofs.tree_size, root), roots, digest):
            return _unfit(checkpoint, proofs, checkpoints)
    return None


def _fits(
    checkpoint: Checkpoint, vouched: Vouched, own: tuple[int, bytes], roots: Mapping[int, bytes], digest: HashFunction
) -> bool:
    path = tuple(bytes.fromhex(one) for one in vouched.consistency)
    if checkpoint.size in roots:
        return not path and roots[checkpoint.size] == checkpoint.root
    other = (checkpoint.size, checkpoint.root)
    old, new = (other, own) if checkpoint.size <= own[0] else (own, other)
    return is_consistent(digest, old, new, path)


def _unfit(bad: Checkpoint, proofs: Proofs, checkpoints: Sequence[Signed]) -> PackageProblem:
    sound = max((one.size for one, _ in checkpoints if one.size < bad.size), default=0)
    first, last = max(sound + 1, proofs.begins_at), min(bad.size, proofs.tree_size)
    return PackageProblem(
        first,
        f"与签名的检查点（{bad.size} 个事实）不符：第 {first} 至 {last} 号中有事实被改动后重新封存",
        f"it does not fit the signed checkpoint of {bad.size} facts: one from {first} to {last} was changed and "
        "sealed anew",
    )


def unlike_held(held: Sequence[Anchor], checkpoints: Sequence[Signed], computed: Mapping[int, bytes], bad: Bad) -> None:
    """Compare with the roots that somebody holds outside: the package tells those in its range and at its end."""
    roots = {one.size: one.root for one, _ in checkpoints} | dict(computed)
    for anchor in held:
        if anchor.size not in roots:
            zh, en = f"包内算不出第 {anchor.size} 号时的树根", f"it does not tell the root after fact {anchor.size}"
            bad(None, zh, en)
        elif roots[anchor.size] != anchor.root:
            zh = f"第 {anchor.size} 号时的树根与外部所存的检查点不符：此号或更早被改动"
            bad(anchor.size, zh, f"another root after fact {anchor.size} than the checkpoint held outside")
