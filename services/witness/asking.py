"""Asking a ledger over its HTTP API for a checkpoint, the proof that it grew, and its leaves."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from events.tree.checkpoint import checkpoint_of
from events.tree.proofs import HASH_BYTES
from events.tree.signed_note import LONGEST_NOTE, NoteError, SignedNote, read_note
from events.tree.witness_request import WitnessRequest, read_hash

TILE: Final = 256
"""Leaves of a tile (c2sp.org/tlog-tiles)."""
_SECONDS: Final = 30


class LedgerAddress:
    """A district of a ledger at its HTTP address."""

    def __init__(self, address: str, district: str, token: str) -> None:
        if not address.startswith(("https://", "http://")):
            raise NoteError(
                "witness.bad_address",
                f"{address!r} 不是 http 或 https 地址，无从索取；请改正。",
                f"{address!r} is no http or https address; mend it.",
            )
        self._base = f"{address.rstrip('/')}/v1/districts/{quote(district, safe='')}"
        self._token = token

    def checkpoint(self) -> SignedNote:
        """Return the ledger's latest checkpoint, not believed yet; raise NoteError, OSError."""
        return read_note(self._get("checkpoint", LONGEST_NOTE + 1))

    def request_since(self, old: int, note: SignedNote) -> WitnessRequest:
        """Return the checkpoint with the proof that it grew from an older tree; raise NoteError, OSError."""
        size = checkpoint_of(note).size
        if not 0 < old < size:
            return WitnessRequest(old, (), note)
        lines = self._get(f"proofs/consistency?old={old}&new={size}", LONGEST_NOTE).decode(errors="replace").split()
        return WitnessRequest(old, tuple(read_hash(line) for line in lines), note)

    def leaves(self, start: int, end: int) -> Iterator[bytes]:
        """Give the leaves of a range, tile by tile; fewer when the ledger has no more. Raise NoteError, OSError."""
        while start < end:
            tile, skip = divmod(start, TILE)
            width = min(TILE, end - tile * TILE)
            partial = "" if width == TILE else f".p/{width}"
            found = self._get(f"tile/0/{tile_path(tile)}{partial}", TILE * HASH_BYTES)
            places = range(skip * HASH_BYTES, len(found), HASH_BYTES)
            if not places:
                return
            yield from (found[place : place + HASH_BYTES] for place in places)
            start += len(places)

    def _get(self, what: str, most: int) -> bytes:
        headers = {"authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(f"{self._base}/{what}", headers=headers)  # noqa: S310  the scheme is checked above
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310  as above
                found: bytes = response.read(most)
        except urllib.error.HTTPError as error:
            with error:
                raise NoteError(
                    "witness.not_answered",
                    f"{self._base}/{what} 答复 {error.code}，没有取到；请检查地址、区县和令牌（纪检角色）。",
                    f"{self._base}/{what} answered {error.code}; check address, district and token (role inspector).",
                ) from None
        return found


def tile_path(number: int) -> str:
    """Return the number of a tile as tlog-tiles writes it: three figures a step, `x` before all steps but the last."""
    steps = [f"{number % 1_000:03d}"]
    while number >= 1_000:  # noqa: PLR2004  three figures
        number //= 1_000
        steps.append(f"x{number % 1_000:03d}")
    return "/".join(reversed(steps))


def read_token(path: Path) -> str:
    """Read a token from a file; raise OSError."""
    return path.read_text(encoding="utf-8").strip()
