"""What the threat model rests on is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "deploy" / "threat-model.md"


def test_every_file_and_folder_that_the_threat_model_names_exists() -> None:
    names = {path.name for folder in ("tests", "services", "deploy") for path in (ROOT / folder).rglob("*")}
    named = set(re.findall(r"(?:tests/[\w/]+(?:\.py)?|\b[\w-]+\.(?:py|md))", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert sorted(one for one in named if Path(one).name not in names and not (ROOT / one).exists()) == []
