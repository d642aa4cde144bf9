"""Verification of stored rows page by page: what is right passes, and what is wrong is named whatever page it is on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ledger.port import Anchor, Verification
from events.ledger.sealed_pages import SealedPages
from events.ledger.verification import StoredHead, verify_stored
from events.tree.growing import extended, grown
from events.tree.sealing import Frontier, envelope_of, hash_function, hash_start, leaf_hash
from tests.events.ledger.examples import XINZHOU
from tests.events.ledger.reference import tree_hash

DIGEST = hash_function("sha256")
FACTS = 45
Row = tuple[Any, ...]
LEAF, ROOT, STREAM, VERSION, TOPIC, STATE = range(2, 8)
PLAIN: dict[str, Any] = {
    "case": "matter/m-14",
    "topic": "matter.withdrawn.v1",
    "time": "2026-09-28T09:00:00+08:00",
}


def state(sequence: int, name: UUID, it: dict[str, Any]) -> bytes:
    """Return a payload as the ledger writes it: keys in order, no spaces."""
    kind, _, case = it["case"].partition("/")
    said = {
        "data": {"recorded_at": "never"},
        "district": XINZHOU,
        "id": str(name),
        "occurred_at": "2026-09-28",
        "origin": "recorded",
        "recorded_at": it["time"],
        "sequence": sequence,
        "subject": {"id": case, "kind": kind},
        "type": it["topic"],
    }
    return json.dumps(said | it.get("more", {}), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sealed(odd: dict[int, dict[str, Any]] | None = None, facts: int = FACTS) -> list[Row]:
    """Return rows that fit their seals; what is odd of some is sealed as well."""
    rows, leaves, versions = list[Row](), list[bytes](), Counter[str]()
    for sequence in range(1, facts + 1):
        it = PLAIN | (odd or {}).get(sequence, {})
        name = UUID(int=sequence * 2**64)
        versions[it["case"]] += 1
        version = it.get("version", versions[it["case"]])
        payload = state(sequence, name, it)
        envelope = envelope_of(XINZHOU, sequence, it["time"], it["case"], version, it["topic"], str(name))
        leaves.append(leaf_hash(DIGEST, envelope, payload))
        root = tree_hash(DIGEST, leaves)
        stream = f"{XINZHOU}/{it['case']}"
        rows.append((sequence, name.bytes, leaves[-1], root, stream, version, it["topic"], payload))
    return rows


def head_of(rows: Sequence[Row]) -> StoredHead:
    frontier = Frontier()
    for row in rows:
        frontier = frontier.extended(DIGEST, row[LEAF])
    last = rows[-1][STATE].rpartition(b'"recorded_at":"')[2].partition(b'"')[0].decode() if rows else ""
    return StoredHead(len(rows), last, frontier.to_bytes())


def verified(rows: Sequence[Row], head: StoredHead, page: int, anchors: Sequence[Anchor] = ()) -> Verification:
    pages = [rows[start : start + page] for start in range(0, len(rows), page)]
    return verify_stored(XINZHOU, "sha256", head, pages, lambda: True, anchors)


HONEST = sealed()
HEAD = head_of(HONEST)


@given(st.lists(st.integers(min_value=0, max_value=70), max_size=6))
def test_a_tree_that_grows_by_many_leaves_has_the_root_of_rfc_6962_after_each(steps: list[int]) -> None:
    leaves = [DIGEST(bytes([number % 251])) for number in range(sum(steps))]
    frontier, without, roots, slow = Frontier(), Frontier(), list[bytes](), Frontier()
    for step in steps:
        more = leaves[frontier.size : frontier.size + step]
        without = extended(hash_start("sha256"), without, more)
        after_each, frontier = grown(hash_start("sha256"), frontier, more)
        roots += after_each
    expected = []
    for leaf in leaves:
        slow = slow.extended(DIGEST, leaf)
        expected.append(slow.root(DIGEST))
    assert (roots, frontier, without) == (expected, slow, slow)


@pytest.mark.parametrize("page", [1, 7, 16, 32, FACTS])
def test_what_is_as_it_was_sealed_passes_in_pages_of_any_size(page: int) -> None:
    assert verified(HONEST, HEAD, page) == Verification(ok=True, facts=FACTS, root=HONEST[-1][ROOT])


def test_a_page_that_a_ledger_wrote_is_computed_as_a_whole() -> None:
    leaves = SealedPages(XINZHOU, hashlib.sha256).leaves(1, b"", HONEST)
    assert leaves == [row[LEAF] for row in HONEST]


@pytest.mark.parametrize(
    "odd",
    [
        {"case": 'matter/m-"14'},
        {"case": "matter/m\\14"},
        {"case": "matter/m\n14"},
        {"case": f"matter/m\n{XINZHOU}/14"},
        {"topic": 'matter",1,"v1'},
    ],
    ids=repr,
)
def test_words_that_json_writes_otherwise_are_looked_at_one_by_one_and_pass_when_sealed_so(odd: dict[str, Any]) -> None:
    rows = sealed({20: odd})
    assert SealedPages(XINZHOU, hashlib.sha256).leaves(1, b"", rows) is None
    assert verified(rows, head_of(rows), 16) == Verification(ok=True, facts=FACTS, root=rows[-1][ROOT])


@pytest.mark.parametrize(
    "more",
    [{"source": {"kind": "paper", "name": '"sequence":3,'}}, {"under": "entrustment/e-1"}, {"recorded_by": "c-1"}],
)
def test_what_else_a_payload_may_say_at_its_end_is_no_reason_to_look_at_the_whole_page(more: dict[str, Any]) -> None:
    rows = sealed({20: {"more": more}})
    assert SealedPages(XINZHOU, hashlib.sha256).leaves(1, b"", rows) == [row[LEAF] for row in rows]
    assert verified(rows, head_of(rows), 1).ok


@pytest.mark.parametrize("page", [1, 16, FACTS])
@pytest.mark.parametrize(
    ("odd", "code"),
    [
        ({"time": "2026-09-28T08:59:59.999999+08:00"}, "ledger.back_dated"),
        ({"time": "2026-09-28T09:00:00.5+08:00"}, "ledger.not_as_recorded"),
        ({"time": "2026-09-28T10:00:00+09:00"}, "ledger.not_as_recorded"),
        ({"more": {"sequence": 3}}, "ledger.not_as_recorded"),
        ({"more": {"sequence": True}}, "ledger.not_as_recorded"),
        ({"more": {"id": str(UUID(int=7))}}, "ledger.not_as_recorded"),
        ({"more": {"district": "xinqiu"}}, "ledger.not_as_recorded"),
        ({"more": {"subject": {"id": "m-14"}}}, "ledger.not_as_recorded"),
        (
            {"more": {"recorded_at": "2026-09-01T09:00:00+08:00", "source": {"recorded_at": PLAIN["time"]}}},
            "ledger.not_as_recorded",
        ),
        ({"version": 18}, "ledger.case_out_of_turn"),
        ({"version": 19}, "ledger.case_out_of_turn"),
        ({"version": 21}, "ledger.case_out_of_turn"),
        ({"version": 20.0}, "ledger.case_out_of_turn"),
        ({"version": None}, "ledger.case_out_of_turn"),
    ],
    ids=repr,
)
def test_what_recording_would_not_write_is_named_though_sealed(odd: dict[str, Any], code: str, page: int) -> None:
    rows = sealed({20: odd})
    found = verified(rows, head_of(rows), page)
    assert found.reason is not None
    assert (found.first_bad, found.reason.code) == (20, code)


def test_a_case_may_have_a_chinese_name() -> None:
    rows = sealed({20: {"case": "matter/议题-14"}})
    assert SealedPages(XINZHOU, hashlib.sha256).leaves(1, b"", rows) == [row[LEAF] for row in rows]
    assert verified(rows, head_of(rows), 16).ok


WRONG = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=40),
    st.sampled_from([b"\xff", 3.0, True, "xinzhou/", "yuanzhou/matter/m-14", b"xinzhou/matter/m-14", bytearray(32)]),
)


@given(st.integers(1, FACTS), st.integers(0, STATE), WRONG, st.sampled_from([7, 16, FACTS]))
def test_any_other_value_in_any_column_is_named(sequence: int, column: int, value: object, page: int) -> None:
    row = list(HONEST[sequence - 1])
    changed = type(row[column]) is not type(value) or row[column] != value
    row[column] = value
    found = verified([*HONEST[: sequence - 1], tuple(row), *HONEST[sequence:]], HEAD, page)
    same_bytes = isinstance(value, bytearray) and value == HONEST[sequence - 1][column]
    assert (found.ok, found.first_bad) == ((True, None) if not changed or same_bytes else (False, sequence))


@given(st.integers(1, FACTS), st.sampled_from([STREAM, TOPIC, STATE, LEAF, ROOT]), st.data())
def test_any_flipped_byte_is_named(sequence: int, column: int, data: st.DataObject) -> None:
    row = list(HONEST[sequence - 1])
    at = data.draw(st.integers(0, len(row[column]) - 1))
    is_text = isinstance(row[column], str)
    flipped = bytearray(row[column].encode() if is_text else row[column])
    flipped[at] ^= data.draw(st.integers(1, 255))
    row[column] = flipped.decode("latin-1") if is_text else bytes(flipped)
    found = verified([*HONEST[: sequence - 1], tuple(row), *HONEST[sequence:]], HEAD, 16)
    assert (found.ok, found.first_bad) == (False, sequence)
    assert found.reason is not None
    assert found.reason.code == "ledger.seal_broken"


@given(st.integers(1, FACTS), st.sampled_from([7, 16, FACTS]))
def test_a_row_that_lacks_is_named(sequence: int, page: int) -> None:
    found = verified([*HONEST[: sequence - 1], *HONEST[sequence:]], HEAD, page)
    assert (found.ok, found.first_bad, found.facts) == (False, sequence, sequence - 1)


def test_words_moved_from_one_column_to_the_next_are_another_envelope() -> None:
    rows = sealed({20: {"case": "matter/m-14", "topic": "a"}})
    moved = (*rows[19][:STREAM], 'xinzhou/matter/m-14",20,"a', *rows[19][VERSION:])
    found = verified([*rows[:19], moved, *rows[20:]], head_of(rows), 16)
    assert (found.ok, found.first_bad) == (False, 20)


def test_a_fact_of_another_district_is_none_of_this_one_whatever_its_seal() -> None:
    row = list(HONEST[19])
    row[STREAM] = "yuanzhou/matter/m-14"
    name = str(UUID(bytes=row[1]))
    row[LEAF] = leaf_hash(
        DIGEST, envelope_of("yuanzhou", 20, PLAIN["time"], PLAIN["case"], 20, PLAIN["topic"], name), row[STATE]
    )
    found = verified([*HONEST[:19], tuple(row), *HONEST[20:]], HEAD, 16)
    assert (found.ok, found.first_bad) == (False, 20)


@given(st.lists(st.integers(0, FACTS), max_size=4), st.sampled_from([7, 16, FACTS]))
def test_anchors_that_fit_pass_wherever_they_stand(sizes: list[int], page: int) -> None:
    anchors = [Anchor(size, HONEST[size - 1][ROOT] if size else DIGEST(b"")) for size in sizes]
    assert verified(HONEST, HEAD, page, anchors).ok


@given(st.integers(0, FACTS), st.lists(st.integers(1, FACTS), max_size=3), st.sampled_from([7, 16, FACTS]))
def test_the_first_anchor_that_does_not_fit_bounds_what_was_changed(bad: int, good: list[int], page: int) -> None:
    anchors = [Anchor(size, HONEST[size - 1][ROOT]) for size in good if size < bad]
    found = verified(HONEST, HEAD, page, [*anchors, Anchor(bad, bytes(32))])
    after = max((one.size for one in anchors), default=0)
    assert (found.ok, found.facts, found.first_bad) == (False, bad, after + 1)
    assert found.reason is not None
    assert found.reason.code == "ledger.sealed_anew"


def test_an_anchor_beyond_the_end_says_that_the_tail_is_cut() -> None:
    found = verified(HONEST, HEAD, 16, [Anchor(FACTS + 1, bytes(32))])
    assert (found.ok, found.first_bad, found.reason and found.reason.code) == (False, FACTS + 1, "ledger.tail_cut")


@pytest.mark.parametrize(
    "head",
    [HEAD._replace(recorded_at="2026-09-28T09:00:01+08:00"), HEAD._replace(frontier=Frontier().to_bytes())],
    ids=["time", "frontier"],
)
def test_a_head_that_says_something_else_is_named_with_the_last_fact(head: StoredHead) -> None:
    found = verified(HONEST, head, 16)
    assert (found.ok, found.first_bad) == (False, FACTS)
