"""How a module of this program is run in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path


def command_of(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with the code of this process, whatever lies in the working folder."""
    # Where this process takes modules from the folder it was begun in, the other one does so too, else neither.
    strictly = () if str(Path.cwd()) in sys.path else ("-P",)
    return [sys.executable, *strictly, "-m", module, *arguments]
