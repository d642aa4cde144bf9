"""Facts put behind the last by somebody who writes to the tables instead of recording, and seals what he wrote.

Everything before them stays, so that each checkpoint and each witness still fits: only what a ledger would never write
gives them away.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.cli import main
from services.evidence.verify import check
from services.evidence.verifying import verify_package
from services.evidence.writing import Writing
from tests.audit.house import record, sign, verified
from tests.audit.stored_rows import Row, Tables
from tests.audit.stores import SqliteStore, Store

LAST = 12
FORGED = LAST + 1
NOT_AS_STORED = "ledger.not_as_recorded"
FORGERIES: dict[str, tuple[str, str, str]] = {
    "recorded before the fact before it": (
        "2026-09-28T09:00:00+08:00",
        "2026-09-28T08:59:59.999999+08:00",
        "ledger.back_dated",
    ),
    "recorded before it, in another time zone": (
        "2026-09-28T09:00:00+08:00",
        "2026-09-28T00:30:00Z",
        NOT_AS_STORED,
    ),
    "recorded at a time in another form": ("2026-09-28T09:00:00+08:00", "2026-09-28T09:00+08:00", NOT_AS_STORED),
    "a payload with the number of an earlier fact": ('"sequence":13,', '"sequence":3,', NOT_AS_STORED),
    "a payload of another case": ('"subject":{"id":"m-1"', '"subject":{"id":"m-2"', NOT_AS_STORED),
    "a payload of another kind of case": ('"kind":"matter"}', '"kind":"person"}', NOT_AS_STORED),
    "a payload of another type": ('"type":"matter.withdrawn.v1"', '"type":"matter.submitted.v1"', NOT_AS_STORED),
    "a payload of another district": ('"district":"xinzhou"', '"district":"xinqiu"', NOT_AS_STORED),
    "a payload with two subjects": ('"subject":', '"subject":{"id":"m-0","kind":"matter"},"subject":', NOT_AS_STORED),
    "a payload with another number within a source": (
        '"sequence":13,',
        '"sequence":3,"source":{"kind":"paper","name":"\\"sequence\\":13,"},',
        NOT_AS_STORED,
    ),
    "a payload with two districts": (',"origin"', ',"district":"xinzhou","origin"', NOT_AS_STORED),
    "a payload whose district and id stand within its data": (
        '},"district":"xinzhou","id":"00000000-0000-0000-0000-000000000000",',
        ',"district":"xinzhou","id":"00000000-0000-0000-0000-000000000000"},',
        NOT_AS_STORED,
    ),
    "a payload with a second id in other letters": (
        '"occurred_at"',
        '"\\u0069d":"00000000-0000-0000-0000-000000000001","occurred_at"',
        NOT_AS_STORED,
    ),
    "a payload with a second id behind a space": (
        '"occurred_at"',
        '"id" :"00000000-0000-0000-0000-000000000001","occurred_at"',
        NOT_AS_STORED,
    ),
    "a payload with two ids": (
        '"origin"',
        '"id":"00000000-0000-0000-0000-000000000001","origin"',
        NOT_AS_STORED,
    ),
}


def forged(tables: Tables, *changes: tuple[str, str]) -> Tables:
    """Return the tables with one more fact, with other words in its payload, everything sealed as it stands."""
    last = tables.row(LAST)
    own = Row(FORGED, bytes(16), b"", b"", "xinzhou/matter/m-1", 5, last.topic, last.state)
    state = last.state
    for old, new in (
        (_id(last), "00000000-0000-0000-0000-000000000000"),
        ('"sequence":12,', '"sequence":13,'),
        ('"id":"m-0"', '"id":"m-1"'),
        *changes,
    ):
        assert old.encode() in state
        state = state.replace(old.encode(), new.encode(), 1)
    return replace(tables, rows=(*tables.rows, replace(own, state=state))).sealed_anew()


def _id(row: Row) -> str:
    start = row.state.index(b'"id":"') + 6
    return row.state[start : start + 36].decode()


def test_a_fact_as_recording_makes_it_is_no_forgery(store: Store) -> None:
    record(store, 1, LAST)
    kept = sign(store)
    store.overwrite(forged(store.tables()))
    found = verified(store, kept)
    assert (found.ok, found.found.facts) == (True, FORGED)


@pytest.mark.parametrize("what", FORGERIES)
def test_a_fact_that_recording_would_not_make_is_named_although_every_seal_fits(store: Store, what: str) -> None:
    old, new, code = FORGERIES[what]
    record(store, 1, LAST)
    kept = sign(store)
    store.overwrite(forged(store.tables(), (old, new)))
    found = verified(store, kept)
    assert found.reason is not None
    assert (found.first_bad, found.reason.code) == (FORGED, code)


@pytest.mark.parametrize(
    "moment", ["2026-09-28T25:00:00+08:00", "2026-13-28T09:00:00+08:00", "2027-02-29T09:00:00+08:00"]
)
def test_a_fact_recorded_at_a_moment_that_there_is_not_is_named(tmp_path: Path, moment: str) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, LAST)
    store.overwrite(forged(store.tables(), ("2026-09-28T09:00:00+08:00", moment)))
    assert main(["verify", str(store.data)]) == 1
    with store.reading() as ledger:
        found = ledger.verify("xinzhou")
    assert (found.first_bad, found.reason and found.reason.code) == (FORGED, NOT_AS_STORED)


TEXTS_THAT_RECORDING_WOULD_NOT_WRITE: dict[str, tuple[tuple[str, str], str | None, str | None]] = {
    "a word said twice": (('"data":{', '"data":{"reason":"同意",'), None, "evidence.never_recorded"),
    "its content twice": (('"data":{', '"data":{"reason":"同意"},"data":{'), None, "evidence.never_recorded"),
    "its content twice in other letters": (
        ('"data":{', '"d\\u0061ta":{"reason":"同意"},"data":{'),
        None,
        "evidence.never_recorded",
    ),
    "a line within it": (('{"actor":', '{\n"actor":'), None, "evidence.seal_broken"),
    "a word that no vocabulary has": (('"data":{', '"data":{"zz":1,'), "ledger.unknown_form", "ledger.unknown_form"),
    "a number for a text": (('"另行研究"', "5"), "ledger.unknown_form", "ledger.unknown_form"),
    "a day that there is not": (
        ('"occurred_at":"2026-09-28"', '"occurred_at":"2026-02-30"'),
        "ledger.unknown_form",
        "ledger.unknown_form",
    ),
    "a NUL in a text": (("另行研究", "另行\\u0000研究"), "ledger.unknown_form", "ledger.unknown_form"),
    "an origin that there is not": (
        ('"origin":"recorded"', '"origin":"ghost"'),
        "ledger.unknown_form",
        "ledger.unknown_form",
    ),
}
"""What the threat model says of a text sealed by hand: verifying does not read it, replay and export do."""


@pytest.mark.parametrize("what", TEXTS_THAT_RECORDING_WOULD_NOT_WRITE)
def test_a_text_that_recording_would_not_write_is_named_by_who_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    change, replay, export = TEXTS_THAT_RECORDING_WOULD_NOT_WRITE[what]
    store = SqliteStore(tmp_path / "var")
    monkeypatch.setenv("TAIZHANG_DATA", str(store.data))
    record(store, 1, LAST)
    store.overwrite(forged(store.tables(), change))
    assert main(["verify", str(store.data)]) == 0
    capsys.readouterr()
    asked = ["replay", "--district", "xinzhou", "--case", "matter/m-1", "--from-ledger"]
    assert main(asked) == (0 if replay is None else 1)
    assert replay is None or replay in capsys.readouterr().err
    assert main(["export", "--district", "xinzhou", "--to", str(tmp_path / "package")]) == 1
    said = capsys.readouterr().err
    assert export is None or export in said
    assert str(FORGED) in said
    assert not (tmp_path / "package").exists()


def test_a_payload_with_the_id_of_another_fact_is_named(store: Store) -> None:
    record(store, 1, LAST)
    kept = sign(store)
    other = _id(store.tables().row(4))
    store.overwrite(forged(store.tables(), ("00000000-0000-0000-0000-000000000000", other)))
    found = verified(store, kept)
    assert found.reason is not None
    assert (found.first_bad, found.reason.code) == (FORGED, NOT_AS_STORED)


@pytest.mark.parametrize("command", [["export"], ["export", "--case", "matter/m-1"], ["export", "--from", "13"]])
@pytest.mark.parametrize("what", FORGERIES)
def test_no_package_is_made_with_a_fact_that_recording_would_not_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], what: str, command: list[str]
) -> None:
    old, new, _ = FORGERIES[what]
    store = SqliteStore(tmp_path / "var")
    monkeypatch.setenv("TAIZHANG_DATA", str(store.data))
    record(store, 1, LAST)
    store.overwrite(forged(store.tables(), (old, new)))
    package = tmp_path / "package"
    assert main([*command, "--district", "xinzhou", "--to", str(package)]) == 1
    said = capsys.readouterr().err
    assert "evidence.never_recorded" in said
    assert f"Fact {FORGED} of the ledger" in said
    assert not package.exists()
    if "--from" not in command:
        assert main([*command, "--district", "xinzhou", "--until", str(LAST), "--to", str(package)]) == 0
        assert check(str(package)).problems == []


def test_an_evidence_package_with_a_back_dated_fact_proves_nothing_from_it_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(tmp_path / "var")
    monkeypatch.setenv("TAIZHANG_DATA", str(store.data))
    record(store, 1, LAST)
    store.overwrite(forged(store.tables(), ("2026-09-28T09:00:00+08:00", "2026-09-28T08:59:59.999999+08:00")))
    monkeypatch.setattr(Writing, "_sound", lambda *_: None)  # a forger exports with a program that does not look
    assert main(["export", "--district", "xinzhou", "--to", str(tmp_path / "package")]) == 0
    offline = check(str(tmp_path / "package"))
    online = verify_package(tmp_path / "package")
    said = [(one.sequence, one.en) for one in offline.problems]
    assert said == [(one.sequence, one.en) for one in online.problems]
    assert [sequence for sequence, _ in said] == [FORGED]
    assert "no ledger does so" in said[0][1]
