"""A back-up is one state of the ledger, taken while it is written; it comes back whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from events.fact import AnyFact
from events.keys import KeyFile
from events.ledger.port import Proposal
from events.moment import TIME_ZONE
from events.personal import reveal
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from services.backup import copying
from services.backup.backing_up import back_up
from services.backup.manifest import BackupError, Manifest
from services.backup.restoring import restore
from services.cli import main
from services.proving.checkpointing import make_checkpoint
from services.recording.embedded import open_embedded
from services.settings.service import settings_from
from services.stores.views_places import VIEW_ROWS_FILE, VIEWS_FILE
from tests.services.recording.acts import XINZHOU, act

PROJECT = Path(__file__).parents[3]
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=TIME_ZONE)


def requested(number: int) -> AnyFact:
    return act(
        "countersign.requested",
        f"cs-{number}",
        kind="opinion",
        about="matter/m-1",
        sponsor="u-housing",
        form="online",
        departments=["u-land"],
    )


def registered(number: int) -> AnyFact:
    """Return a fact with a personal text, for which a key is made."""
    return act("roster.person_registered", f"p-{number}", name=f"甲{number}", rank="division_chief")


@contextmanager
def ledger_in(data: Path) -> Iterator[SqliteLedger]:
    with open_embedded(settings_from({"TAIZHANG_DATA": str(data)})) as ledger:
        yield ledger


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    with ledger_in(folder) as ledger:
        ledger.record([Proposal(facts=(requested(number),)) for number in range(40)], NOW)
    for views in (VIEWS_FILE, VIEW_ROWS_FILE):
        (folder / views).write_bytes(b"can be rebuilt")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def told(manifest: Manifest) -> list[tuple[str, int, str]]:
    return [(one.district, one.sequence, one.root) for one in manifest.districts]


def test_a_back_up_under_recording_is_the_state_of_one_moment_and_a_prefix_of_the_ledger(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES_A_STEP", 2)
    with ledger_in(data) as ledger:
        before = ledger.head(XINZHOU)

        def record_one_more(step: str, done: int, total: int) -> None:
            assert (step.startswith(("复制", "核验")), done <= total) == (True, True)
            number = 1_000 + ledger.head(XINZHOU).sequence
            ledger.record([Proposal(facts=(requested(number),)), Proposal(facts=(registered(number),))], NOW)

        manifest = back_up(data, tmp_path / "copy", NOW, record_one_more)
        after = ledger.read(XINZHOU)
    assert len(after) > before.sequence + 5
    assert told(manifest) == [(XINZHOU, before.sequence, before.root.hex())]
    with closing(open_reader(tmp_path / "copy" / "ledger.sqlite")) as copy:
        assert copy.read(XINZHOU) == after[: before.sequence]
    assert names(tmp_path / "copy") == ["keys.sqlite", "ledger.sqlite", "manifest.json"]
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_every_personal_text_of_a_back_up_opens_with_its_keys_and_none_stands_in_it(data: Path, tmp_path: Path) -> None:
    with ledger_in(data) as ledger:
        ledger.record([Proposal(facts=(registered(1),))], NOW)
        back_up(data, tmp_path / "copy", NOW)
    with ledger_in(tmp_path / "copy") as copy, closing(KeyFile(tmp_path / "copy" / "keys.sqlite")) as keys:
        stored = copy.read(XINZHOU)[-1]
        assert getattr(reveal(stored, keys).fact.data, "name", None) == "甲1"
    assert "甲1".encode() not in b"".join(path.read_bytes() for path in (tmp_path / "copy").iterdir())


def test_what_is_restored_goes_on_where_the_back_up_stood(data: Path, tmp_path: Path) -> None:
    manifest = back_up(data, tmp_path / "copy", NOW)
    assert restore(tmp_path / "copy", tmp_path / "new") == manifest
    assert names(tmp_path / "new") == ["keys.sqlite", "ledger.sqlite"]
    with ledger_in(tmp_path / "new") as ledger:
        ledger.record([Proposal(facts=(requested(99),))], NOW)
        assert ledger.head(XINZHOU).sequence == 41
        assert ledger.verify(XINZHOU).ok


@pytest.mark.parametrize("name", ["ledger.sqlite", "keys.sqlite", f"checkpoints/{XINZHOU}/000000000040.checkpoint"])
@pytest.mark.parametrize("place", [0, 5_000, -1])
def test_a_flipped_byte_is_refused_by_name_and_nothing_is_restored(
    data: Path, tmp_path: Path, name: str, place: int
) -> None:
    sign(data)
    back_up(data, tmp_path / "copy", NOW)
    content = bytearray((tmp_path / "copy" / name).read_bytes())
    content[place % len(content)] ^= 1
    (tmp_path / "copy" / name).write_bytes(content)
    with pytest.raises(BackupError) as refused:
        restore(tmp_path / "copy", tmp_path / "new")
    assert (refused.value.code, str(tmp_path / "copy" / name) in refused.value.zh) == ("backup.file_changed", True)
    assert names(tmp_path) == ["copy", "var"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "other"}, "backup.other_format"),
        ({"files": []}, "backup.no_ledger"),
        ({"districts": []}, "backup.other_state"),
        ({"files": [{"name": "../ledger.sqlite", "bytes": 1, "sha256": ""}]}, "backup.other_format"),
        ({"made_at": None}, "backup.no_manifest"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    data: Path, tmp_path: Path, change: dict[str, object], code: str
) -> None:
    back_up(data, tmp_path / "copy", NOW)
    path = tmp_path / "copy" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), encoding="utf-8")
    with pytest.raises(BackupError) as refused:
        restore(tmp_path / "copy", tmp_path / "new")
    assert refused.value.code == code
    assert names(tmp_path) == ["copy", "var"]


def test_a_ledger_that_was_changed_is_not_backed_up_as_if_it_were_sound(data: Path, tmp_path: Path) -> None:
    copying.copy_database(data / "ledger.sqlite", tmp_path / "changed.sqlite", lambda _done, _total: None)
    content = (tmp_path / "changed.sqlite").read_bytes()
    assert content.count(b"cs-7") > 0
    shutil.rmtree(data)
    data.mkdir()
    (data / "ledger.sqlite").write_bytes(content.replace(b"u-housing", b"u-hausing", 1))
    with pytest.raises(BackupError) as refused:
        back_up(data, tmp_path / "copy", NOW)
    assert refused.value.code == "backup.seal_broken"
    assert not (tmp_path / "copy").exists()


def test_nothing_is_written_over_what_is_there(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "copy", NOW)
    kept = {name: (tmp_path / "copy" / name).read_bytes() for name in names(tmp_path / "copy")}
    with pytest.raises(BackupError) as backed_up:
        back_up(data, tmp_path / "copy", NOW)
    with pytest.raises(BackupError) as restored:
        restore(tmp_path / "copy", data)
    assert backed_up.value.code == restored.value.code == "backup.target_exists"
    assert {name: (tmp_path / "copy" / name).read_bytes() for name in names(tmp_path / "copy")} == kept
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "copy", tmp_path / "empty")
    assert names(tmp_path) == ["copy", "empty", "var"]


@pytest.mark.parametrize(
    ("what", "step"), [("backup", 1), ("backup", 6), ("backup", -1), ("restore", 1), ("restore", 3)]
)
def test_a_process_that_is_killed_leaves_no_folder_that_looks_whole(
    data: Path, tmp_path: Path, what: str, step: int
) -> None:
    copy, target = tmp_path / "copy", tmp_path / "target"
    back_up(data, copy, NOW)
    source = data if what == "backup" else copy
    arguments = ["-m", "tests.services.backup.killed_process", what, source, target]
    last = step if step > 0 else 1_000
    ended = subprocess.run([sys.executable, *map(str, (*arguments, last))], cwd=PROJECT, check=False)
    if step < 0:
        assert (ended.returncode, (target / "manifest.json").exists()) == (0, True)
        return
    assert ended.returncode == -9
    assert not target.exists()
    (left,) = [name for name in names(tmp_path) if name.startswith(".")] or [""]
    assert left.endswith(".part") or (what, step, left) == ("restore", 1, "")
    restore(copy, target)


def sign(data: Path) -> bytes:
    """Sign a checkpoint of the ledger as it is, and return it."""
    with closing(open_reader(data / "ledger.sqlite")) as ledger:
        return make_checkpoint(ledger, XINZHOU, data, "office.example").to_bytes()


def checkpoints(folder: Path) -> dict[str, bytes]:
    root = folder / "checkpoints"
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def test_what_is_restored_is_proven_against_every_checkpoint_that_was_signed_and_holds_no_private_key(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(data)
    with ledger_in(data) as ledger:
        ledger.record([Proposal(facts=(requested(41),))], NOW)
    sign(data)
    back_up(data, tmp_path / "copy", NOW)
    assert main(["restore", str(tmp_path / "copy"), "--data", str(tmp_path / "new")]) == 0
    assert "checkpoint.key" in capsys.readouterr().out
    assert sorted(checkpoints(data)) == [
        f"{XINZHOU}/000000000040.checkpoint",
        f"{XINZHOU}/000000000041.checkpoint",
        f"{XINZHOU}/public-key",
    ]
    assert checkpoints(tmp_path / "copy") == checkpoints(tmp_path / "new") == checkpoints(data)
    assert not list(tmp_path.glob("[cn]*/**/checkpoint.key"))
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "new"))
    assert main(["verify", "--json"]) == 0
    (verified,) = json.loads(capsys.readouterr().out)["districts"]
    assert [one["size"] for one in verified["checkpoints"]] == [40, 41]
    shutil.copy2(data / "checkpoint.key", tmp_path / "new")
    assert sign(tmp_path / "new") == checkpoints(data)[f"{XINZHOU}/000000000041.checkpoint"]


def test_a_ledger_sealed_anew_is_not_backed_up_beside_the_checkpoints_it_no_longer_leads_to(
    data: Path, tmp_path: Path
) -> None:
    sign(data)
    (data / "ledger.sqlite").unlink()
    with ledger_in(data) as ledger:
        ledger.record([Proposal(facts=(requested(number + 1),)) for number in range(40)], NOW)
    with pytest.raises(BackupError) as refused:
        back_up(data, tmp_path / "copy", NOW)
    assert refused.value.code == "backup.seal_broken"
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("name", ["000000000040.checkpoint", "public-key"])
def test_a_checkpoint_or_key_that_was_replaced_is_refused_although_the_manifest_was_written_anew(
    data: Path, tmp_path: Path, name: str
) -> None:
    note = sign(data)
    back_up(data, tmp_path / "copy", NOW)
    path = tmp_path / "copy" / "checkpoints" / XINZHOU / name
    path.write_bytes(note.replace(b"\n40\n", b"\n39\n") if name.endswith("checkpoint") else b"no key\n")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_bytes())
    (listed,) = [one for one in manifest["files"] if one["name"].endswith(name)]
    listed |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (tmp_path / "copy" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BackupError) as refused:
        restore(tmp_path / "copy", tmp_path / "new")
    assert refused.value.code == "backup.checkpoint_unfit"
    assert names(tmp_path) == ["copy", "var"]


def test_the_commands_say_as_of_which_state_and_refuse_clearly(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(data))
    copy = str(tmp_path / "copy")
    assert main(["backup", "--to", copy, "--json"]) == 0
    (state,) = json.loads(capsys.readouterr().out)["districts"]
    assert (state["district"], state["sequence"], state["ledger"]) == (XINZHOU, 40, "ledger.sqlite")
    assert main(["verify", copy, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["root"] == state["root"]
    assert main(["backup", "--to", copy]) == 2
    assert "backup.target_exists" in capsys.readouterr().err
    assert main(["restore", copy, "--data", str(tmp_path / "new")]) == 0
    assert "xinzhou: 至第 40 号" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "none"), "--data", str(tmp_path / "other")]) == 2
    assert "backup.no_manifest" in capsys.readouterr().err
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "nowhere"))
    assert main(["backup", "--to", str(tmp_path / "other")]) == 2
    assert "backup.nothing_there" in capsys.readouterr().err
    assert names(tmp_path) == ["copy", "new", "var"]
