"""A scene for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projections.views.view_scene import ViewScene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[ViewScene]:
    made = ViewScene(tmp_path)
    yield made
    made.rows.close()
