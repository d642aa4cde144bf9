"""The processes that a process began, as the system tells."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def children_of(process: int) -> list[int]:
    """Return the processes that a process began and that are still there; none for one that is gone."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return sorted(found)


def is_running(process: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
