"""The witness cosigns only what grew from what it saw last, says why not otherwise, and forgets nothing."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from events.tree.signed_note import VerifierKey, read_note, signed_at
from services.recording.embedded import LEDGER_FILE
from services.witness.cli import main
from tests.events.ledger.examples import XINZHOU
from tests.services.proving.ledger_on_disk import Run, record, runner

ORIGIN = "office.example/xinzhou"
WITNESS = "inspectorate.example"


class House:
    """A ledger's house and a witness outside, who hand each other files."""

    def __init__(self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.run, self.place, self.capsys = run, tmp_path, capsys
        self.data = tmp_path / "var"
        self.key = self.witness("new", "--name", WITNESS)[1].strip()
        self.own = run("checkpoint", "--district", XINZHOU, "--public-key")[1].strip()
        self.witness("trust", self.own)

    def witness(self, *arguments: object) -> tuple[int, str, str]:
        code = main(["--folder", str(self.place / "witness"), *(str(one) for one in arguments)])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def requested(self, since: int, *, leaves: bool = False) -> Path:
        path = self.place / "request"
        code, _, err = self.run("checkpoint", "--district", XINZHOU, "--request", path, "--since", since,
                                *(("--leaves", self.place / "leaves") if leaves else ()))  # fmt: skip
        assert (code, err) == (0, "")
        return path

    def signed(self, since: int, *, leaves: bool = False) -> tuple[int, Any]:
        """Ask for a cosignature; give the exit code and what the witness says."""
        request = self.requested(since, leaves=leaves)
        given = ("--leaves", self.place / "leaves") if leaves else ()
        told = self.witness("sign", request, *given, "--to", self.place / "cosigned", "--json")
        return told[0], json.loads(told[1])


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> House:
    record(tmp_path / "var", 1, 7)
    return House(runner(monkeypatch, capsys, tmp_path / "var"), tmp_path, capsys)


def forge(house: House, facts: int) -> None:
    """Write another ledger in the place of the first, its checkpoints gone, the key of the house still there."""
    (house.data / LEDGER_FILE).unlink()
    shutil.rmtree(house.data / "checkpoints")
    record(house.data, 1, facts, reason="撤回")


def test_the_first_checkpoint_is_cosigned_and_its_time_is_told(house: House) -> None:
    code, told = house.signed(0)
    key = VerifierKey.from_text(house.key)
    note = read_note((house.place / "cosigned").read_bytes())
    assert (code, told["ok"], told["size"], (signed_at(note, key) or 0) > 1_700_000_000) == (0, True, 7, True)
    assert [one.name for one in note.signatures] == [ORIGIN, WITNESS]


def test_a_ledger_that_grew_is_cosigned_from_what_was_seen_last(house: House) -> None:
    house.signed(0)
    for size in (8, 13, 40):
        seen = int(house.witness("show")[1].splitlines()[1].split("\t")[1])
        record(house.data, seen + 1, size)
        code, told = house.signed(seen)
        assert (code, told["size"]) == (0, size)


def test_the_same_tree_is_cosigned_again(house: House) -> None:
    house.signed(0)
    assert house.signed(7)[0] == 0


def test_a_proof_from_another_size_is_sent_back_with_the_right_one(house: House) -> None:
    house.signed(0)
    record(house.data, 8, 9)
    code, told = house.signed(0)
    assert (code, told["code"], "--since 7" in told["zh"]) == (2, "witness.other_size", True)


def test_a_ledger_sealed_anew_is_refused_and_what_it_signed_is_preserved(house: House) -> None:
    house.signed(0)
    forge(house, 9)
    code, told = house.signed(7)
    assert (code, told["ok"], told["code"], told["first_bad"]) == (1, False, "witness.not_consistent", None)
    kept = sorted((house.place / "witness" / "evidence").iterdir())
    assert [path.read_bytes() for path in kept] == [
        (house.data / "checkpoints/xinzhou/000000000009.checkpoint").read_bytes()
    ]
    assert house.witness("show")[1].splitlines()[1].split("\t")[1] == "7"


def test_with_the_leaves_the_first_changed_fact_is_named(house: House) -> None:
    assert house.signed(0, leaves=True)[0] == 0
    record(house.data, 8, 12)
    assert house.signed(7, leaves=True)[0] == 0
    (house.data / LEDGER_FILE).unlink()
    shutil.rmtree(house.data / "checkpoints")
    record(house.data, 1, 4)
    record(house.data, 5, 14, reason="撤回")
    code, told = house.signed(12, leaves=True)
    assert (code, told["code"], told["first_bad"]) == (1, "witness.not_consistent", 5)
    assert "第一个不符的事实是第 5 号" in told["zh"]


def test_another_tree_of_the_same_size_is_refused(house: House) -> None:
    house.signed(0)
    forge(house, 7)
    assert house.signed(7)[1]["code"] == "witness.other_root"


def test_a_ledger_whose_tail_was_cut_is_refused_and_the_first_missing_fact_named(house: House) -> None:
    house.signed(0)
    forge(house, 5)
    code, told = house.signed(5)
    assert (code, told["code"], told["first_bad"]) == (1, "witness.smaller", 6)


def test_leaves_that_do_not_lead_to_the_root_are_not_taken(house: House) -> None:
    request = house.requested(0, leaves=True)
    leaves = bytearray((house.place / "leaves").read_bytes())
    leaves[40] ^= 1
    (house.place / "leaves").write_bytes(bytes(leaves))
    code, _, err = house.witness("sign", request, "--leaves", house.place / "leaves")
    assert (code, "[witness.leaves_do_not_fit]" in err) == (2, True)
    assert "尚未见证" in house.witness("show")[1]


def test_leaves_that_came_late_or_were_lost_are_taken_from_the_beginning(house: House) -> None:
    house.signed(0)
    record(house.data, 8, 9)
    assert house.signed(7, leaves=True)[0] == 0
    (house.place / "witness" / "leaves" / "office.example%2Fxinzhou").write_bytes(b"half")
    record(house.data, 10, 11)
    assert house.signed(9, leaves=True)[0] == 0


def test_an_unknown_ledger_and_a_foreign_signature_are_refused(house: House, tmp_path: Path) -> None:
    request = house.requested(0)
    assert main(["--folder", str(tmp_path / "other"), "new", "--name", WITNESS]) == 0
    assert main(["--folder", str(tmp_path / "other"), "sign", str(request)]) == 2
    assert "[witness.unknown_ledger]" in house.capsys.readouterr().err
    (house.data / "checkpoint.key").unlink()
    shutil.rmtree(house.data / "checkpoints")
    assert house.signed(0)[1]["code"] == "witness.not_signed_by_ledger"


def test_a_changed_request_is_refused_and_no_byte_brings_a_trace(house: House) -> None:
    request = house.requested(0)
    whole = request.read_bytes()
    for place in range(0, len(whole), 3):
        request.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        code, out, err = house.witness("sign", request)
        assert (code in {1, 2}, out, "Traceback" in err) == (True, "", False), place


def test_the_key_is_for_its_owner_alone_and_is_never_replaced(house: House) -> None:
    folder = house.place / "witness"
    assert stat.S_IMODE((folder / "witness.key").stat().st_mode) == 0o600
    code, out, err = house.witness("new", "--name", "another.example")
    assert (code, out, "[signing_key.exists]" in err) == (2, "", True)
    assert house.witness("show")[1].splitlines()[0] == house.key


def test_another_key_of_a_trusted_ledger_is_not_quietly_taken(house: House) -> None:
    (house.data / "checkpoint.key").unlink()
    other = house.run("checkpoint", "--district", XINZHOU, "--public-key")[1].strip()
    assert "[witness.other_key_trusted]" in house.witness("trust", other)[2]
    assert "[witness.no_ledger_key]" in house.witness("trust", house.key)[2]
    assert "[note.bad_key]" in house.witness("trust", "something")[2]
    assert "[witness.bad_name]" in house.witness("new", "--name", "two words")[2]


def test_the_cosigned_checkpoint_comes_back_into_the_house_and_the_ledger_is_verified_by_it(house: House) -> None:
    house.signed(0)
    taken = house.run("checkpoint", "--district", XINZHOU, "--cosigned", house.place / "cosigned", "--witness",
                      house.key)  # fmt: skip
    assert (taken[0], taken[1]) == (0, (house.place / "cosigned").read_text())
    record(house.data, 8, 9)
    verified = house.run("verify", house.data, "--since", house.place / "cosigned", "--key", house.key)
    assert verified[0] == 0


def test_the_witness_loads_nothing_of_the_system_but_forms_and_proofs() -> None:
    code = "import sys; import services.witness.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    ours = [one for one in loaded.stdout.split() if one.split(".")[0] in {"services", "projections", "rulebooks"}]
    assert [one for one in ours if not one.startswith("services.witness")] == ["services"]
    assert "sqlite3" not in loaded.stdout.split()
