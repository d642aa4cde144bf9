"""Making an evidence package: one folder, whole or not at all, the same bytes for the same question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import orjson

from events.alert import AlertRaised
from events.ledger_proofs import consistency_proof, leaves_of
from events.printing import from_stored
from events.sealed_facts import SealedFact, SealedReader, leaf_of, sealed_facts
from events.sealing import Frontier, hash_function
from events.setting import SettingPolicyAdopted
from services.backup.copying import made_whole, synced
from services.backup.manifest import described
from services.evidence.choosing import facts_of_case
from services.evidence.naming import names_of
from services.evidence.reporting import report
from services.evidence.surroundings import surroundings
from services.evidence.telling import Telling
from services.evidence.tree_paths import inclusion_proofs
from services.evidence.wanted import FORMAT, EvidenceError, Exported, Gate

if TYPE_CHECKING:
    from events.sealing import HashFunction
    from events.tree_proofs import Proof
    from services.evidence.surroundings import Surroundings
    from services.evidence.wanted import Vouching, Wanted

Progressed = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much."""

FACTS: Final = "facts.jsonl"
SEALS: Final = "seals.txt"
PROOFS: Final = "proofs.json"
KEYS: Final = "keys.txt"
REPORT: Final = "report.html"
VERIFIER: Final = "verify.py"
MANIFEST: Final = "manifest.json"
SEAL_OF_MANIFEST: Final = "manifest.sha256"
_BETWEEN_NEWS: Final = 1_000
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
        writing = _Writing(ledger, wanted, digest, progressed)
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
        warnings=tuple(_warnings(writing, around)),
    )


