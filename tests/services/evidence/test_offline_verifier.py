"""The verifier in a package: one file, nothing but Python 3.9, and the same mathematics as the maintained libraries."""

from __future__ import annotations

import ast
import shutil
import sys
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from events.tree.proofs import consistency_ranges, inclusion_ranges, roots_of
from events.tree.sealing import Frontier, envelope_of, hash_function, leaf_hash
from services.evidence import verify as offline
from services.evidence.tree_paths import inclusion_proofs
from tests.services.evidence.packages import run_offline

SOURCE = Path(offline.__file__).read_text(encoding="utf-8")
DIGEST = hash_function("sha256")
XINZHOU = "xinzhou"
TYPE = "countersign.requested.v1"
IDENTITY = "5bae92c8-2548-5df1-8a1a-b4ff42261dfa"
LATER_THAN_3_9 = {"bit_count", "file_digest", "pairwise", "batched", "zip_longest_strict", "StrEnum", "Self"}


def test_it_is_written_in_python_3_9() -> None:
    tree = ast.parse(SOURCE, feature_version=(3, 9))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names & LATER_THAN_3_9 == set()


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse(SOURCE)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"__future__"}


def test_it_runs_in_a_bare_environment_and_leaves_the_package_as_it_was(whole_package: Path) -> None:
    before = sorted(path.name for path in whole_package.rglob("*"))
    ran = run_offline(whole_package)
    assert (ran.returncode, "通过 VERIFIED：15 个事实" in ran.stdout, ran.stderr) == (0, True, "")
    assert sorted(path.name for path in whole_package.rglob("*")) == before


