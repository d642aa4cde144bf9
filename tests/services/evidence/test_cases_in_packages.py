"""Facts of a case removed, repeated or moved, and everything sealed anew, but not the case: packages tell it too.

A package of the whole ledger tells every such change. A part of it tells what the facts that it shows allow: how many
facts of a case come before the part, or belong to cases it is not of, it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli import main
from services.evidence import verify as offline
from services.evidence.case_turns import CaseTurns
from services.evidence.verifying import verify_package
from services.evidence.writing import Writing
from tests.audit.house import record
from tests.audit.stored_rows import Tables
from tests.audit.stores import SqliteStore

LAST = 12
Tamper = Callable[[Tables], Tables]
WHOLE: tuple[str, ...] = ()
FROM_FIVE = ("--from", "5")
OF_FIRST, OF_THIRD = ("--case", "matter/m-1"), ("--case", "matter/m-0")


def dropped(tables: Tables) -> Tables:
    """Leave out the second fact of the third case and move the rest up."""
    tables = tables.without(6)
    for sequence in range(7, LAST + 1):
        tables = tables.with_row(sequence, sequence=sequence - 1)
    return tables.renumbered()


TAMPERED: dict[str, tuple[Tamper, dict[tuple[str, ...], int | None]]] = {
    "nothing": (lambda it: it, {WHOLE: None, FROM_FIVE: None, OF_FIRST: None, OF_THIRD: None}),
    "a fact removed": (dropped, {WHOLE: 8, FROM_FIVE: None, OF_FIRST: None, OF_THIRD: 8}),
    "two facts of a case in each other's place": (
        lambda it: it.swapped(6, 9).renumbered(),
        {WHOLE: 6, FROM_FIVE: 9, OF_FIRST: None, OF_THIRD: 6},
    ),
    "a fact counted ahead": (
        lambda it: it.with_row(9, version=4).with_row(12, version=5),
        {WHOLE: 9, FROM_FIVE: 9, OF_FIRST: None, OF_THIRD: 9},
    ),
    "a case that begins with its second fact": (
        lambda it: it.with_row(3, version=2).with_row(6, version=3).with_row(9, version=4).with_row(12, version=5),
        {WHOLE: 3, FROM_FIVE: None, OF_FIRST: None, OF_THIRD: 3},
    ),
    "a case that begins with more facts than there were": (
        lambda it: it.with_row(6, version=7).with_row(9, version=8).with_row(12, version=9),
        {WHOLE: 6, FROM_FIVE: 6, OF_FIRST: None, OF_THIRD: 6},
    ),
}


@pytest.mark.parametrize(("what", "part"), [(what, part) for what, (_, found) in TAMPERED.items() for part in found])
def test_a_case_out_of_turn_is_named_as_far_as_the_package_tells(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
    part: tuple[str, ...],
) -> None:
    store = SqliteStore(tmp_path / "var")
    monkeypatch.setenv("TAIZHANG_DATA", str(store.data))
    record(store, 1, LAST)
    tamper, expected = TAMPERED[what]
    store.overwrite(tamper(store.tables()).sealed_anew())
    command = ["export", *part, "--district", "xinzhou", "--to"]
    assert main([*command, str(tmp_path / "refused")]) == (0 if expected[part] is None else 1)
    assert ("evidence.never_recorded" in capsys.readouterr().err) == (expected[part] is not None)
    monkeypatch.setattr(Writing, "_sound", lambda *_: None)  # a forger exports with a program that does not look
    assert main([*command, str(tmp_path / "package")]) == 0
    found = [(one.sequence, one.en) for one in offline.check(str(tmp_path / "package")).problems]
    assert found == [(one.sequence, one.en) for one in verify_package(tmp_path / "package").problems]
    assert [sequence for sequence, _ in found] == ([] if expected[part] is None else [expected[part]])
    assert all("does not follow what is shown before" in said for _, said in found)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([0, 0, 0, 0, -1, 1]))), st.booleans())
def test_both_verifiers_count_alike_and_never_doubt_what_was_recorded(
    drawn: list[tuple[int, bool, int]], of_a_case: bool
) -> None:
    """Each fact drawn: of which case, whether it is shown, and by how much a forger counts it wrongly."""
    asked = "matter/0" if of_a_case else None
    own, other = CaseTurns(asked), offline.CaseTurns(asked.encode() if asked else None)
    counts, honest, every_shown = dict[int, int](), True, True
    for sequence, (case, shown, wrong) in enumerate(drawn, 1):
        counts[case] = counts.get(case, 0) + 1
        every_shown = every_shown and shown
        if shown:
            honest = honest and wrong == 0
            version = counts[case] + wrong
            said = own.follows(sequence, f"matter/{case}", version)
            assert said == other.follows(sequence, b"matter/%d" % case, version)
            assert said or not honest
            assert not (said and wrong and honest and every_shown)
            if not said or wrong:
                return
        elif case == 0 or not of_a_case:
            own.withhold()
            other.withheld += 1
