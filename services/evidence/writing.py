"""Writing the facts of a package and their seals side by side, each recomputed on the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from events.alert import AlertRaised
from events.ledger.proofs import leaves_of
from events.ledger.sealed_facts import SealedFact, SealedReader, leaf_of, sealed_facts, stored_row
from events.ledger.sealed_pages import says_what_stands_beside_it
from events.printing import from_stored
from events.setting import SettingPolicyAdopted
from events.tree.sealing import Frontier
from services.evidence.case_turns import CaseTurns
from services.evidence.choosing import facts_of_case
from services.evidence.package import FACTS, SEALS
from services.evidence.telling import Telling
from services.evidence.tree_paths import inclusion_proofs
from services.evidence.wanted import FORMAT, EvidenceError, Gate

if TYPE_CHECKING:
    from events.tree.proofs import Proof
    from events.tree.sealing import HashFunction
    from services.evidence.wanted import Wanted

Progressed = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much."""

_BETWEEN_NEWS: Final = 1_000


class Writing:
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
        self._turns = CaseTurns(wanted.case)

    def of_range(self, folder: Path) -> dict[str, Any]:
        """Write the facts of a range and return what proves them."""
        wanted = self.wanted
        before = self._before(wanted.first)
        frontier = before
        with ExitStack() as opened:
            facts, seals = (opened.enter_context((folder / name).open("wb")) for name in (FACTS, SEALS))
            due = wanted.first
            root = b""
            time = self._one(due - 1).recorded_at if due > 1 else ""
            for fact in sealed_facts(self.ledger, wanted.district, wanted.first, wanted.last):
                self._sound(fact, due, time)
                time = fact.recorded_at
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
                self._sound(fact, sequence, self._one(sequence - 1).recorded_at if sequence > 1 else "")
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
                f"{wanted.district} 的账册中没有案卷 {case}，没有导出；请核对种类与编号。",
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

    def _sound(self, fact: SealedFact, due: int, recorded_before: str) -> None:
        """Raise EvidenceError for a fact that no verifier of the package would take; `recorded_before` is when."""
        sound = fact.district == self.wanted.district and b"\n" not in fact.payload
        if fact.sequence != due or not sound or leaf_of(self.digest, fact) != fact.leaf:
            raise _broken(due)
        in_turn = type(fact.version) is int and self._turns.follows(due, fact.case, fact.version)
        if fact.recorded_at < recorded_before or not in_turn or not says_what_stands_beside_it(stored_row(fact)):
            raise _never_recorded(due)

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


def _path(proof: Proof) -> bytes:
    return b"".join(b" " + one.hex().encode() for one in proof)


def _broken(sequence: int) -> EvidenceError:
    return EvidenceError(
        "evidence.seal_broken",
        f"账册第 {sequence} 号事实与封存不符，没有导出：改动过的账册不能作证；请运行 taizhang verify 并保全现场。",
        f"Fact {sequence} of the ledger does not fit its seal, so nothing was exported: a changed ledger is no "
        "evidence. Run taizhang verify and preserve it.",
    )


def _never_recorded(sequence: int) -> EvidenceError:
    return EvidenceError(
        "evidence.never_recorded",
        f"账册第 {sequence} 号事实与封存相符，但入账时间早于前一号，或正文所述与账册所存的不同，或在案卷中的序次"
        "与前面的不相接，本系统从不这样入账，没有导出：这样的证据包通不过核验；账册本身即是证据，"
        "请运行 taizhang verify 并保全现场，或用 --until 只导出此前的事实。",
        f"Fact {sequence} of the ledger is as it was sealed, but was recorded before the fact before it, or its text "
        "says something else than stands beside it, or it is counted out of turn in its case, which recording never "
        "writes, so nothing was exported: no verifier would take the package. The ledger itself is the evidence: run "
        "taizhang verify and preserve it, or export what comes before with --until.",
    )
