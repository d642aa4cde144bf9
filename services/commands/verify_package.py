"""Saying what the verification of an evidence package found, as that of a ledger is said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson

from events.signed_note import NoteError
from services.evidence.verifying import verify_package
from services.proving.since import read_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from services.evidence.verifying import PackageVerification

INTACT = 0
CHANGED = 1
BAD_INPUT = 2


def verify_and_show(path: Path, given: Sequence[str], *, as_json: bool) -> int:
    """Verify a package with the public keys that were given, print what was found and return the exit code."""
    try:
        keys = [read_key(one) for one in given]
    except (NoteError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    return show_package(verify_package(path, keys), as_json=as_json)


def show_package(found: PackageVerification, *, as_json: bool) -> int:
    """Print what was found and return the exit code."""
    if as_json:
        said = {
            "ok": found.ok,
            "facts": found.facts,
            "root": found.root.hex(),
            "first_bad": found.first_bad,
            "district": found.district,
            "problems": [{"fact": one.sequence, "zh": one.zh, "en": one.en} for one in found.problems],
        }
        sys.stdout.write(orjson.dumps(said).decode() + "\n")
    elif found.ok:
        sys.stdout.write(
            f"{found.district}: 证据包中 {found.facts} 个事实，全部与封存一致 / facts in the package, all as sealed; "
            f"root {found.root.hex()}\n"
        )
    else:
        for one in found.problems:
            place = "" if one.sequence is None else f"第 {one.sequence} 号 "
            sys.stdout.write(f"{place}{one.zh} / {one.en}\n")
        bad = "" if found.first_bad is None else f"，自第 {found.first_bad} 号起 / from number {found.first_bad} on"
        sys.stdout.write(f"{found.district}: 证据包被改动或损坏 / the package was changed or damaged{bad}\n")
    return INTACT if found.ok else CHANGED
