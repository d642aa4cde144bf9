"""The witness's own folder: its key, the ledgers it trusts, the last checkpoint it signed of each, and evidence.

witness.key          private key, for its owner alone
witness.name         the name under which it signs
trusted-keys         a public key of a ledger a line
seen/ORIGIN          the last checkpoint that was signed, with the signature
    leaves/ORIGIN        where they were handed over: the leaf of each fact, 32 bytes each, to name a changed fact by
evidence/ORIGIN.N    what a ledger signed and was refused
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from events.tree.signed_note import (
    COSIGNATURE,
    LONGEST_NOTE,
    NoteError,
    SignedNote,
    SigningKey,
    VerifierKey,
    is_key_name,
    read_note,
)
from events.tree.signing_key_file import make_signing_key, read_signing_key
from services.witness.leaf_copy import LeafCopy

_KEY: Final = "witness.key"
_NAME: Final = "witness.name"
_TRUSTED: Final = "trusted-keys"
_SEEN: Final = "seen"
_EVIDENCE: Final = "evidence"
_LEAVES: Final = "leaves"
_LOCK: Final = "witness.lock"


class WitnessFolder:
    """What one witness keeps."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, name: str) -> SigningKey:
        """Make the key of a new witness; raise NoteError when there is one, OSError when it cannot be written."""
        if not is_key_name(name):
            raise NoteError(
                "witness.bad_name",
                f"{name!r} 不能用作见证人的名称（不可有空白和加号）；请换一个，如 jiwei.example.gov.cn。",
                f"{name!r} cannot name a witness (no blanks, no plus sign); choose another, such as "
                "inspectorate.example.",
            )
        private = make_signing_key(self.path / _KEY)
        _write(self.path / _NAME, f"{name}\n".encode())
        return SigningKey(name, private, COSIGNATURE)

    def key(self) -> SigningKey:
        """Return the witness's key; raise NoteError, OSError."""
        private = read_signing_key(self.path / _KEY)
        return SigningKey((self.path / _NAME).read_text(encoding="utf-8").strip(), private, COSIGNATURE)

    def trusted(self) -> dict[str, VerifierKey]:
        """Return the trusted keys of ledgers by origin; raise NoteError for a line that is none."""
        try:
            lines = (self.path / _TRUSTED).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        keys = [VerifierKey.from_text(line) for line in lines if line.strip()]
        return {key.name: key for key in keys}

    def trust(self, key: VerifierKey) -> None:
        """Add a ledger's key; raise NoteError when another one is trusted under its name, or it is a witness's."""
        known = self.trusted()
        if key.kind == COSIGNATURE:
            raise NoteError(
                "witness.no_ledger_key",
                "这是见证人的公钥，不是账册的；请登记账册的公钥（taizhang checkpoint --public-key）。",
                "This is a witness's key and not a ledger's; add the one of taizhang checkpoint --public-key.",
            )
        if known.get(key.name, key) != key:
            raise NoteError(
                "witness.other_key_trusted",
                f"{key.name} 已登记另一把公钥，没有替换；确认对方换了密钥后，"
                f"从 {self.path / _TRUSTED} 中删去旧的一行。",
                f"Another key of {key.name} is trusted and was not replaced; once it is certain that they changed "
                f"their key, delete the old line in {self.path / _TRUSTED}.",
            )
        known[key.name] = key
        _write(self.path / _TRUSTED, "".join(f"{one.to_text()}\n" for one in known.values()).encode())

    def seen(self, origin: str) -> SignedNote | None:
        """Return the last checkpoint that was signed of a ledger, None for none; raise NoteError, OSError."""
        try:
            with self._seen(origin).open("rb") as file:
                return read_note(file.read(LONGEST_NOTE + 1))
        except FileNotFoundError:
            return None

    def see(self, origin: str, note: SignedNote) -> None:
        """Keep what was signed; when this returns it is on disk."""
        _write(self._seen(origin), note.to_bytes())

    def preserve(self, origin: str, size: int, note: SignedNote) -> Path:
        """Keep what a ledger signed and was refused; return the file."""
        content = note.to_bytes()
        folder = self.path / _EVIDENCE
        place = folder / f"{quote(origin, safe='')}.{size}"
        number = 1
        while place.exists() and place.read_bytes() != content:
            number += 1
            place = folder / f"{quote(origin, safe='')}.{size}.{number}"
        _write(place, content)
        return place

    def leaves(self, origin: str) -> LeafCopy:
        """Return the copy of a ledger's leaves."""
        return LeafCopy(self.path / _LEAVES / quote(origin, safe=""))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else use the folder while the block runs, so that no older state can come after a newer one."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _seen(self, origin: str) -> Path:
        return self.path / _SEEN / quote(origin, safe="")


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place, whole and on disk, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        beside.unlink(missing_ok=True)
