"""Where adopted house settings are kept: one file in the data folder, each text under its SHA-256."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

from events.ledger.errors import LedgerUnavailableError, Reason
from projections.policy.policy import Policy, PolicyError, hash_of, policy_from, shipped_alone

if TYPE_CHECKING:
    from pathlib import Path

    from structlog.typing import FilteringBoundLogger

POLICIES_FILE: Final = "policies.sqlite"
_SCHEMA: Final = "CREATE TABLE IF NOT EXISTS policies (sha256 TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID"
_SECONDS_TO_WAIT: Final = 10


class KeptPolicies:
    """The house settings that may be adopted: the shipped ones and those kept in the data folder.

    The file is evidence beside the ledger, and a backup takes it along as it does every `*.sqlite` there. A text that
    no longer has the hash it is kept under, or that cannot be read, counts as not there. May be called from any thread.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / POLICIES_FILE
        self._found: dict[str, Policy] = {}

    def find(self, sha256: str) -> Policy | None:
        """Return the settings with a hash, None when they are not kept."""
        found = self._found.get(sha256) or shipped_alone(sha256) or self._read(sha256)
        if found is not None:
            self._found[sha256] = found
        return found

    def keeps(self, sha256: str) -> bool:
        """Tell whether the settings with a hash are there to be adopted."""
        return self.find(sha256) is not None

    def text(self, sha256: str) -> bytes | None:
        """Return the text kept under a hash, None when there is none that has it."""
        rows = self._rows("SELECT text FROM policies WHERE sha256 = ?", sha256)
        if not rows:
            return None
        text = bytes(rows[0][0])
        if hash_of(text) != sha256:
            _get_logger().error("policy.altered", sha256=sha256, found=hash_of(text))
            return None
        return text

    def keep(self, text: bytes) -> Policy:
        """Keep settings so that they can be adopted; raise PolicyError or LedgerUnavailableError, with nothing kept."""
        policy = policy_from(text)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_SECONDS_TO_WAIT)) as connection, connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(_SCHEMA)
                connection.execute("INSERT OR REPLACE INTO policies VALUES (?, ?)", (policy.sha256, text))
        except (sqlite3.Error, OSError) as fault:
            raise LedgerUnavailableError(
                Reason(
                    "policy.not_kept",
                    f"内部设置无法存入 {self._path}（{fault}），未采用；请检查权限和磁盘空间。",
                    f"The settings cannot be kept in {self._path} ({fault}) and were not adopted; check rights "
                    "and disk space.",
                )
            ) from fault
        return policy

    def take_over(self, folder: Path) -> int:
        """Keep what is kept in another data folder, and return how many that is; nothing here is lost.

        Raise LedgerUnavailableError when it cannot be kept. What is unreadable there stays there, and is logged.
        """
        other = KeptPolicies(folder)
        taken = 0
        for (sha256,) in other._rows("SELECT sha256 FROM policies ORDER BY sha256"):
            text = other.text(sha256)
            with suppress(PolicyError):  # of an older form, by which nobody judges here either
                taken += 0 if text is None else bool(self.keep(text))
        return taken

    def _rows(self, statement: str, *given: str) -> list[Any]:
        """Return the rows of a query: none where there is no file, or none that can be read, which is logged."""
        if not self._path.exists():
            return []
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                return connection.execute(statement, given).fetchall()
        except sqlite3.Error as fault:
            _get_logger().error("policy.unreadable", file=str(self._path), reason=str(fault))
            return []

    def _read(self, sha256: str) -> Policy | None:
        text = self.text(sha256)
        if text is None:
            return None
        try:
            return policy_from(text)
        except PolicyError as error:
            _get_logger().error("policy.unreadable", sha256=sha256, reason=str(error))
            return None


def _get_logger() -> FilteringBoundLogger:
    import structlog  # noqa: PLC0415  most commands have nothing to tell of, and start sooner without

    log: FilteringBoundLogger = structlog.get_logger()
    return log