class _Writing:
    """Writes facts and seals side by side, and gathers what the report tells."""

    def __init__(self, ledger: SealedReader, wanted: Wanted, digest: HashFunction, progressed: Progressed) -> None:
        self.ledger = ledger
        self.wanted = wanted
        self.digest = digest
        self.gate = Gate(wanted.role)
        self.telling = Telling()
        self.policies: set[str] = set()
        self.rulebooks: dict[tuple[str, str], int] = {}
        self._progressed = progressed

    def of_range(self, folder: Path) -> dict[str, Any]:
        """Write the facts of a range and return what proves them."""
        wanted = self.wanted
        before = self._before(wanted.first)
        frontier = before
        with ExitStack() as opened:
            facts, seals = (opened.enter_context((folder / name).open("wb")) for name in (FACTS, SEALS))
            due = wanted.first
            root = b""
            for fact in sealed_facts(self.ledger, wanted.district, wanted.first, wanted.last):
                self._sound(fact, due)
                self._put(fact, facts, seals, b"")
                frontier = frontier.extended(self.digest, fact.leaf)
                root = fact.root
                due += 1
                self._told(fact.sequence, "写出 writing", wanted.first, wanted.last)
        if due != wanted.last + 1:
            raise _broken(due)
        if frontier.root(self.digest) != root:
            raise _broken(wanted.last)
        return self._proofs("range", root) | {"from": wanted.first, "before": [one.hex() for one in before.hashes]}

    def of_chosen(self, folder: Path) -> dict[str, Any]:
        """Write chosen facts, each with its own proof, and return what proves them."""
        wanted = self.wanted
        chosen = self._of_case(wanted.case) if wanted.case is not None else list(wanted.sequences or ())
        leaves = leaves_of(self.ledger, wanted.district)(0, wanted.last)
        root, paths = inclusion_proofs(self.digest, wanted.last, chosen, iter(leaves))
        if root != self._one(wanted.last).root:
            raise _broken(wanted.last)
        with ExitStack() as opened:
            facts, seals = (opened.enter_context((folder / name).open("wb")) for name in (FACTS, SEALS))
            for number, sequence in enumerate(chosen, 1):
                fact = self._one(sequence)
                self._sound(fact, sequence)
                self._put(fact, facts, seals, _path(paths[sequence]))
                self._told(number, "写出 writing", 1, len(chosen))
        return self._proofs("case", root) | {"case": wanted.case, "facts": len(chosen), "before": []}

    def _of_case(self, case: str) -> list[int]:
        wanted = self.wanted
        done = iter(range(1, wanted.last + 1))
        chosen = facts_of_case(
            self.ledger,
            wanted.district,
            case,
            wanted.last,
            lambda _one: self._told(next(done), "查找 searching", 1, wanted.last),
        )
        if not chosen:
            raise EvidenceError(
                "evidence.no_such_case",
                f"{wanted.district} 的台账中没有案卷 {case}，没有导出；请核对种类与编号。",
                f"There is no case {case} in the ledger of {wanted.district}, so nothing was exported; check its name.",
            )
        return chosen

    def _one(self, sequence: int) -> SealedFact:
        found = self.ledger.sealed(self.wanted.district, sequence - 1, 1)
        if not found or found[0].sequence != sequence:
            raise _broken(sequence)
        return found[0]

    def _before(self, first: int) -> Frontier:
        frontier = Frontier()
        for leaf in leaves_of(self.ledger, self.wanted.district)(0, first - 1):
            frontier = frontier.extended(self.digest, leaf)
        if frontier.size != first - 1:
            raise _broken(frontier.size + 1)
        return frontier

    def _sound(self, fact: SealedFact, due: int) -> None:
        sound = fact.district == self.wanted.district and b"\n" not in fact.payload
        if fact.sequence != due or not sound or leaf_of(self.digest, fact) != fact.leaf:
            raise _broken(due)

    def _put(self, fact: SealedFact, facts: BinaryIO, seals: BinaryIO, path: bytes) -> None:
        telling = self.telling
        telling.facts += 1
        cites = fact.type in {AlertRaised.TYPE.name, SettingPolicyAdopted.TYPE.name}
        read = None
        if cites or not self.gate.opens_all or telling.wants(fact.type):
            read = from_stored(fact.type, fact.payload)
        version = b"%d" % fact.version
        if read is not None and not self.gate.shows(read):
            telling.withhold(fact.sequence)
            version = b"-"
        else:
            facts.write(fact.payload + b"\n")
            if read is not None:
                telling.take(read)
                self._cites(read.data, fact.sequence)
        seals.write(b"%d %s %s%s\n" % (fact.sequence, version, fact.leaf.hex().encode(), path))

    def _cites(self, data: object, sequence: int) -> None:
        match data:
            case AlertRaised(rulebook=rulebook, rulebook_sha256=sha256, policy_sha256=policy):
                self.telling.alerts_raised += 1
                self.policies.add(policy)
                self.rulebooks.setdefault((rulebook, sha256), sequence)
            case SettingPolicyAdopted(sha256=policy):
                self.policies.add(policy)
            case _:
                pass

    def _proofs(self, of: str, root: bytes) -> dict[str, Any]:
        head = self.ledger.head(self.wanted.district)
        return {
            "format": FORMAT,
            "algorithm": head.algorithm,
            "district": self.wanted.district,
            "of": of,
            "for": self.wanted.role,
            "tree_size": self.wanted.last,
            "root": root.hex(),
        }

    def _told(self, at: int, step: str, first: int, last: int) -> None:
        if at % _BETWEEN_NEWS == 0 or at == last:
            self._progressed(step, at - first + 1, last - first + 1)


def answerable(ledger: SealedReader, wanted: Wanted) -> None:
    """Raise EvidenceError for a range that the ledger does not have."""
    head = ledger.head(wanted.district).sequence
    if not 1 <= wanted.first <= wanted.last <= head:
        raise EvidenceError(
            "evidence.no_such_range",
            f"{wanted.district} 的台账只有第 1 至 {head} 号事实，没有 {wanted.first} 至 {wanted.last}，没有导出；"
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


def _path(proof: Proof) -> bytes:
    return b"".join(b" " + one.hex().encode() for one in proof)


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


def _warnings(writing: _Writing, around: Surroundings) -> Iterator[str]:
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


def _broken(sequence: int) -> EvidenceError:
    return EvidenceError(
        "evidence.seal_broken",
        f"台账第 {sequence} 号事实与封存不符，没有导出：改动过的账册不能作证；请运行 taizhang verify 并保全现场。",
        f"Fact {sequence} of the ledger does not fit its seal, so nothing was exported: a changed ledger is no "
        "evidence. Run taizhang verify and preserve it.",
    )
