"""Which program judges, told by its own text, so that what was saved by another is known for what it is.

The version number would not do: a release that leaves judging as it was need not judge everything anew, and one that
changes it must, whoever forgot to count it up.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

JUDGING: Final = {
    "events": ("*.py",),
    "rulebooks": ("**/*.py",),
    "projections": ("*.py", "alerts/*.py", "policy/*", "saved/*.py", "watch/*.py"),
}
"""What decides, by package, what facts come to and how that is saved; rulebooks have hashes of their own."""

_LETTERS: Final = 12


@cache
def judging_program() -> str:
    """Return the hash of the program that judges and saves, with its calendar, in hexadecimal."""
    text = text_digest(Path(str(files(package))) for package in JUDGING)
    return program_of(text, version("chinesecalendar"))


def program_of(text: str, calendar: str) -> str:
    """Return the hash of a program text and the version of the published calendar."""
    return hashlib.sha256(f"{text} {calendar}".encode()).hexdigest()


def text_digest(packages: Iterable[Path]) -> str:
    """Return the hash of what decides judgements in the folders of some packages."""
    digest = hashlib.sha256()
    for folder in packages:
        for one in sorted(
            {path for pattern in JUDGING[folder.name] for path in folder.glob(pattern) if path.is_file()}
        ):
            text = one.read_bytes()
            digest.update(f"{folder.name}/{one.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def edition_of(program: str) -> str:
    """Return the short name under which what a program saved is kept apart from what others did."""
    return program[:_LETTERS]
