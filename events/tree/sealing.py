"""Sealing of facts: leaves and roots of the tree of RFC 6962, one tree for each district."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, Literal, Protocol

import msgspec
import orjson
from msgspec import Struct

from events.fact import AnyFact, case_key
from events.ledger.errors import hash_unavailable

Algorithm = Literal["sha256", "sm3"]
HashFunction = Callable[[bytes], bytes]
HashStart = Callable[[bytes], "Hashing"]


class Hashing(Protocol):
    """A hash that was begun."""

    def copy(self) -> Hashing:
        """Return another that goes on from here."""
        ...

    def update(self, more: bytes, /) -> None:
        """Take more bytes."""
        ...

    def digest(self) -> bytes:
        """Return the digest of what was given so far."""
        ...


LEAF: Final = b"\x00"
NODE: Final = b"\x01"


def hash_function(algorithm: Algorithm) -> HashFunction:
    """Return the function from bytes to digest; raise LedgerError where this machine does not have it."""
    start = hash_start(algorithm)
    return lambda given: start(given).digest()


def hash_start(algorithm: Algorithm) -> HashStart:
    """Return what begins a hash with bytes, for where ten million are made; raise LedgerError as above."""
    if algorithm not in hashlib.algorithms_available:
        raise hash_unavailable(algorithm)
    return hashlib.sha256 if algorithm == "sha256" else partial(hashlib.new, algorithm)


def hash_each(begun: Hashing, rest: Iterable[bytes]) -> list[bytes]:
    """Return the digests of many texts that begin alike: to copy a hash costs less than to begin one."""
    copy = begun.copy
    digests: list[bytes] = []
    for one in rest:
        hashing = copy()
        hashing.update(one)
        digests.append(hashing.digest())
    return digests


def envelope_bytes(fact: AnyFact, version: int) -> bytes:
    """Return the canonical envelope: a JSON array of district, sequence, recorded_at, case, version, type and id."""
    return orjson.dumps(
        [fact.district, fact.sequence, fact.recorded_at, case_key(fact.subject), version, fact.type, fact.id]
    )


def envelope_of(
    district: str, sequence: int, recorded_at: str, case: str, version: int, fact_type: str, fact_id: str
) -> bytes:
    """Return the canonical envelope of stored values; `recorded_at` in ISO 8601 as it stands in the payload."""
    return orjson.dumps([district, sequence, recorded_at, case, version, fact_type, fact_id])


def leaf_hash(digest: HashFunction, envelope: bytes, payload: bytes) -> bytes:
    """Return the leaf of a fact: H(0x00 || envelope || payload as stored)."""
    return digest(LEAF + envelope + payload)


def node_hash(digest: HashFunction, left: bytes, right: bytes) -> bytes:
    """Return an inner node: H(0x01 || left || right)."""
    return digest(NODE + left + right)


class Frontier(Struct, frozen=True):
    """The compact frontier of a tree: the roots of its full subtrees, largest first.

    There is one hash for each bit set in `size`; nothing else is needed to add leaves and to name the root.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def extended(self, digest: HashFunction, leaf: bytes) -> Frontier:
        """Return the frontier with one more leaf."""
        hashes = list(self.hashes)
        full = self.size
        while full & 1:
            leaf = digest(NODE + hashes.pop() + leaf)
            full >>= 1
        hashes.append(leaf)
        return Frontier(self.size + 1, tuple(hashes))

    def root(self, digest: HashFunction) -> bytes:
        """Return the root; of an empty tree the hash of nothing."""
        if not self.hashes:
            return digest(b"")
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = digest(NODE + left + root)
        return root

    def to_bytes(self) -> bytes:
        """Return the frontier as it is stored."""
        return msgspec.msgpack.encode(self)

    @staticmethod
    def from_bytes(stored: bytes) -> Frontier:
        """Read a stored frontier."""
        return _FRONTIER.decode(stored)


_FRONTIER: Final = msgspec.msgpack.Decoder(Frontier)
