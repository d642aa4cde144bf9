"""The skeleton of a new district's rulebook, commented so that a rule author can begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parent / "skeleton"
DISTRICT: Final = re.compile(r"[a-z][a-z0-9]*")
VERSION: Final = re.compile(r"\d{4}")


def is_name(district: str, version: str) -> bool:
    """Tell whether a district and a version can name a rulebook: ninghai and 2025."""
    return bool(DISTRICT.fullmatch(district) and VERSION.fullmatch(version))


def skeleton(district: str, version: str) -> Iterator[tuple[str, str]]:
    """Return the files of a new rulebook, each by its name with what it holds."""
    for path in sorted(TEMPLATES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        yield (
            path.name,
            text.replace("DISTRICT/ARTICLE", "\0")
            .replace("DISTRICT", district)
            .replace("VERSION", version)
            .replace("\0", "DISTRICT/ARTICLE"),
        )
