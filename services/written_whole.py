"""A file that is there whole or not at all: written beside its place, then moved there."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Give a file to write; it takes its place when the block ends well, else nothing is left.

    Raise FileExistsError when something is there that may not be replaced, OSError when it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    if not replace and path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    try:
        with _opened(beside, path) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _opened(beside: Path, path: Path) -> BinaryIO:
    """Open the file beside; what hinders it is told of the file that was asked for."""
    try:
        return beside.open("xb")
    except OSError as fault:
        fault.filename = str(path)
        raise
