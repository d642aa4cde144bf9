"""The forms that values of settings have: whole numbers, texts, paths; each raises ValueError for what is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final


def counted(given: str) -> int:
    """Return a whole number from 1 on."""
    number = int(given)
    if number < 1:
        raise ValueError(given)
    return number


def path(given: str) -> Path | None:
    """Return a path; None for an empty text."""
    return Path(given) if given else None


def text(given: str) -> str | None:
    """Return a text; None for an empty one."""
    return given or None


A_COUNT: Final[dict[str, Any]] = {"form": counted, "allowed_zh": "正整数", "allowed_en": "a whole number from 1 on"}
A_FILE: Final[dict[str, Any]] = {
    "default": "",
    "form": path,
    "allowed_zh": "文件路径",
    "allowed_en": "the path of a file",
    "is_path": True,
}
A_FOLDER: Final[dict[str, Any]] = {**A_FILE, "allowed_zh": "文件夹路径", "allowed_en": "the path of a folder"}
A_TEXT: Final[dict[str, Any]] = {"form": text, "allowed_zh": "文字", "allowed_en": "a text"}
