"""Saying what the verification of an evidence package found, as that of a ledger is said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import COSIGNATURE, NoteError, read_note
from services.evidence.verified import UnsoundError
from services.evidence.verifying import keys_of_package, verify_package
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.file_faults import NOT_READ, file_fault
from services.proving.since import held_checkpoint, read_checkpoint_file, read_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.tree.signed_note import VerifierKey
    from services.evidence.verified import PackageVerification


def verify_and_show(
    path: Path, keys: Sequence[str], since: Sequence[str], manifest: str | None = None, *, as_json: bool
) -> int:
    """Verify a package with what was given from elsewhere, print what was found, return the exit code."""
    try:
        given = [read_key(one) for one in keys]
        files = [read_checkpoint_file(Path(one)) for one in since]
    except NoteError as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_READ)}\n")
        return NOT_DONE
    try:
        known = given or (keys_of_package(path) if files else [])
        held = [held_checkpoint(one, _fitting(one, known)).anchor() for one in files]
    except (NoteError, UnsoundError) as error:
        sys.stderr.write(f"{error}\n")
        return FOUND_WRONG
    return show_package(verify_package(path, given, held, manifest), as_json=as_json)


def _fitting(note: bytes, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Return the keys that may have signed a checkpoint; raise NoteError when the package's are none of them."""
    origin = checkpoint_of(read_note(note)).origin
    fitting = [key for key in keys if key.kind == COSIGNATURE or key.name == origin]
    if not fitting:
        raise NoteError(
            "checkpoint.no_key",
            f"证据包的公钥与您所存的检查点（{origin}）无关：不是同一账册的证据，或公钥被换过。",
            f"The keys of the package have nothing to do with the checkpoint that you hold ({origin}): it is evidence "
            "of another ledger, or its keys were replaced.",
        )
    return fitting


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
            "notes": [{"zh": zh, "en": en} for zh, en in found.notes],
        }
        sys.stdout.write(orjson.dumps(said).decode() + "\n")
        return FINE if found.ok else FOUND_WRONG
    for zh, en in found.notes:
        sys.stdout.write(f"注意 note: {zh} / {en}\n")
    if found.ok:
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
    return FINE if found.ok else FOUND_WRONG
