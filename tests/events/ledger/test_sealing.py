"""The seal: leaves, frontier and root."""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ledger.errors import LedgerUnusableError
from events.tree.sealing import Algorithm, Frontier, envelope_bytes, hash_function, leaf_hash
from tests.events.ledger.examples import withdrawn
from tests.events.ledger.reference import tree_hash

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


@given(LEAVES, st.sampled_from(ALGORITHMS))
def test_the_root_after_each_leaf_is_that_of_rfc_6962(leaves: list[bytes], algorithm: Algorithm) -> None:
    digest = hash_function(algorithm)
    frontiers = accumulate(leaves, lambda frontier, leaf: frontier.extended(digest, leaf), initial=Frontier())
    expected = [tree_hash(digest, leaves[:size]) for size in range(len(leaves) + 1)]
    assert [frontier.root(digest) for frontier in frontiers] == expected


@given(LEAVES)
def test_a_frontier_is_read_back_as_it_was_stored(leaves: list[bytes]) -> None:
    digest = hash_function("sha256")
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.extended(digest, leaf)
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


@given(st.integers(min_value=0, max_value=2_000))
def test_a_frontier_holds_one_hash_for_each_bit_of_its_size(size: int) -> None:
    digest = hash_function("sha256")
    frontier = Frontier()
    for _ in range(size):
        frontier = frontier.extended(digest, bytes(32))
    assert len(frontier.hashes) == size.bit_count()


def test_a_leaf_binds_the_envelope_and_the_payload() -> None:
    fact = withdrawn(1)
    envelope = envelope_bytes(fact, 3)
    assert (
        envelope
        == (
            '["xinzhou",0,"2026-09-28T09:00:00+08:00","matter/m-14",3,"matter.withdrawn.v1","' + str(fact.id) + '"]'
        ).encode()
    )
    digest = hash_function("sha256")
    assert leaf_hash(digest, envelope, b"{}") == hashlib.sha256(b"\x00" + envelope + b"{}").digest()


def test_sm3_is_the_national_standard() -> None:
    known = bytes.fromhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    assert hash_function("sm3")(b"abc") == known


def test_an_algorithm_that_the_machine_lacks_is_refused_by_code() -> None:
    with pytest.raises(LedgerUnusableError) as caught:
        hash_function("whirlpool-of-tomorrow")  # type: ignore[arg-type]  # what a ledger from elsewhere may name
    assert caught.value.code == "ledger.hash_unavailable"
