"""What the parts of a distributed system are told, in this process and in theirs; its tables and topic are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx

from services.cli import main
from tests.local_broker import LocalBroker


def prepared(
    folder: Path,
    database: str,
    broker: LocalBroker,
    topic: str,
    set_variable: Callable[[str, str], None],
    partitions: int = 1,
) -> dict[str, str]:
    """Make the tables of a database and a topic of a broker, and return the settings that name them.

    `set_variable` sets a variable of this process for as long as the test runs.
    """
    settings = {
        "TAIZHANG_DATABASE": database,
        "TAIZHANG_KAFKA": broker.address,
        "TAIZHANG_KAFKA_TOPIC": topic,
        "TAIZHANG_KAFKA_PARTITIONS": str(partitions),
        "TAIZHANG_DATA": str(folder),
    }
    for name, value in settings.items():
        set_variable(name, value)
    assert (main(["migrate"]), main(["topics"])) == (0, 0)
    return settings


def status(client: httpx.Client, port: int, path: str) -> int | None:
    """Return the status with which a part of the system answers, None while nobody answers."""
    try:
        return client.get(f"http://127.0.0.1:{port}{path}").status_code
    except httpx.TransportError:
        return None
