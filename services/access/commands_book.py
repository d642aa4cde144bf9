"""What commands on this machine hand out as files, noted in an access ledger of its own beside that of the service.

The service holds its access ledger as long as it runs, and commands run beside it; so they have one of their own, which
each holds for a moment. An auditor reads both over HTTP.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

from events.ledger.errors import LedgerUnusableError
from events.sqlite.faults import SECOND_WRITER
from events.sqlite.reader import open_reader
from services.access.access_book import AccessBook, HandedOut, open_access_book
from services.identity.caller import Caller
from services.recording.embedded import local_principal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from services.settings.service import Settings

COMMANDS_FILE: Final = "access-commands.sqlite"
LONGEST_WAIT: Final = 10.0
"""Seconds to wait for another command that is noting something."""


def note_exports(settings: Settings, exports: Sequence[HandedOut], clock: Callable[[], dt.datetime]) -> None:
    """Note what a command handed out, under the name of who runs it; raise LedgerError when it cannot be noted."""
    if not exports:
        return
    folder = settings.access or settings.data
    until = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            with open_access_book(folder, settings.hash_algorithm, clock, COMMANDS_FILE) as (book, _):
                _note(book, exports)
        except LedgerUnusableError as error:
            if error.code != SECOND_WRITER or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def file_handed_out(path: Path, district: str, ledger: LedgerReader) -> HandedOut:
    """Return what is noted of a file that was written from all that is known of a district; raise OSError."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return HandedOut(district=district, until=ledger.head(district).sequence, sha256=sha256)


def noted_by_commands(folder: Path, district: str, after: int, limit: int) -> list[AnyFact]:
    """Return what commands noted after a sequence, at most `limit`; raise LedgerError for a file that is damaged."""
    path = folder / COMMANDS_FILE
    if not path.exists():
        return []
    with closing(open_reader(path)) as reader:
        return reader.read(district, after, limit)


def _note(book: AccessBook, exports: Sequence[HandedOut]) -> None:
    for one in exports:
        principal = local_principal(frozenset({one.district}))
        caller = Caller(subject=principal.subject, roles=principal.roles, districts=frozenset({one.district}))
        book.handed_out(caller, one)
