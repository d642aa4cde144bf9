"""One API for the tests of this folder; each test has a district or a case of its own, so that none meets another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.services.http.api import Api, serving

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with serving(tmp_path_factory.mktemp("ledger")) as running:
        yield running


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """Give a test an API of its own, to look at whole."""
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def district() -> str:
    return f"d{next(_NUMBERS)}"


@pytest.fixture
def case() -> str:
    return f"cs-{next(_NUMBERS)}"
