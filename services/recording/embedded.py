"""The embedded ledger in its folder: the names of its files, who records from this machine, and opening it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from events.keys import KeyFile
from events.ledger.errors import LedgerUnavailableError, Reason
from events.sqlite.ledger import SqliteLedger
from services.file_faults import file_reason
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Principal

if TYPE_CHECKING:
    from pathlib import Path

    from services.recording.request import Answer, Request
    from services.settings.service import Settings

LEDGER_FILE: Final = "ledger.sqlite"
KEYS_FILE: Final = "keys.sqlite"
SOCKET_FILE: Final = "writer.sock"


class Writer(Protocol):
    """Whoever records requests: the recorder itself, or the way to it in another process."""

    def record(self, request: Request) -> Answer:
        """Record one request and wait for the answer."""
        ...

    def record_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Record many requests in their order; each fails alone."""
        ...


def local_principal(districts: frozenset[str] | None, uid: int | None = None) -> Principal:
    """Return who records from the command line: whoever may write the ledger's folder may do all that people can."""
    user = os.getuid() if uid is None else uid
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = str(user)
    return Principal(f"local:{name}", EVERY_ROLE_OF_PEOPLE, districts)


@contextmanager
def open_embedded(settings: Settings) -> Iterator[SqliteLedger]:
    """Open the ledger of the data folder as its one writer, or create it; raise LedgerError."""
    folder = made(settings.data)
    path = folder / LEDGER_FILE
    is_new = not path.exists() or path.stat().st_size == 0
    keys = KeyFile(folder / KEYS_FILE)
    try:
        with SqliteLedger(path, settings.hash_algorithm if is_new else None, keys=keys) as ledger:
            yield ledger
    finally:
        keys.close()


def made(folder: Path) -> Path:
    """Make the data folder if it is not there; raise LedgerUnavailableError when that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        zh, en = file_reason(fault)
        raise LedgerUnavailableError(
            Reason(
                "recording.no_folder",
                f"数据文件夹 {folder} 不能建立（{zh}），无处入账；请检查 TAIZHANG_DATA 和权限。",
                f"The data folder {folder} cannot be made ({en}), so there is nowhere to record; check "
                "TAIZHANG_DATA and its permissions.",
            )
        ) from fault
    return folder
