"""Making an evidence package: one folder, whole or not at all, the same bytes for the same question."""

from __future__ import annotations

import hashlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from events.ledger.proofs import consistency_proof
from events.tree.sealing import hash_function
from services.backup.copying import made_whole, synced
from services.backup.manifest import described
from services.evidence.naming import names_of
from services.evidence.package import KEYS, MANIFEST, PROOFS, REPORT, SEAL_OF_MANIFEST, VERIFIER
from services.evidence.reporting import report
from services.evidence.surroundings import surroundings
from services.evidence.wanted import FORMAT, EvidenceError, Exported
from services.evidence.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.ledger.sealed_facts import SealedReader
    from services.evidence.surroundings import Surroundings
    from services.evidence.wanted import Vouching, Wanted
    from services.evidence.writing import Progressed

_READABLE: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def export(
    ledger: SealedReader,
    wanted: Wanted,
    vouching: Vouching,
    policy_text: Callable[[str], bytes | None],
    to: Path,
    progressed: Progressed = lambda _step, _done, _total: None,
    *,
    beside: Callable[[Path], None] = lambda _folder: None,
) -> Exported:
    """Write a package into a folder that is new or empty; raise EvidenceError, BackupError, LedgerError or OSError.

    `policy_text` gives the house settings kept under a hash, `beside` writes further files into the folder, which the
    manifest then names. The ledger is recomputed on the way: nothing is handed out
    of one that does not fit its own seals.
    """
    answerable(ledger, wanted)
    digest = hash_function(ledger.head(wanted.district).algorithm)
    with made_whole(to) as folder:
        writing = Writing(ledger, wanted, digest, progressed)
        proofs = writing.of_range(folder) if wanted.is_range else writing.of_chosen(folder)
        around = surroundings(wanted.district, sorted(writing.policies), policy_text)
        for name, content in around.files.items():
            _write(folder / name, content)
        proofs |= _vouched(ledger, wanted, vouching, folder)
        proofs["rulebooks"] = [{"rulebook": one.rulebook, "files": one.files} for one in around.rulebooks]
        proofs["policies"] = list(around.policies)
        _write(folder / PROOFS, orjson.dumps(proofs, option=_READABLE))
        _write(folder / KEYS, "".join(f"{key}\n" for key in vouching.keys).encode())
        _write(folder / VERIFIER, Path(__file__).with_name(VERIFIER).read_bytes())
        actors = (one for row in writing.telling.rows for one in row.actors)
        names = names_of(ledger, wanted, writing.gate, actors)
        _write(folder / REPORT, report(wanted, proofs, writing.telling, names, around, vouching))
        beside(folder)
        sealed = _manifest(folder, wanted)
        for path in folder.rglob("*"):
            synced(path)
    return Exported(
        facts=writing.telling.facts,
        withheld=writing.telling.withheld_facts,
        size=wanted.last,
        root=proofs["root"],
        checkpoints=len(proofs["checkpoints"]),
        manifest_sha256=sealed,
        warnings=tuple(_warnings(writing, around, [size for size, _ in vouching.checkpoints])),
    )


def answerable(ledger: SealedReader, wanted: Wanted) -> None:
    """Raise EvidenceError for a range that the ledger does not have."""
    head = ledger.head(wanted.district).sequence
    if head == 0:
        raise EvidenceError(
            "evidence.no_such_district",
            f"账册中没有 {wanted.district} 的事实，没有导出；请核对区县与 TAIZHANG_DATA。",
            f"The ledger has no facts of {wanted.district}, so nothing was exported; check the district and "
            "TAIZHANG_DATA.",
        )
    if not 1 <= wanted.first <= wanted.last <= head:
        raise EvidenceError(
            "evidence.no_such_range",
            f"{wanted.district} 的账册只有第 1 至 {head} 号事实，没有 {wanted.first} 至 {wanted.last}，没有导出；"
            "请核对区县与序号。",
            f"The ledger of {wanted.district} has the facts 1 to {head}, not {wanted.first} to {wanted.last}, so "
            "nothing was exported; check district and numbers.",
        )


def _vouched(ledger: SealedReader, wanted: Wanted, vouching: Vouching, folder: Path) -> dict[str, Any]:
    """Write the checkpoints and return, for each, how its tree and the package's are parts of one another."""
    found = []
    for size, note in vouching.checkpoints:
        name = f"checkpoints/{size}.txt"
        _write(folder / name, note)
        within = wanted.is_range and wanted.first - 1 <= size <= wanted.last
        old, new = sorted((size, wanted.last))
        path = () if within else consistency_proof(ledger, wanted.district, old, new)
        found.append({"file": name, "size": size, "consistency": [one.hex() for one in path]})
    return {"origin": vouching.origin, "checkpoints": found}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _manifest(folder: Path, wanted: Wanted) -> str:
    """Write the manifest and its hash, and return the hash."""
    files = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found = described(folder, path.relative_to(folder).as_posix())
        files.append({"name": found.name, "bytes": found.bytes, "sha256": found.sha256})
    whole = {"format": FORMAT, "district": wanted.district, "case": wanted.case, "until": wanted.last, "files": files}
    content = orjson.dumps(whole, option=_READABLE)
    sha256 = hashlib.sha256(content).hexdigest()
    _write(folder / MANIFEST, content)
    _write(folder / SEAL_OF_MANIFEST, f"{sha256}  {MANIFEST}\n".encode())
    return sha256


def _warnings(writing: Writing, around: Surroundings, vouched: Sequence[int]) -> Iterator[str]:
    if vouched and max(vouched) < writing.wanted.last:
        yield (
            f"第 {max(vouched) + 1} 号起没有签名的检查点（数据文件夹不可写？），核验不会通过；请在可签署处重新导出 / "
            f"no signed checkpoint covers the facts from {max(vouched) + 1} on (can the data folder be written?), so "
            "verification will not pass; export again where one can be signed"
        )
    known = {one.sha256 for one in around.rulebooks}
    lost = (f"policies/{one}.yaml" for one in sorted(writing.policies) if f"policies/{one}.yaml" not in around.policies)
    changed = (
        f"{rulebook}（第 {sequence} 号预警所用版本 as used by alert {sequence}）"
        for (rulebook, sha256), sequence in writing.rulebooks.items()
        if sha256 not in known
    )
    for what in chain(changed, lost):
        yield (
            f"{what} 已不是判定时的版本或已缺失，核验会指出；请从备份找回原文件后重新导出 / is lost or no longer what "
            "alerts were judged by, and verification will say so; put the original back and export again"
        )
