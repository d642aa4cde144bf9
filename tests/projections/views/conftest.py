"""A scene for each test, on each place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.stores.views_places import ViewsPlace
from tests.projections.views.view_scene import ViewScene


@pytest.fixture
def scene(place: ViewsPlace) -> Iterator[ViewScene]:
    made = ViewScene(place)
    yield made
    made.rows.close()
