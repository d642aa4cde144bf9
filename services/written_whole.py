"""A file that is there whole or not at all: written beside its place, then moved there."""

from __future__ import annotations

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
        raise FileExistsError(17, "已有此文件，不覆盖；请换个名字 / it is there and is not replaced", str(path))
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
