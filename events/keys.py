"""The keys of persons: in memory, or in a file of their own beside the ledger."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from events.ledger.errors import LedgerUnusableError, PersonErasedError, Reason
from events.personal import KEY_BITS

_OWNER_ONLY: Final = 0o600
_ERASED: Final = b""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS keys (
    district TEXT NOT NULL,
    person TEXT NOT NULL,
    key BLOB,
    erased_by TEXT,
    PRIMARY KEY (district, person)
) WITHOUT ROWID
"""


class MemoryKeys:
    """Keys that last as long as the object."""

    def __init__(self) -> None:
        """Start without keys."""
        self._keys: dict[tuple[str, str], bytes] = {}

    def find(self, district: str, person: str) -> bytes | None:
        """Return a person's key, None when there is none; raise PersonErasedError when it was destroyed."""
        key = self._keys.get((district, person))
        if key == _ERASED:
            raise PersonErasedError(person)
        return key

    def find_or_make(self, district: str, person: str) -> bytes:
        """Return a person's key, made when there is none."""
        return self.find(district, person) or self._keys.setdefault(
            (district, person), AESSIV.generate_key(bit_length=KEY_BITS)
        )

    def erase(self, district: str, person: str, act: UUID) -> bool:  # noqa: ARG002  the act is kept by the file store
        """Destroy a person's key for good; tell whether there was one."""
        had_one = bool(self._keys.get((district, person)))
        self._keys[district, person] = _ERASED
        return had_one


class NoKeys:
    """No keys at all: the keys of a ledger that was opened without them, which then takes no personal text."""

    def find(self, district: str, person: str) -> bytes | None:
        """Return None."""

    def find_or_make(self, district: str, person: str) -> bytes:  # noqa: ARG002  as in events.personal.Keys
        """Raise LedgerUnusableError: a personal text is never stored as it is."""
        raise _keys_missing(person)


class KeyFile:
    """Keys in an SQLite file of its own that only its owner may read; pages of destroyed keys are overwritten."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raise LedgerUnusableError when that fails."""
        self._path = path
        self._lock = Lock()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as fault:
            raise self._unusable(fault) from fault

    def find(self, district: str, person: str) -> bytes | None:
        """Return a person's key, None when there is none; raise PersonErasedError when it was destroyed."""
        with self._lock:
            return self._find(district, person)

    def find_or_make(self, district: str, person: str) -> bytes:
        """Return a person's key, made and durable before it returns; raise PersonErasedError when it was destroyed."""
        with self._lock:
            key = self._find(district, person)
            if key is None:
                new = AESSIV.generate_key(bit_length=KEY_BITS)
                self._run("INSERT OR IGNORE INTO keys (district, person, key) VALUES (?, ?, ?)", district, person, new)
                key = self._find(district, person) or new
            return key

    def erase(self, district: str, person: str, act: UUID) -> bool:
        """Destroy a person's key for good, naming the recorded act that ordered it; tell whether there was one."""
        with self._lock:
            found = self._run("SELECT key FROM keys WHERE district = ? AND person = ?", district, person)
            self._run(
                "INSERT INTO keys VALUES (?, ?, NULL, ?) "
                "ON CONFLICT DO UPDATE SET key = NULL, erased_by = coalesce(erased_by, excluded.erased_by)",
                district,
                person,
                str(act),
            )
            return bool(found) and found[0][0] is not None

    def all_of(self, district: str) -> list[tuple[str, bytes | None, UUID | None]]:
        """Return every person of a district with his key; without one where an act, named then, destroyed it."""
        with self._lock:
            rows = self._run("SELECT person, key, erased_by FROM keys WHERE district = ? ORDER BY person", district)
        return [(person, key, None if act is None else UUID(act)) for person, key, act in rows]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _find(self, district: str, person: str) -> bytes | None:
        rows = self._run("SELECT key FROM keys WHERE district = ? AND person = ?", district, person)
        if not rows:
            return None
        key: bytes | None = rows[0][0]
        if key is None:
            raise PersonErasedError(person)
        return key

    def _run(self, statement: str, *values: str | bytes) -> list[Any]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as fault:
            raise self._unusable(fault) from fault

    def _unusable(self, fault: Exception) -> LedgerUnusableError:
        return LedgerUnusableError(
            Reason(
                "ledger.keys_unusable",
                f"密钥文件 {self._path} 无法使用（{fault}），个人信息字段不能加密或读取；"
                "请检查该文件的权限、磁盘空间与完整性。",
                f"The key file {self._path} cannot be used ({fault}), so personal fields cannot be sealed or read; "
                "check its permissions, the disk space and whether it is intact.",
            )
        )


def _keys_missing(person: str) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            "ledger.keys_missing",
            f"账册打开时没有指定密钥文件，人员 {person} 的个人信息无法加密，不能入账；请指定密钥文件后重试。",
            f"The ledger was opened without a key file, so the personal data of {person} cannot be sealed and was not "
            "recorded; name the key file and try again.",
        )
    )
