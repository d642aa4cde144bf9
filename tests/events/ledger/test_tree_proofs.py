"""Proofs over the tree: each one that the text of RFC 6962 gives is accepted, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.tree.proofs import (
    consistency_ranges,
    inclusion_ranges,
    inclusion_root,
    is_consistent,
    is_included,
    roots_of,
)
from events.tree.sealing import Algorithm, HashFunction, hash_function
from tests.events.ledger.reference import tree_hash

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
SHA256 = hash_function("sha256")
OTHER = b"\x01" * 32


def leaves_of_size(size: int) -> list[bytes]:
    return [SHA256(str(number).encode()) for number in range(size)]


def path_of(digest: HashFunction, index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) of section 2.1.1, as its text says it."""
    if len(leaves) == 1:
        return []
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if index < half:
        return [*path_of(digest, index, leaves[:half]), tree_hash(digest, leaves[half:])]
    return [*path_of(digest, index - half, leaves[half:]), tree_hash(digest, leaves[:half])]


def subproof_of(digest: HashFunction, old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """Return SUBPROOF(m, D[n], b) of section 2.1.2, as its text says it."""
    if old == len(leaves):
        return [] if whole else [tree_hash(digest, leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if old <= half:
        return [*subproof_of(digest, old, leaves[:half], whole=whole), tree_hash(digest, leaves[half:])]
    return [*subproof_of(digest, old - half, leaves[half:], whole=False), tree_hash(digest, leaves[:half])]


@given(st.data(), st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.sampled_from(ALGORITHMS))
def test_the_proofs_are_those_of_rfc_6962_and_are_accepted(
    data: st.DataObject, leaves: list[bytes], algorithm: Algorithm
) -> None:
    digest = hash_function(algorithm)
    size = len(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, old_root = tree_hash(digest, leaves), tree_hash(digest, leaves[:old])
    included = roots_of(digest, inclusion_ranges(index, size), lambda start, end: leaves[start:end])
    grown = roots_of(digest, consistency_ranges(old, size), lambda start, end: leaves[start:end])
    assert list(included) == path_of(digest, index, leaves)
    assert list(grown) == subproof_of(digest, old, leaves, whole=True)
    assert is_included(digest, index, size, root, leaves[index], included)
    assert is_consistent(digest, (old, old_root), (size, root), grown)


@given(st.data(), st.integers(2, 70))
def test_no_proof_with_one_thing_changed_is_accepted(data: st.DataObject, size: int) -> None:
    leaves = leaves_of_size(size)
    root = tree_hash(SHA256, leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    included = roots_of(SHA256, inclusion_ranges(index, size), lambda start, end: leaves[start:end])
    grown = roots_of(SHA256, consistency_ranges(old, size), lambda start, end: leaves[start:end])
    old_root = tree_hash(SHA256, leaves[:old])
    place = data.draw(st.integers(0, len(included) - 1))
    wrong = (*included[:place], OTHER, *included[place + 1 :])
    assert not is_included(SHA256, index, size, root, leaves[index], wrong)
    assert not is_included(SHA256, index, size, root, OTHER, included)
    assert not is_included(SHA256, index, size, OTHER, leaves[index], included)
    assert not is_included(SHA256, index, size, root, leaves[index], included[:-1])
    assert not is_included(SHA256, index, size, root, leaves[index], (*included, OTHER))
    assert not is_included(SHA256, index, size, root, leaves[index], (*included[:-1], included[-1][:-1]))
    place = data.draw(st.integers(0, len(grown) - 1))
    wrong = (*grown[:place], OTHER, *grown[place + 1 :])
    assert not is_consistent(SHA256, (old, old_root), (size, root), wrong)
    assert not is_consistent(SHA256, (old, OTHER), (size, root), grown)
    assert not is_consistent(SHA256, (old, old_root), (size, OTHER), grown)
    assert not is_consistent(SHA256, (old, old_root), (size, root), (*grown, OTHER))
    assert not is_consistent(SHA256, (old, old_root), (size, root), grown[:-1])


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_tree_never_grows_smaller(one: int, other: int) -> None:
    old, new = max(one, other) + 1, min(one, other)
    roots = [tree_hash(SHA256, leaves_of_size(size)) for size in (old, new)]
    assert not is_consistent(SHA256, (old, roots[0]), (new, roots[1]), ())


def test_every_tree_begins_with_the_empty_one_and_with_itself() -> None:
    nothing, root = SHA256(b""), tree_hash(SHA256, leaves_of_size(5))
    assert is_consistent(SHA256, (0, nothing), (5, root), ())
    assert is_consistent(SHA256, (5, root), (5, root), ())
    assert not is_consistent(SHA256, (0, OTHER), (5, root), ())
    assert not is_consistent(SHA256, (5, root), (5, OTHER), ())
    assert not is_consistent(SHA256, (5, root), (5, root), (OTHER,))


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    assert inclusion_root(SHA256, 5, 5, OTHER, ()) is None
    assert inclusion_root(SHA256, -1, 5, OTHER, ()) is None
    with pytest.raises(ValueError, match="5"):
        inclusion_ranges(5, 5)
    with pytest.raises(ValueError, match="6"):
        consistency_ranges(6, 5)


def test_too_few_leaves_give_no_proof() -> None:
    leaves = leaves_of_size(3)
    with pytest.raises(ValueError, match="2"):
        roots_of(SHA256, inclusion_ranges(0, 8), lambda start, end: leaves[start:end])


def test_the_proof_of_the_example_of_the_rfc_has_its_parts() -> None:
    assert inclusion_ranges(0, 7) == [(1, 2), (2, 4), (4, 7)]
    assert inclusion_ranges(6, 7) == [(4, 6), (0, 4)]
    assert consistency_ranges(3, 7) == [(2, 3), (3, 4), (0, 2), (4, 7)]
    assert consistency_ranges(4, 7) == [(4, 7)]
    assert consistency_ranges(6, 7) == [(4, 6), (6, 7), (0, 4)]
