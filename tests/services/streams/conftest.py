"""What a worker saves lies in SQLite files and in PostgreSQL; what takes `place` is tested on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.stores.views_places import ViewsPlace
from tests.projections.kept import Folders, OneDatabase, Places


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest) -> Places:
    """Give places of one sort."""
    return Folders() if request.param == "sqlite" else OneDatabase(request.getfixturevalue("postgres_database"))


@pytest.fixture
def place(places: Places) -> Iterator[ViewsPlace]:
    """Give an empty place to a test."""
    with places.anew() as made:
        yield made
