"""The facts of an evidence package, line by line beside their seals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson
from msgspec import Struct

from events.alert import AlertRaised
from events.ledger.sealed_pages import is_time
from events.tree.sealing import HashFunction, envelope_of, leaf_hash
from services.evidence.case_turns import CaseTurns
from services.evidence.package import FACTS, SEALS
from services.evidence.package_files import PackageFiles
from services.evidence.verified import UnsoundError

_WITHHELD: Final = b"-"
_SEAL: Final = re.compile(rb"([1-9][0-9]{0,18}) (-|[1-9][0-9]{0,18}) ([0-9a-f]{64})((?: [0-9a-f]{64})*)\n")
_LONGEST_LINE: Final = 1 << 22


class Sealed(Struct, frozen=True, gc=False):
    """One line of seals.txt; `version` is None for a fact that is withheld, `path` proves a fact of a case."""

    sequence: int
    version: int | None
    leaf: bytes
    path: tuple[bytes, ...]


class SealedLines:
    """One way through the facts of a package; it notes what their alerts say they were judged by."""

    def __init__(self, files: PackageFiles, district: str, digest: HashFunction, asked: str | None = None) -> None:
        """Begin before the first fact; `asked` is the case that a package is of."""
        self._files = files
        self._district = district
        self._digest = digest
        self.taken = 0
        self.rulebooks: dict[tuple[str, str], int] = {}
        """Name and hash of each rulebook that an alert cites, with the first such alert."""
        self.policies: dict[str, int] = {}
        """The hash of each setting of the house that an alert cites, with the first such alert."""
        self.turns = CaseTurns(asked)
        self._before = b""

    def compared(self, first: int, *, one_by_one: bool) -> Iterator[Sealed]:
        """Give the seals from a sequence on, each compared with its fact; raise UnsoundError at the first bad one.

        `one_by_one` where none may be left out, as of a range of facts; those of a case have others between them.
        """
        due = first
        with self._files.path(SEALS).open("rb") as seals, self._files.path(FACTS).open("rb") as facts:
            while line := seals.readline(_LONGEST_LINE):
                sealed = _seal(line)
                in_order = sealed is not None and (sealed.sequence == due or (not one_by_one and sealed.sequence > due))
                if sealed is None or not in_order or (one_by_one and sealed.path):
                    raise UnsoundError(due, "封存缺失、乱序或有误", "its seal is missing, out of order or wrong")
                self.taken += 1
                if sealed.version is None:
                    self.turns.withhold()
                else:
                    self._compare(facts, sealed, sealed.version)
                yield sealed
                due = sealed.sequence + 1
            if facts.readline(1):
                raise UnsoundError(due, "多出未封存的事实", "there are facts that were never sealed")

    def _compare(self, facts: BinaryIO, sealed: Sealed, version: int) -> None:
        """Compare a fact with its seal and with those before it."""
        line = facts.readline(_LONGEST_LINE)
        if not line:
            raise UnsoundError(sealed.sequence, "缺失", "missing")
        if not line.endswith(b"\n"):
            raise UnsoundError(sealed.sequence, "内容与封存不符", "its content does not match its seal")
        payload = line.removesuffix(b"\n")
        try:
            fact: dict[str, Any] = orjson.loads(payload)
            subject = fact["subject"]
            case = f"{subject['kind']}/{subject['id']}"
            district, sequence, type_ = fact["district"], fact["sequence"], fact["type"]
            recorded_at = fact["recorded_at"]
            envelope = envelope_of(district, sequence, recorded_at, case, version, type_, fact["id"])
            time = recorded_at.encode()
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            raise UnsoundError(sealed.sequence, "不是一个事实", "this is no fact") from None
        if leaf_hash(self._digest, envelope, payload) != sealed.leaf:
            raise UnsoundError(sealed.sequence, "内容与封存不符", "its content does not match its seal")
        if district != self._district or sequence != sealed.sequence:
            raise UnsoundError(sealed.sequence, "封存的是另一号", "what is sealed is another fact")
        if time < self._before or not is_time(time):
            raise UnsoundError(
                sealed.sequence,
                "入账时间早于前面的事实，或不是账册的写法：与封存相符，但本系统从不这样入账",
                "recorded before a fact before it, or at a time in another form: as sealed, but no ledger does so",
            )
        self._before = time
        if not self.turns.follows(sequence, case, version):
            raise UnsoundError(
                sequence,
                f"是案卷 {case} 的第 {version} 条，与此前所示的不相接：有事实被删去、重复或调换，或没有列入",
                f"number {version} of the case {case} does not follow what is shown before: facts were removed, "
                "repeated or moved, or left out",
            )
        if type_ == AlertRaised.TYPE.name:
            self._cited(fact.get("data"), sequence)

    def _cited(self, data: object, sequence: int) -> None:
        """Note by which rulebook and house settings an alert says it was judged."""
        match data:
            case {"rulebook": str(rulebook), "rulebook_sha256": str(sha256), "policy_sha256": str(policy)}:
                self.rulebooks.setdefault((rulebook, sha256), sequence)
                self.policies.setdefault(policy, sequence)
            case _:
                raise UnsoundError(sequence, "预警没有写明判定依据", "the alert does not say what it was judged by")


def _seal(line: bytes) -> Sealed | None:
    """Read a line of seals.txt; None for one that is no seal."""
    read = _SEAL.fullmatch(line)
    if read is None:
        return None
    sequence, version, leaf, path = read.groups()
    return Sealed(
        int(sequence),
        None if version == _WITHHELD else int(version),
        bytes.fromhex(leaf.decode()),
        tuple(bytes.fromhex(one.decode()) for one in path.split(b" ")[1:]),
    )
