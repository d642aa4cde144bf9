"""The files of an evidence package, by name."""

from __future__ import annotations

from typing import Final

FACTS: Final = "facts.jsonl"
SEALS: Final = "seals.txt"
PROOFS: Final = "proofs.json"
KEYS: Final = "keys.txt"
REPORT: Final = "report.html"
VERIFIER: Final = "verify.py"
MANIFEST: Final = "manifest.json"
SEAL_OF_MANIFEST: Final = "manifest.sha256"
ALWAYS: Final = frozenset({FACTS, SEALS, PROOFS, KEYS, REPORT, VERIFIER, "vocabulary.json", "calendars/national.json"})
"""What is in every package."""
OF_AN_ARCHIVE: Final = frozenset({"tests.json", "archive-report.html"})
FOLDER_OF_CASES: Final = "cases/"
