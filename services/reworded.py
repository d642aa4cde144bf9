"""What a library says in English, in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def reworded(said: str, phrases: Iterable[tuple[str, str]]) -> str | None:
    """Return the Chinese of what was said, by pairs of a pattern and what to say; None where no pattern fits all."""
    for pattern, chinese in phrases:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            return found.expand(chinese)
    return None
