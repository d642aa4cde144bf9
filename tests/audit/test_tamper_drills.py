"""Tampering with a real ledger: each way is detected and the first bad fact named, or only the witness can.

Twelve facts are recorded; the house signs a checkpoint after nine, which somebody outside keeps too.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from events.tree.signed_note import NoteError, SignedNote
from rulebooks.loading import HOME, rulebooks_of
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.rulebooks_then import ChangedRulebook, changed_rulebooks
from tests.audit.alerts import raised
from tests.audit.house import Outside, forget_checkpoints, record, sign, verified
from tests.audit.stored_rows import Tables
from tests.audit.stores import Store
from tests.events.ledger.examples import NINE, XINZHOU, alone

LAST = 12
Tamper = Callable[[Tables], Tables]

BY_HAND: dict[str, tuple[Tamper, int]] = {
    "payload": (lambda it: it.with_payload(4, "另行研究", "不再研究"), 4),
    "type": (lambda it: it.with_row(4, topic="matter.postponed.v1"), 4),
    "case": (lambda it: it.with_row(4, stream="xinzhou/matter/m-99"), 4),
    "version": (lambda it: it.with_row(4, version=77), 4),
    "sequence": (lambda it: it.with_row(4, sequence=99), 4),
    "time recorded": (lambda it: it.with_payload(4, "2026-09-28T09:00:00", "2026-09-21T09:00:00"), 4),
    "time occurred": (lambda it: it.with_payload(4, '"occurred_at":"2026-09-28"', '"occurred_at":"2026-09-21"'), 4),
    "identity": (lambda it: it.with_row(4, fact_id=bytes(16)), 4),
    "leaf": (lambda it: it.with_row(4, leaf=bytes(32)), 4),
    "root": (lambda it: it.with_row(4, root=bytes(32)), 4),
    "first row": (lambda it: it.with_payload(1, "另行研究", "不再研究"), 1),
    "last row": (lambda it: it.with_payload(LAST, "另行研究", "不再研究"), LAST),
    "row dropped": (lambda it: it.without(4), 4),
    "two swapped": (lambda it: it.swapped(4, 7), 4),
    "tail cut": (lambda it: it.cut_after(10), 11),
}
"""What somebody does who does not compute the seals anew: the seals alone show it."""


@pytest.fixture
def kept(store: Store) -> SignedNote:
    """Give the checkpoint of nine facts, as somebody outside keeps it."""
    record(store, 1, 9)
    note = sign(store)
    record(store, 10, LAST)
    return note


@pytest.mark.usefixtures("kept")
def test_an_untouched_ledger_is_as_it_was_sealed(store: Store, kept: SignedNote) -> None:
    found = verified(store, kept)
    assert (found.ok, found.found.facts, found.found.first_bad, len(found.held)) == (True, LAST, None, 2)
    store.overwrite(store.tables().sealed_anew())
    assert verified(store, kept).ok, "the intruder of the drills knows the form exactly"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("what", BY_HAND)
def test_a_change_by_hand_is_shown_by_the_seals_alone(store: Store, what: str) -> None:
    tamper, first_bad = BY_HAND[what]
    store.overwrite(tamper(store.tables()))
    found = verified(store, alone_=True)
    assert (found.ok, found.found.first_bad, found.reason and found.reason.code) == (
        False,
        first_bad,
        "ledger.seal_broken",
    )


@pytest.mark.usefixtures("kept")
def test_a_fact_beside_the_ledger_is_shown_by_the_seals_alone(store: Store) -> None:
    tables = store.tables()
    extra = tables.with_row(4, sequence=LAST + 5, fact_id=bytes(16), version=88).row(LAST + 5)
    store.overwrite(Tables((*tables.rows, extra), tables.sequence, tables.recorded_at, tables.frontier))
    assert (verified(store, alone_=True).ok, verified(store, alone_=True).found.first_bad) == (False, LAST + 1)


def test_a_fork_sealed_anew_fits_itself_and_is_shown_by_the_kept_checkpoint(store: Store, kept: SignedNote) -> None:
    store.overwrite(store.tables().with_payload(4, "另行研究", "不再研究").sealed_anew())
    assert verified(store, alone_=True).ok
    for found in (verified(store), verified(store, kept, alone_=True)):
        assert (found.ok, found.found.first_bad) == (False, 1)
        assert found.reason is not None
        assert (found.reason.code, "1 至 9" in found.reason.zh) == ("ledger.sealed_anew", True)


def test_more_checkpoints_narrow_down_what_was_changed(store: Store, kept: SignedNote) -> None:
    later = sign(store)
    record(store, LAST + 1, LAST + 4)
    store.overwrite(store.tables().with_payload(11, "另行研究", "不再研究").sealed_anew())
    found = verified(store, kept, later, alone_=True)
    assert (found.ok, found.found.first_bad, found.reason and found.reason.code) == (False, 10, "ledger.sealed_anew")


def test_a_tail_cut_clean_is_shown_by_the_kept_checkpoint(store: Store, kept: SignedNote) -> None:
    store.overwrite(store.tables().cut_after(6).sealed_anew())
    assert verified(store, alone_=True).ok
    for found in (verified(store), verified(store, kept, alone_=True)):
        assert (found.ok, found.found.first_bad, found.reason and found.reason.code) == (False, 7, "ledger.tail_cut")
    with pytest.raises(NoteError) as caught:
        sign(store)
    assert caught.value.code == "checkpoint.ledger_shorter"


@pytest.mark.usefixtures("kept")
def test_a_tail_cut_after_the_last_checkpoint_is_shown_by_nothing_but_a_receipt_or_a_later_one(store: Store) -> None:
    """The window that the threat model names: as long as nobody outside holds anything of the last facts."""
    receipt_outside = sign(store)
    forget_checkpoints(store)
    store.overwrite(store.tables().cut_after(10).sealed_anew())
    assert verified(store).ok
    assert verified(store, receipt_outside).found.first_bad == 11


@pytest.mark.usefixtures("kept")
def test_a_fork_that_the_house_signs_again_is_refused_by_the_witness_who_names_the_fact(
    store: Store, tmp_path: Path
) -> None:
    outside = Outside(store, tmp_path / "witness")
    assert outside.asked() == "signed"
    store.overwrite(store.tables().with_payload(4, "另行研究", "不再研究").sealed_anew())
    forget_checkpoints(store)
    sign(store)
    assert verified(store).ok, "with the key of the house everything fits again"
    assert outside.asked() == ("witness.other_root", 4)
    record(store, LAST + 1, LAST + 2)
    assert outside.asked() == ("witness.not_consistent", 4)


def _named(store: Store) -> tuple[int | None, str | None]:
    found = verified(store)
    return found.first_bad, None if found.reason is None else found.reason.code


@pytest.mark.usefixtures("kept")
def test_two_swapped_and_sealed_anew_are_named_by_the_witness(store: Store, tmp_path: Path) -> None:
    outside = Outside(store, tmp_path / "witness")
    outside.asked()
    swapped = store.tables().swapped(5, 8).renumbered()
    store.overwrite(swapped.sealed_anew())
    forget_checkpoints(store)
    assert _named(store) == (5, "ledger.case_out_of_turn"), "unless the case is counted anew as well"
    store.overwrite(swapped.counted_anew().sealed_anew())
    assert verified(store).ok
    assert outside.asked() == ("witness.other_root", 5)


@pytest.mark.usefixtures("kept")
def test_a_row_dropped_and_the_rest_moved_up_is_named_by_the_witness(store: Store, tmp_path: Path) -> None:
    outside = Outside(store, tmp_path / "witness")
    outside.asked()
    tables = store.tables().without(6)
    for sequence in range(7, LAST + 1):
        tables = tables.with_row(sequence, sequence=sequence - 1)
    store.overwrite(tables.renumbered().sealed_anew())
    forget_checkpoints(store)
    assert _named(store) == (8, "ledger.case_out_of_turn"), "unless the case is counted anew as well"
    store.overwrite(tables.renumbered().counted_anew().sealed_anew())
    assert verified(store).ok
    assert outside.asked() == ("witness.smaller", 6)


@pytest.mark.usefixtures("kept")
def test_a_checkpoint_replaced_by_one_of_a_fork_does_not_fit_the_ledger(store: Store) -> None:
    true = store.tables()
    store.overwrite(true.with_payload(4, "另行研究", "不再研究").sealed_anew())
    forget_checkpoints(store)
    forged = sign(store)
    store.overwrite(true)
    found = verified(store)
    assert (found.ok, found.reason and found.reason.code) == (False, "ledger.sealed_anew")
    with pytest.raises(NoteError) as caught:
        sign(store)
    assert (caught.value.code, forged.text.splitlines()[1]) == ("checkpoint.ledger_forked", str(LAST))


def test_a_checkpoint_with_changed_words_has_no_signature(store: Store, kept: SignedNote) -> None:
    path = CheckpointFolder(store.data, XINZHOU).file_of(9)
    path.write_text(kept.to_bytes().decode().replace("\n9\n", "\n8\n"), encoding="utf-8")
    found = verified(store)
    assert (found.ok, found.found.first_bad, found.reason and found.reason.code) == (False, None, "note.bad_signature")


@pytest.mark.usefixtures("kept")
def test_an_old_ledger_put_back_is_shown_by_the_checkpoints_of_its_house(store: Store) -> None:
    sign(store)
    old = store.tables().cut_after(9).sealed_anew()
    record(store, LAST + 1, LAST + 3)
    store.overwrite(old)
    found = verified(store)
    assert (found.ok, found.found.first_bad, found.reason and found.reason.code) == (False, 10, "ledger.tail_cut")


@pytest.mark.usefixtures("kept")
def test_an_old_state_of_everything_put_back_is_shown_by_the_witness_alone(store: Store, tmp_path: Path) -> None:
    tables = store.tables()
    shutil.copytree(store.data, tmp_path / "backup")
    record(store, LAST + 1, LAST + 3)
    outside = Outside(store, tmp_path / "witness")
    assert outside.asked() == "signed"
    shutil.rmtree(store.data)
    shutil.copytree(tmp_path / "backup", store.data)
    store.overwrite(tables)
    assert verified(store).ok, "the back-up was good when it was made"
    assert outside.asked() == ("witness.smaller", LAST + 1)


@pytest.fixture
def rulebooks(tmp_path: Path) -> Path:
    """Give a copy of the district's rulebooks, to be changed at will."""
    shutil.copytree(HOME / XINZHOU, tmp_path / "rulebooks" / XINZHOU)
    return tmp_path / "rulebooks"


def test_a_rulebook_changed_after_the_fact_is_shown_by_the_first_alert_that_rests_on_it(
    store: Store, rulebooks: Path
) -> None:
    (book,) = rulebooks_of(XINZHOU, rulebooks)
    record(store, 1, 3)
    with store.writing() as ledger:
        ledger.record(alone(raised(book.sha256)), NINE)
    with store.reading() as ledger:
        assert changed_rulebooks(ledger, XINZHOU, rulebooks) == []
    path = next(path for path in (rulebooks / XINZHOU).rglob("*.yaml") if "n: 5" in path.read_text(encoding="utf-8"))
    path.write_text(path.read_text(encoding="utf-8").replace("n: 5", "n: 6"), encoding="utf-8")
    (after,) = rulebooks_of(XINZHOU, rulebooks)
    with store.reading() as ledger:
        assert changed_rulebooks(ledger, XINZHOU, rulebooks) == [
            ChangedRulebook(rulebook="rulebook/xinzhou-2023", sequence=4, then=book.sha256, now=after.sha256)
        ]
        shutil.rmtree(rulebooks / XINZHOU)
        gone = changed_rulebooks(ledger, XINZHOU, rulebooks)
    assert [(one.sequence, one.now) for one in gone] == [(4, None)]
