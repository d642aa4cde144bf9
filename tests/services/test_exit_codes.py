"""What commands end with: 0 nothing wrong, 1 something wrong was found, 2 it was not done; alike for all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli import COMMANDS, main
from services.exit_codes import READER_GONE
from services.witness.cli import main as witness

TAIZHANG = (sys.executable, "-m", "services.cli")
ASKED = str(Path(__file__).parents[2] / "services" / "sample" / "one-fact" / "asked.jsonl")
NOBODY = "nowhere"
ABSENT = "no/such/file"

FINE = (
    ("alerts", "--district", "xinzhou"),
    ("backup", "--to", "{new}"),
    ("checkpoint", "--district", "xinzhou"),
    ("export", "--district", "xinzhou", "--to", "{new}"),
    ("facts",),
    ("missing",),
    ("parked",),
    ("policy", "explain"),
    ("receipt", "--district", "xinzhou", "--sequence", "1"),
    ("record", ASKED),
    ("replay", "--district", "xinzhou"),
    ("rules", "--district", "xinzhou", "--article", "28"),
    ("settings",),
    ("simulate", "--district", "xinzhou", "--days", "3", "--to", "{new}"),
    ("token", "--role", "clerk", "--district", "xinzhou"),
    ("verify",),
    ("views", "list"),
)
FOUND_WRONG = (
    ("check", ASKED, "--until", "2025-12-31"),
    ("policy", "lint", "{broken}"),
    ("preview", "{asked_again}"),
    ("rules", "--lint", "--district", "xinzhou", "--texts", "{empty}"),
)
NOT_DONE = (
    ("alerts", "--district", NOBODY),
    ("archive", "--district", NOBODY, "--year", "2025", "--to", "{new}"),
    ("archive", "--district", "xinzhou", "--year", "2025", "--to", "{full}"),
    ("backup", "--to", "{full}"),
    ("check", ABSENT),
    ("checkpoint", "--district", NOBODY),
    ("copy-ledger", "--from", "{empty}"),
    ("erase", "--district", NOBODY, "--person", "p-1", "--basis", "law", "--reason", "asked"),
    ("export", "--district", NOBODY, "--to", "{new}"),
    ("export", "--district", "xinzhou", "--to", "{full}"),
    ("facts", "--unknown"),
    ("import", ABSENT),
    ("migrate",),
    ("missing", "--district", NOBODY),
    ("parked", "--district", NOBODY),
    ("policy", "explain", "--district", NOBODY),
    ("preview", ABSENT, "--district", "xinzhou"),
    ("receipt", "--district", NOBODY, "--sequence", "1"),
    ("record", ABSENT),
    ("relay",),
    ("replay", "--district", NOBODY),
    ("restore", ABSENT, "--data", "{new}"),
    ("rules", "--district", NOBODY),
    ("serve", "--district", NOBODY),
    ("simulate", "--district", "xinzhou", "--days", "0", "--to", "{new}"),
    ("token", "--role", "clerk", "--district", "xinzhou", "--days", "0"),
    ("topics",),
    ("verify", ABSENT),
    ("views", "show", "desk", "--district", NOBODY),
    ("worker",),
)
NEED_NO_SETTINGS = {"facts", "policy", "rules", "simulate"}
READ_SETTINGS = (
    *(one for one in FINE if one[0] not in NEED_NO_SETTINGS),
    ("serve", "--once"),
    ("views", "rebuild"),
    ("views", "discard"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of one fact, judged, and files to ask about."""
    folder = tmp_path_factory.mktemp("exit-codes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAIZHANG_DATA", str(folder / "data"))
        assert (main(["record", ASKED]), main(["serve", "--once"])) == (0, 0)
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "file").touch()
    (folder / "broken").write_text("policy: house/1\n", encoding="utf-8")
    fact = json.loads(Path(ASKED).read_text(encoding="utf-8").splitlines()[-1])
    again = {**fact, "subject": {"kind": "countersign", "id": "cs-2"}}
    head = '{"district": "xinzhou"}\n'
    (folder / "asked_again").write_text(head + json.dumps(again, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def ended(command: tuple[str, ...], folder: Path, new: Path) -> object:
    """Run a command in this process and return what it ends with."""
    places = {one.name: str(one) for one in folder.iterdir()} | {"new": str(new)}
    try:
        return main([one.format(**places) for one in command])
    except SystemExit as end:
        return end.code


def test_every_command_has_its_wrong_questions_here() -> None:
    assert {one[0] for one in NOT_DONE} | {"settings"} == {one.name for one in COMMANDS}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        *((one, 0) for one in FINE),
        *((one, 1) for one in FOUND_WRONG),
        *((one, 2) for one in NOT_DONE),
    ],
    ids=lambda one: " ".join(one).replace(ASKED, "ASKED") if isinstance(one, tuple) else str(one),
)
def test_a_command_ends_with(
    command: tuple[str, ...], code: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(folder / "data"))
    assert ended(command, folder, tmp_path / "new") == code


@pytest.mark.parametrize("command", READ_SETTINGS, ids=" ".join)
def test_a_setting_that_cannot_be_used_ends_any_command_alike(
    command: tuple[str, ...], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(folder / "data"))
    monkeypatch.setenv("TAIZHANG_PORT", "none")
    assert ended(command, folder, tmp_path / "new") == 2


@pytest.mark.parametrize("command", ["verify", "backup --to {new}", "export --district xinzhou --to {new}"])
def test_a_damaged_ledger_is_something_found_by_whoever_reads_it_whole(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("TAIZHANG_DATA", str(data))
    assert main(["record", ASKED]) == 0
    ledger = data / "ledger.sqlite"
    ledger.write_bytes(ledger.read_bytes()[:4096] + b"\0" * 8192)
    assert ended(tuple(command.split()), data, tmp_path / "new") == 1


def test_the_witness_ends_alike(tmp_path: Path) -> None:
    assert witness(["--folder", str(tmp_path / "w"), "new", "--name", "witness.example"]) == 0
    assert witness(["--folder", str(tmp_path / "w"), "sign", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize("asked", ["facts", "--help", "check --help", "facts --json"])
def test_output_whose_reader_is_gone_ends_alike_be_it_a_table_a_text_or_help(asked: str) -> None:
    taizhang = subprocess.Popen([*TAIZHANG, *asked.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert taizhang.stdout is not None
    taizhang.stdout.close()
    _, said = taizhang.communicate(timeout=60)
    assert (taizhang.returncode, said) == (READER_GONE, b"")


def test_a_closed_standard_output_is_no_fault_and_no_file_takes_its_place(tmp_path: Path) -> None:
    closed = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *TAIZHANG]
    settings = {**os.environ, "TAIZHANG_DATA": str(tmp_path)}
    recorded = subprocess.run([*closed, "record", ASKED], env=settings, capture_output=True, check=False, timeout=60)
    assert (recorded.returncode, b"Traceback" in recorded.stderr) == (0, False)
    assert main(["verify", str(tmp_path)]) == 0


def test_a_pipe_is_no_history_that_can_be_read_twice(tmp_path: Path) -> None:
    settings = {**os.environ, "TAIZHANG_DATA": str(tmp_path)}
    for command in ("record", "import"):
        given = [*TAIZHANG, command, "/dev/stdin"]
        ran = subprocess.run(given, env=settings, input=b"{}\n", capture_output=True, check=False, timeout=60)
        assert (ran.returncode, ran.stderr.startswith(b"/dev/stdin: ")) == (2, True)
        assert b"[file.not_seekable]" in ran.stderr
