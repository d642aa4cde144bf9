"""taizhang checkpoint, receipt and verify --since: what was signed once is never contradicted."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.sqlite.reader import open_reader
from events.tree.checkpoint import believed_checkpoint
from events.tree.signed_note import COSIGNATURE, SignedNote, SigningKey, VerifierKey, read_note
from services.recording.embedded import LEDGER_FILE
from tests.audit.alerts import raised
from tests.events.ledger.examples import NINE, XINZHOU, alone
from tests.services.proving.ledger_on_disk import Run, as_json, ledger_of, record, runner

ORIGIN = "office.example/xinzhou"
SIGN = ("checkpoint", "--district", XINZHOU)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    record(tmp_path / "var", 1, 7)
    return tmp_path / "var"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    return runner(monkeypatch, capsys, data)


def test_a_checkpoint_is_signed_kept_and_believed_with_the_public_key(run: Run, data: Path, tmp_path: Path) -> None:
    code, note, _ = run(*SIGN, "--to", tmp_path / "outside")
    key = VerifierKey.from_text(run(*SIGN, "--public-key")[1])
    checkpoint, _ = believed_checkpoint(note.encode(), key)
    with closing(open_reader(data / LEDGER_FILE)) as ledger:
        head = ledger.head(XINZHOU)
    assert (code, checkpoint.origin, checkpoint.size, checkpoint.root) == (0, ORIGIN, 7, head.root)
    assert (tmp_path / "outside").read_text() == note
    assert (data / "checkpoints" / XINZHOU / "000000000007.checkpoint").read_text() == note
    assert stat.S_IMODE((data / "checkpoint.key").stat().st_mode) == 0o600


def test_the_same_tree_has_one_checkpoint_and_a_grown_one_another(run: Run, data: Path) -> None:
    first, again = run(*SIGN), run(*SIGN)
    record(data, 8, 9)
    later = as_json(run(*SIGN, "--json"))
    assert (first, later["size"]) == (again, 9)
    assert [line.split("\t")[0] for line in run(*SIGN, "--list")[1].splitlines()] == ["7", "9"]


def test_nothing_is_signed_of_a_district_without_facts(run: Run) -> None:
    code, out, err = run("checkpoint", "--district", "yuanzhou")
    assert (code, out, "[checkpoint.nothing_recorded]" in err) == (2, "", True)


def test_a_ledger_that_lost_its_tail_gets_no_checkpoint(run: Run, data: Path, tmp_path: Path) -> None:
    shutil.copyfile(data / LEDGER_FILE, tmp_path / "old")
    record(data, 8, 9)
    run(*SIGN)
    shutil.copyfile(tmp_path / "old", data / LEDGER_FILE)
    code, out, err = run(*SIGN)
    assert (code, out, "[checkpoint.ledger_shorter]" in err) == (1, "", True)


def test_a_ledger_written_anew_gets_no_checkpoint(run: Run, data: Path) -> None:
    run(*SIGN)
    (data / LEDGER_FILE).unlink()
    record(data, 1, 9, reason="撤回")
    code, out, err = run(*SIGN)
    assert (code, out, "[checkpoint.ledger_forked]" in err) == (1, "", True)


def test_a_lost_key_is_not_quietly_made_anew(run: Run, data: Path) -> None:
    run(*SIGN)
    (data / "checkpoint.key").unlink()
    code, out, err = run(*SIGN)
    assert (code, out, "[signing_key.missing]" in err) == (2, "", True)


def test_a_key_that_others_may_read_is_not_used(run: Run, data: Path) -> None:
    run(*SIGN)
    (data / "checkpoint.key").chmod(0o644)
    assert "[signing_key.unusable]" in run(*SIGN)[2]


def test_a_ledger_is_verified_since_a_checkpoint_that_somebody_kept(run: Run, data: Path, tmp_path: Path) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    record(data, 8, 12)
    told = run("verify", data, "--since", tmp_path / "kept", "--json")
    found = as_json(told)
    assert (told[0], found["ok"], found["facts"], found["first_bad"]) == (0, True, 12, None)
    assert [(one["size"], one["signed_by"]) for one in found["districts"][0]["checkpoints"]] == [
        (7, [{"name": ORIGIN, "at": None}]),
        (7, [{"name": ORIGIN, "at": None}]),
    ]


def test_an_outsider_verifies_with_the_public_key_alone_as_text_or_as_a_file(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    key = run(*SIGN, "--public-key")[1].strip()
    (tmp_path / "key.txt").write_text(f"{key}\n", encoding="utf-8")
    shutil.copyfile(data / LEDGER_FILE, tmp_path / "copy.sqlite")
    for given in (key, tmp_path / "key.txt"):
        assert run("verify", tmp_path / "copy.sqlite", "--since", tmp_path / "kept", "--key", given)[0] == 0
    code, out, err = run("verify", tmp_path / "copy.sqlite", "--since", tmp_path / "kept")
    assert (code, out, "[checkpoint.no_key]" in err) == (2, "", True)


def test_a_checkpoint_that_another_key_signed_proves_nothing(run: Run, data: Path, tmp_path: Path) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    other = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)).verifier.to_text()
    code, out, err = run("verify", data, "--since", tmp_path / "kept", "--key", other)
    assert (code, out, "[checkpoint.other_key]" in err) == (2, "", True)
    (tmp_path / "kept").write_text((tmp_path / "kept").read_text().replace("\n7\n", "\n6\n"))
    code, out, err = run("verify", data, "--since", tmp_path / "kept")
    assert (code, out, "[note.bad_signature]" in err) == (1, "", True)


def test_a_checkpoint_of_a_district_that_is_gone_is_missed(run: Run, tmp_path: Path) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    key = run(*SIGN, "--public-key")[1].strip()
    record(tmp_path / "empty", 1, 0)
    told = run("verify", tmp_path / "empty", "--since", tmp_path / "kept", "--key", key, "--json")
    assert (told[0], as_json(told)["ok"], as_json(told)["first_bad"]) == (1, False, 1)
    assert as_json(told)["districts"][0]["reason"]["code"] == "ledger.tail_cut"


def test_the_witness_is_taken_into_the_kept_checkpoint_and_asked_for_by_its_key(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    witness = SigningKey("inspectorate.example", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32), COSIGNATURE)
    note = read_note((tmp_path / "kept").read_bytes())
    (tmp_path / "cosigned").write_bytes(note.with_signature(witness.cosign(note.text, 1_790_000_000)).to_bytes())
    own, key = run(*SIGN, "--public-key")[1].strip(), witness.verifier.to_text()
    refused = run(*SIGN, "--cosigned", tmp_path / "kept", "--witness", key)
    assert (refused[0], "[checkpoint.not_cosigned]" in refused[2]) == (2, True)
    taken = as_json(run(*SIGN, "--cosigned", tmp_path / "cosigned", "--witness", key, "--json"))
    assert [one["name"] for one in taken["signatures"]] == [ORIGIN, "inspectorate.example"]
    both = ("--key", own, "--key", key)
    assert run("verify", data, "--since", tmp_path / "kept", *both)[0] == 2
    found = as_json(run("verify", data, "--since", taken["file"], *both, "--json"))
    assert found["districts"][0]["checkpoints"][0]["signed_by"] == [
        {"name": ORIGIN, "at": None},
        {"name": "inspectorate.example", "at": "2026-09-21T22:13:20+08:00"},
    ]


def test_a_receipt_is_proved_against_a_later_checkpoint_and_checked_without_the_ledger(
    run: Run, data: Path, tmp_path: Path
) -> None:
    with closing(open_reader(data / LEDGER_FILE)) as ledger:
        receipt = ledger.receipts(XINZHOU, [3])[0]
    key = run(*SIGN, "--public-key")[1].strip()
    record(data, 8, 12)
    proof = tmp_path / "3.tlog-proof"
    told = as_json(run("receipt", "--district", XINZHOU, "--sequence", 3, "--leaf", receipt.leaf.hex(), "--to", proof,
                       "--json"))  # fmt: skip
    assert (told["ok"], told["size"], proof.read_text().splitlines()[:2]) == (
        True,
        12,
        ["c2sp.org/tlog-proof@v1", "index 2"],
    )
    offline = ("receipt", "--proof", proof, "--key", key, "--sequence")
    assert run(*offline, 3, "--leaf", receipt.leaf.hex())[0] == 0
    assert "[receipt.contradicted]" in run(*offline, 4, "--leaf", receipt.leaf.hex())[2]
    assert run(*offline, 3, "--leaf", "00" * 32)[0] == 1
    assert run("receipt", "--proof", proof, "--sequence", 3)[0] == 2


def test_a_receipt_beyond_the_checkpoint_needs_a_later_one(run: Run, data: Path, tmp_path: Path) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    record(data, 8, 9)
    code, _, err = run("receipt", "--district", XINZHOU, "--sequence", 9, "--checkpoint", tmp_path / "kept")
    assert (code, "[receipt.not_covered]" in err) == (2, True)


def test_a_receipt_of_a_ledger_written_anew_is_contradicted(run: Run, data: Path, tmp_path: Path) -> None:
    run(*SIGN, "--to", tmp_path / "kept")
    (data / LEDGER_FILE).unlink()
    record(data, 1, 7, reason="撤回")
    code, _, err = run("receipt", "--district", XINZHOU, "--sequence", 3, "--checkpoint", tmp_path / "kept")
    assert (code, "[receipt.not_proved]" in err) == (1, True)


def test_a_kept_checkpoint_that_was_replaced_is_named(run: Run, data: Path) -> None:
    run(*SIGN)
    record(data, 8, 9)
    run(*SIGN)
    folder = data / "checkpoints" / XINZHOU
    shutil.copyfile(folder / "000000000009.checkpoint", folder / "000000000007.checkpoint")
    found = as_json(run("verify", data, "--json"))
    assert (found["ok"], found["first_bad"], found["districts"][0]["reason"]["code"]) == (
        False,
        None,
        "checkpoint.misplaced",
    )
    (folder / "000000000007.checkpoint").write_text("nothing\n")
    assert as_json(run("verify", data, "--json"))["districts"][0]["reason"]["code"] == "note.malformed"


def test_an_sm3_ledger_says_so_in_its_origin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record(tmp_path / "sm3", 1, 5, algorithm="sm3")
    run = runner(monkeypatch, capsys, tmp_path / "sm3")
    assert as_json(run(*SIGN, "--json"))["origin"] == f"{ORIGIN}/sm3"
    assert run("receipt", "--district", XINZHOU, "--sequence", 2)[0] == 0
    assert run("verify", tmp_path / "sm3")[0] == 0


def test_a_fact_changed_by_hand_has_no_proof(run: Run, data: Path) -> None:
    run(*SIGN)
    with closing(sqlite3.connect(data / LEDGER_FILE)) as file:
        file.execute("UPDATE facts SET leaf = zeroblob(32) WHERE sequence = 2")
        file.commit()
    assert "[receipt.not_proved]" in run("receipt", "--district", XINZHOU, "--sequence", 3)[2]


def test_verify_says_that_the_rulebooks_are_those_that_judged(run: Run, data: Path) -> None:
    told = run("verify", data, "--rulebooks", "--json")
    assert (told[0], as_json(told)["districts"][0]["rulebooks"]) == (0, [])
    with ledger_of(data) as ledger:
        ledger.record(alone(raised("0" * 64)), NINE)
    told = run("verify", data, "--rulebooks", "--json")
    found = as_json(told)
    assert (told[0], found["ok"], found["first_bad"]) == (1, False, 8)
    assert found["districts"][0]["reason"]["code"] == "rulebook.changed"
    assert run("verify", data)[0] == 0


def test_whoever_may_not_read_the_private_key_compares_by_the_public_one_beside_the_checkpoints(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run(*SIGN)
    shutil.copytree(data, tmp_path / "copy", ignore=shutil.ignore_patterns("checkpoint.key"))
    found = as_json(run("verify", tmp_path / "copy", "--json"))
    assert (found["ok"], len(found["districts"][0]["checkpoints"])) == (True, 1)
    (tmp_path / "copy" / LEDGER_FILE).unlink()
    record(tmp_path / "copy", 1, 7, reason="撤回")
    assert as_json(run("verify", tmp_path / "copy", "--json"))["districts"][0]["reason"]["code"] == "ledger.sealed_anew"


def test_a_public_key_filed_anew_does_not_stand_against_the_key_of_the_house(run: Run, data: Path) -> None:
    run(*SIGN)
    path = data / "checkpoints" / XINZHOU / "public-key"
    other = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x05" * 32))
    path.write_text(other.verifier.to_text())
    note = read_note((path.parent / "000000000007.checkpoint").read_bytes())
    forged = SignedNote(note.text, (other.sign(note.text),))
    (path.parent / "000000000007.checkpoint").write_bytes(forged.to_bytes())
    found = as_json(run("verify", data, "--json"))
    assert (found["ok"], found["districts"][0]["reason"]["code"]) == (False, "checkpoint.other_key")
