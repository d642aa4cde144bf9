"""Watch and views are kept in SQLite files and in PostgreSQL; what takes `places` is tested on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.stores.views_places import ViewsPlace
from tests.projections.kept import Folders, OneDatabase, Places


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest) -> Places:
    """Give places of one sort, for tests that need several."""
    return Folders() if request.param == "sqlite" else OneDatabase(request.getfixturevalue("postgres_database"))


@pytest.fixture(scope="module")
def folders() -> Places:
    """Give places in folders, for what is tried many times there and a few times in PostgreSQL."""
    return Folders()


@pytest.fixture(scope="module")
def database(postgres_database: str) -> Places:
    """Give places in PostgreSQL."""
    return OneDatabase(postgres_database)


@pytest.fixture
def place(places: Places) -> Iterator[ViewsPlace]:
    """Give an empty place to a test."""
    with places.anew() as made:
        yield made
