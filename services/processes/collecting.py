"""Garbage collection in a process that makes a great many small things and holds most of them."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (200_000, 20, 50)
"""A judgement makes some hundred objects that die at once without the collector, and facts have no cycles."""


def collect_seldom() -> None:
    """Leave what is loaded by now out of collections, and let these come more seldom."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
