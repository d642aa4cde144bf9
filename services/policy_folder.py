"""Where adopted house settings are kept: in the data folder, each file under the SHA-256 of its text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import structlog

from events.ledger_errors import LedgerUnavailableError, Reason
from projections.policy import Policy, PolicyError, hash_of, policy_from, shipped_alone

if TYPE_CHECKING:
    from pathlib import Path

POLICIES_FOLDER: Final = "policies"


class PolicyFolder:
    """The settings that may be adopted: the shipped ones and those kept in the data folder, which belongs to a backup.

    A file whose text no longer has the hash in its name, or that cannot be read, counts as not there. May be called
    from any thread.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / POLICIES_FOLDER
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

    def keep(self, text: bytes) -> Policy:
        """Keep settings so that they can be adopted; raise PolicyError or LedgerUnavailableError, with nothing kept."""
        policy = policy_from(text)
        path = self._path(policy.sha256)
        half = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError as fault:
            raise LedgerUnavailableError(
                Reason(
                    "policy.not_kept",
                    f"内部设置无法存入 {path}（{fault.strerror}），未采用；请检查权限和磁盘空间。",
                    f"The settings cannot be kept as {path} ({fault.strerror}) and were not adopted; check rights and "
                    "disk space.",
                )
            ) from fault
        return policy

    def _read(self, sha256: str) -> Policy | None:
        if not _is_hash(sha256):
            return None
        try:
            text = self._path(sha256).read_bytes()
        except OSError:
            return None
        if hash_of(text) != sha256:
            structlog.get_logger().error("policy.altered", file=str(self._path(sha256)), found=hash_of(text))
            return None
        try:
            return policy_from(text)
        except PolicyError as error:
            structlog.get_logger().error("policy.unreadable", file=str(self._path(sha256)), reason=str(error))
            return None

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.yaml"


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(one in "0123456789abcdef" for one in text)  # noqa: PLR2004  SHA-256 in hexadecimal
