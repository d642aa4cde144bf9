"""What commands end with: one table for all of them, as diff and grep have it."""

from __future__ import annotations

from typing import Final

FINE: Final = 0
"""It was done, and nothing is wrong."""
FOUND_WRONG: Final = 1
"""It was done, and what was looked at is not as it has to be: a breach, a change, a fault, a difference."""
NOT_DONE: Final = 2
"""It was not done, or not all of it: arguments, input, settings, or what it works on did not allow it."""
INTERRUPTED: Final = 130
"""Somebody interrupted it at the keyboard, as a shell reports it."""
READER_GONE: Final = 141
"""Nobody reads its output any more (`| head`), as a shell reports it."""

_FINDINGS: Final = frozenset(
    {
        "backup.checkpoint_unfit",
        "backup.file_changed",
        "backup.other_state",
        "backup.seal_broken",
        "checkpoint.ledger_forked",
        "checkpoint.ledger_shorter",
        "copy.not_alike",
        "copy.source_broken",
        "copy.target_differs",
        "database.damaged",
        "evidence.changed",
        "evidence.never_recorded",
        "evidence.seal_broken",
        "ledger.damaged",
        "ledger.sealed_text_damaged",
        "ledger.unknown_form",
        "note.bad_signature",
        "receipt.contradicted",
        "receipt.not_proved",
    }
)
"""Codes of errors that say that records were changed or damaged: whoever asked whether they were has his answer."""


def of_fault(error: Exception) -> int:
    """Return what a command ends with that an error ended: damage is something found, anything else was not done."""
    return FOUND_WRONG if getattr(error, "code", None) in _FINDINGS else NOT_DONE
