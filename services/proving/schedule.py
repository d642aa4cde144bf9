"""Checkpoints while the service runs: of each district, every so many hours, when something was recorded since."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import structlog

from events.moment import TIME_ZONE
from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import NoteError
from services.processes.working_thread import Work
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.checkpointing import make_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.ledger.port import LedgerReader

LONGEST_NAP: Final = 30.0
"""Seconds after which it is looked whether a checkpoint is due."""


class ScheduledCheckpoints:
    """Signs what is due. For one thread; a district that cannot be signed is named in the log, and the others are."""

    def __init__(
        self, ledger: LedgerReader, data: Path, installation: str, hours: int, clock: Callable[[], dt.datetime]
    ) -> None:
        self._ledger = ledger
        self._data = data
        self._installation = installation
        self._every = dt.timedelta(hours=hours)
        self._clock = clock
        self._log = structlog.get_logger()

    def advance(self) -> bool:
        """Sign each district that is due; always False, since nothing is left then."""
        for district in self._ledger.districts() if self._every else ():
            try:
                if self._is_due(district):
                    note = make_checkpoint(self._ledger, district, self._data, self._installation)
                    self._log.info("checkpoint.signed", district=district, size=checkpoint_of(note).size)
            except NoteError as error:
                self._log.error("checkpoint.refused", district=district, code=error.code, reason=str(error))
            except OSError as error:
                self._log.error("checkpoint.not_written", district=district, reason=str(error))
        return False

    def work(self) -> Work:
        """Return this as what a thread does."""

        def interrupted(code: str, reason: str) -> None:
            self._log.error("checkpoint.interrupted", code=code, reason=reason)

        def failed(error: Exception) -> None:
            self._log.error("checkpoint.failed", exc_info=error)

        return Work("checkpoints", self.advance, interrupted, failed, LONGEST_NAP)

    def _is_due(self, district: str) -> bool:
        """Tell whether the last checkpoint is old enough, by the time of its file, and facts came since."""
        folder = CheckpointFolder(self._data, district)
        sizes = folder.sizes()
        if not sizes:
            return True
        signed_at = dt.datetime.fromtimestamp(folder.file_of(sizes[-1]).stat().st_mtime, TIME_ZONE)
        return self._clock() - signed_at >= self._every and self._ledger.head(district).sequence != sizes[-1]
