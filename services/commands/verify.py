"""taizhang verify: recompute every seal of a ledger and say whether anything was changed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.ledger_errors import LedgerError
from events.sqlite_reader import open_reader
from services.recording.embedded import LEDGER_FILE

if TYPE_CHECKING:
    import argparse

    from events.ledger import Verification

INTACT = 0
CHANGED = 1
BAD_INPUT = 2


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "ledger", metavar="LEDGER", help="账册文件或其文件夹 / ledger file, or the folder that holds it"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Verify every district of a ledger."""
    path = Path(args.ledger)
    try:
        reader = open_reader(path / LEDGER_FILE if path.is_dir() else path)
        try:
            found = {district: reader.verify(district) for district in reader.districts()}
        finally:
            reader.close()
    except LedgerError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    ok = all(one.ok for one in found.values())
    if args.json:
        sys.stdout.write(orjson.dumps(_as_json(found, ok=ok)).decode() + "\n")
    else:
        _show(found)
    return INTACT if ok else CHANGED


def _as_json(found: dict[str, Verification], *, ok: bool) -> dict[str, object]:
    """Return the whole result; of several districts `root` is the hash of the lines `DISTRICT ROOT`."""
    bad = next((one.first_bad for one in found.values() if not one.ok), None)
    return {
        "ok": ok,
        "facts": sum(one.facts for one in found.values()),
        "root": _root(found),
        "first_bad": bad,
        "districts": [
            {
                "district": district,
                "ok": one.ok,
                "facts": one.facts,
                "root": one.root.hex(),
                "first_bad": one.first_bad,
                "reason": None
                if one.reason is None
                else {"code": one.reason.code, "zh": one.reason.zh, "en": one.reason.en},
            }
            for district, one in found.items()
        ],
    }


def _root(found: dict[str, Verification]) -> str:
    if len(found) == 1:
        return next(iter(found.values())).root.hex()
    lines = "".join(f"{district} {one.root.hex()}\n" for district, one in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _show(found: dict[str, Verification]) -> None:
    for district, one in found.items():
        if one.ok:
            sys.stdout.write(
                f"{district}: {one.facts} 个事实，全部与封存一致 / facts, all as sealed; root {one.root.hex()}\n"
            )
        else:
            reason = "" if one.reason is None else f"{one.reason.zh} / {one.reason.en}"
            sys.stdout.write(
                f"{district}: 第 {one.first_bad} 号起不一致 / changed from number {one.first_bad} on. {reason}\n"
            )
