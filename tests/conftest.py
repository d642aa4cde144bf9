"""How the tests draw their examples: no time limit for one example, since several tests share the cores.

Whoever starts the service takes a port that is free, so that tests can run beside each other.
All processes of a test run share one PostgreSQL server; each module takes a database of its own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings

from tests import postgres_server as servers
from tests.local_broker import LocalBroker, shared_broker

settings.register_profile("shared_cores", deadline=None, print_blob=True)
settings.load_profile("shared_cores")

os.environ["TAIZHANG_PORT"] = "0"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.begin_test_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.end_test_run()


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave logging as it was: a command run in a test writes its log to a stream that ends with the test."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_server() -> servers.PostgresServer:
    """Give the shared server: make databases in it, never stop it; `own_server` gives one that may be killed."""
    return servers.shared_server()


@pytest.fixture(scope="module")
def postgres_database(postgres_server: servers.PostgresServer) -> Iterator[str]:
    """Give the conninfo of an empty database to a module of tests."""
    conninfo = postgres_server.new_database()
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBroker]:
    """Give a running Apache Kafka, one for all processes of a test run; whoever kills it takes one of its own."""
    base = tmp_path_factory.getbasetemp()
    with shared_broker((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kafka") as broker:
        yield broker


@pytest.fixture
def topic() -> str:
    """Give the name of a topic that no other test uses; it is not made yet."""
    return f"facts-{uuid4().hex[:12]}"
