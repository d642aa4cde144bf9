"""Packages to try: exported from a real ledger, and taken apart and put together again as a forger would."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from events.fact import AnyFact
from events.keys import KeyFile
from events.ledger.port import Proposal
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from events.tree.sealing import Frontier, envelope_of, hash_function, leaf_hash
from services.cli import main
from services.commands.clock import now
from services.evidence import verify as offline
from services.evidence.exporting import export
from services.evidence.verifying import verify_package
from services.evidence.vouching import vouching
from services.evidence.wanted import Exported, Wanted
from services.proving.checkpointing import make_checkpoint
from tests.at_another_time import TOLD_AT, clock_moved, seconds_until
from tests.services.recording.acts import XINZHOU, Given, act

PROJECT = Path(__file__).parents[3]
ASKED = PROJECT / "services" / "sample" / "one-fact" / "asked.jsonl"
INSTALLATION = "office.example"
EARLY = 6
"""How many facts there were when the first checkpoint was signed."""
NAMED = 14
"""The fact that holds a personal text."""
SECRET = 15
"""The fact of a class that not everybody sees."""


class Found(NamedTuple):
    """What a verifier says: whether all is well, and the first bad fact."""

    ok: bool
    first_bad: int | None


def filled(data: Path) -> Path:
    """Fill a data folder: an answer that is overdue, its alert, a personal text, a secret; two checkpoints."""
    with pytest.MonkeyPatch.context() as patch, clock_moved(seconds_until(TOLD_AT)):
        patch.setenv("TAIZHANG_DATA", str(data))
        assert main(["record", str(ASKED)]) == 0
        _sign(data)
        assert main(["serve", "--once"]) == 0
        later = now()
    more = [
        _asked("cs-2"),
        act("roster.person_registered", "p-gao", name="甲", rank="division_chief"),
        _asked("cs-3", classification="work_secret"),
    ]
    with closing(KeyFile(data / "keys.sqlite")) as keys, SqliteLedger(data / "ledger.sqlite", keys=keys) as ledger:
        ledger.record([Proposal(facts=(fact,)) for fact in more], later)
    _sign(data)
    return data


def _asked(case: str, **envelope: Given) -> AnyFact:
    return act(
        "countersign.requested",
        case,
        envelope=envelope,
        kind="opinion",
        about="matter/m-1",
        sponsor="u-housing",
        form="online",
        departments=["u-land"],
    )


def _sign(data: Path) -> None:
    with closing(open_reader(data / "ledger.sqlite")) as ledger:
        make_checkpoint(ledger, XINZHOU, data, INSTALLATION)


def packaged(data: Path, to: Path, **wanted: Given) -> Exported:
    """Export a package."""
    with closing(open_reader(data / "ledger.sqlite")) as ledger:
        last = wanted.pop("last", None) or ledger.head(XINZHOU).sequence
        asked = Wanted(district=XINZHOU, last=last, **wanted)
        return export(ledger, asked, vouching(data, INSTALLATION, ledger, asked), lambda _sha256: None, to)


def offline_says(folder: Path) -> Found:
    result = offline.check(str(folder))
    return Found(not result.problems, offline.first_bad(result.problems))


def system_says(folder: Path) -> Found:
    found = verify_package(folder)
    return Found(found.ok, found.first_bad)


def both_say(folder: Path) -> Found:
    """Return what both verifiers say; they have to agree."""
    own, other = system_says(folder), offline_says(folder)
    assert own == other
    return own


def run_offline(folder: Path, *options: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the verifier of a package as a stranger would: no environment, no packages, another folder."""
    return subprocess.run(
        [python, "-I", "-S", str(folder / "verify.py"), *options],
        check=False,
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


class Forger:
    """A package in the hands of somebody who changes it and makes all that needs no private key fit again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = (folder / "facts.jsonl").read_bytes().splitlines()
        self.seals = [line.split(b" ") for line in (folder / "seals.txt").read_bytes().splitlines()]
        self.proofs = json.loads((folder / "proofs.json").read_bytes())

    def change(self, sequence: int, change: Callable[[dict[str, Any]], object]) -> None:
        """Change a fact."""
        fact = json.loads(self.facts[sequence - 1])
        change(fact)
        self.facts[sequence - 1] = json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def seal_anew(self) -> None:
        """Recompute every leaf and the root."""
        digest = hash_function("sha256")
        frontier = Frontier()
        self.seals = [[b"%d" % number, *seal[1:]] for number, seal in enumerate(self.seals[: len(self.facts)], 1)]
        for number, (line, seal) in enumerate(zip(self.facts, self.seals, strict=True), 1):
            fact = json.loads(line)
            fact["sequence"] = number
            case = f"{fact['subject']['kind']}/{fact['subject']['id']}"
            envelope = envelope_of(
                fact["district"], number, fact["recorded_at"], case, int(seal[1]), fact["type"], fact["id"]
            )
            self.facts[number - 1] = json.dumps(
                fact, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ).encode()
            leaf = leaf_hash(digest, envelope, self.facts[number - 1])
            seal[2] = leaf.hex().encode()
            frontier = frontier.extended(digest, leaf)
        self.proofs |= {"tree_size": len(self.facts), "root": frontier.root(digest).hex()}

    def put_back(self) -> None:
        """Write everything, with a manifest that fits."""
        (self.folder / "facts.jsonl").write_bytes(b"".join(line + b"\n" for line in self.facts))
        (self.folder / "seals.txt").write_bytes(b"".join(b" ".join(seal) + b"\n" for seal in self.seals))
        (self.folder / "proofs.json").write_text(json.dumps(self.proofs), encoding="utf-8")
        list_anew(self.folder)


def list_anew(folder: Path) -> None:
    """Write a manifest that fits what is there."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] = [
        {
            "name": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("manifest.")
    ]
    content = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  manifest.json\n")


def copied(package: Path, to: Path) -> Path:
    shutil.copytree(package, to)
    return to