def test_it_verifies_a_folder_that_is_named_too(whole_package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "verify.py"
    shutil.copyfile(whole_package / "verify.py", copy)
    assert offline.main([str(whole_package), "--json"]) == 0
    assert offline.main([str(tmp_path), "--json"]) == 1


def test_a_sound_package_is_verified_without_reading_its_facts_as_json(
    whole_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "envelope_of", lambda line, _version: pytest.fail(line.decode()))
    found = offline.check(str(whole_package))
    assert (found.problems, found.facts) == ([], 15)


@pytest.mark.parametrize("said", [{}, {"source": {"file": 'a,"sequence":9,', "line": 3}}, {"recorded_by": "p-1"}])
@pytest.mark.parametrize("named", ["cs-1", "会签-1", 'a"b', "a\\b"])
def test_what_is_cut_from_the_end_of_a_line_gives_the_leaf_or_nothing(said: dict[str, object], named: str) -> None:
    fact = {
        "actor": {"unit": "u-1"},
        "data": {"subject": {"id": "other", "kind": "x"}, "text": ',"recorded_at":"', "type": "t"},
        "district": XINZHOU,
        "id": IDENTITY,
        "occurred_at": "2026-09-28",
        "origin": "imported",
        "recorded_at": "2026-09-28T09:00:00+08:00",
        "sequence": 7,
        "subject": {"id": named, "kind": "countersign"},
        "type": TYPE,
        **said,
    }
    line = orjson.dumps(fact, option=orjson.OPT_SORT_KEYS)
    envelope = envelope_of(XINZHOU, 7, "2026-09-28T09:00:00+08:00", f"countersign/{named}", 2, TYPE, IDENTITY)
    leaf = leaf_hash(DIGEST, envelope, line)
    cutter = offline.Cutter(DIGEST, XINZHOU)
    end = leaf.hex().encode()
    cut = (leaf, TYPE.encode(), f"countersign/{named}".encode(), 2)
    assert cutter.sealed(b"7 2 " + end, line, b"7") == (None if {'"', "\\"} & {*named} else cut)
    for seal, number in ((b"7 3 ", b"7"), (b"8 2 ", b"8"), (b"7 2x ", b"7"), (b"7 2 2 ", b"7"), (b"7 02 ", b"7")):
        assert cutter.sealed(seal + end, line, number) is None
    for changed in (line.replace(b"u-1", b"u-2"), line.replace(b"xinzhou", b"xinqiu"), line[1:], b""):
        assert cutter.sealed(b"7 2 " + end, changed, b"7") is None


ENDING = (
    ',"district":"xinzhou","id":"ID","occurred_at":"2026-09-28","origin":"recorded",'
    '"recorded_at":"2026-09-28T09:00:00+08:00","sequence":7,"subject":{"id":"CASE","kind":"countersign"},'
    '"type":"countersign.requested.v1"'
)
TRUE = ENDING.replace("ID", IDENTITY).replace("CASE", "cs-1")
FALSE = ENDING.replace("ID", "00000000-0000-0000-0000-000000000000").replace("CASE", "cs-2")
START = '{"data":{}'
LINES_THAT_SAY_TWO_THINGS = {
    "behind the type": START + TRUE + ',"under":' + START + FALSE + "}}",
    "within a source": START + TRUE.replace(',"subject"', ',"source":{"kind":"paper"' + FALSE + '},"subject"') + "}",
    "in the place of an origin": START + TRUE.replace('"recorded",', START + FALSE + "},") + "}",
    "with another id said later": START + FALSE.replace(',"origin"', f',"id":"{IDENTITY}","origin"') + "}",
    "with another case in other letters": START + FALSE.replace('"cs-2"', r'"cs\u002d2"') + "}",
    "with a line that is closed twice": START + FALSE + "}}",
}


@pytest.mark.parametrize("what", LINES_THAT_SAY_TWO_THINGS)
def test_a_fact_is_cut_only_from_an_end_that_says_what_the_whole_says(what: str) -> None:
    line = LINES_THAT_SAY_TWO_THINGS[what].encode()
    cutter = offline.Cutter(DIGEST, XINZHOU)
    for case, name in (("cs-1", IDENTITY), ("cs-2", "00000000-0000-0000-0000-000000000000"), (r"cs\u002d2", "0" * 36)):
        envelope = b'["xinzhou",7,"2026-09-28T09:00:00+08:00","countersign/%b",2,"%b","%b"]' % (
            case.encode(),
            TYPE.encode(),
            name.encode(),
        )
        seal = b"7 2 " + leaf_hash(DIGEST, envelope, line).hex().encode()
        assert cutter.sealed(seal, line, b"7") is None


def test_it_says_plainly_when_the_machine_has_no_sm3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    with pytest.raises(offline.UnreadableError, match="SM3"):
        offline.hash_function("sm3")


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_its_signatures_are_those_of_the_maintained_library(seed: bytes, message: bytes, flipped: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert offline.signature_holds(public, message, signature)
    assert not offline.signature_holds(public, message + b"x", signature)
    other = bytearray(signature)
    other[flipped // 8] ^= 1 << flipped % 8
    assert not offline.signature_holds(public, message, bytes(other))


def leaves(size: int) -> list[bytes]:
    return [DIGEST(b"%d" % number) for number in range(size)]


def root(of: list[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in of:
        frontier = frontier.extended(DIGEST, leaf)
    return frontier.root(DIGEST)


@given(st.integers(1, 70), st.data())
def test_its_trees_are_those_of_the_ledger(size: int, drawn: st.DataObject) -> None:
    all_leaves = leaves(size)
    old = drawn.draw(st.integers(0, size))
    path = roots_of(DIGEST, consistency_ranges(old, size), lambda start, end: all_leaves[start:end])
    old_root, new_root = root(all_leaves[:old]), root(all_leaves)
    assert offline.is_consistent(offline.hash_function("sha256"), old, old_root, size, new_root, path)
    assert not offline.is_consistent(offline.hash_function("sha256"), old, DIGEST(old_root), size, new_root, path)
    index = drawn.draw(st.integers(0, size - 1))
    proof = roots_of(DIGEST, inclusion_ranges(index, size), lambda start, end: all_leaves[start:end])
    assert offline.root_by_inclusion(DIGEST, index, size, all_leaves[index], proof) == new_root


@given(st.integers(1, 70), st.data())
def test_the_proofs_of_many_facts_come_from_one_pass(size: int, drawn: st.DataObject) -> None:
    all_leaves = leaves(size)
    wanted = drawn.draw(st.sets(st.integers(1, size)))
    whole_root, proofs = inclusion_proofs(DIGEST, size, sorted(wanted), iter(all_leaves))
    expected = {
        one: roots_of(DIGEST, inclusion_ranges(one - 1, size), lambda start, end: all_leaves[start:end])
        for one in wanted
    }
    assert (whole_root, proofs) == (root(all_leaves), expected)
