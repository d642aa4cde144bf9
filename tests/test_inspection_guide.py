"""The inspection guide's commands do what it shows: each is run, and what it prints is compared."""

from __future__ import annotations

import os
from pathlib import Path

from tests.test_readme import ROOT, steps, told_anew

GUIDE = ROOT / "deploy" / "inspection-guide.zh-CN.md"


def test_the_commands_of_the_inspection_guide_print_what_it_shows(tmp_path: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    anew = told_anew(page, tmp_path)
    if os.environ.get("TAIZHANG_TELL_ANEW"):
        GUIDE.write_text(anew, encoding="utf-8")
    assert list(steps(anew)) == list(steps(page))
    assert len(list(steps(page))) >= 15
