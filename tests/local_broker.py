"""A real Apache Kafka for the tests: started, stopped and killed by the scripts of `deploy/kafka`."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.broker_certificates import Certificates

BROKER: Final = Path(__file__).parent.parent / "deploy" / "kafka" / "broker"
LONGEST_ACTION: Final = 400
"""Seconds until a script that ought to be through is given up; it waits for a broker 120 s, twice where it has to."""
CANNOT_BE_FETCHED: Final = 3
"""Java, Maven or the network is missing here; the script says what to type."""


class LocalBroker:
    """One broker with its data in a folder; over stops, kills and starts it keeps its address and what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def address(self) -> str:
        """Where clients reach it: host and port."""
        return (self.folder / "address").read_text(encoding="ascii").strip()

    @property
    def secure_address(self) -> str:
        """Where clients reach the shared broker that have a certificate and a password."""
        return (self.folder / "extra-address").read_text(encoding="ascii").strip()

    @property
    def certificates(self) -> Path:
        """The folder of the certificates of the shared broker."""
        return self.folder.parent / "certificates"

    def start(self, *extra: Path) -> None:
        """Start it unless it runs, and wait until it answers; `extra` are properties for a new one."""
        self._run("start", *extra)

    def stop(self) -> None:
        """End it in good order."""
        self._run("stop")

    def kill(self) -> None:
        """End it with kill -9."""
        self._run("kill")

    def clean(self) -> None:
        """End it and delete what it holds."""
        self._run("clean")

    def _run(self, command: str, *more: Path) -> None:
        try:
            done = subprocess.run(
                [BROKER, command, self.folder, *more],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
                timeout=LONGEST_ACTION,
            )
        except subprocess.TimeoutExpired:
            pytest.fail(f"deploy/kafka/broker {command} has not come to its end in {LONGEST_ACTION} seconds")
        if done.returncode:
            said = f"deploy/kafka/broker {command}: {done.stderr.strip()}"
            if done.returncode == CANNOT_BE_FETCHED and os.environ.get("CI") != "true":
                pytest.skip(said)
            pytest.fail(said)


@contextmanager
def own_broker(folder: Path) -> Iterator[LocalBroker]:
    """Run a broker for the block alone, for a test that kills it."""
    broker = LocalBroker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.clean()


@contextmanager
def shared_broker(folder: Path) -> Iterator[LocalBroker]:
    """Run one broker for all test processes that name the same folder: the first starts it, the last ends it."""
    broker = LocalBroker(folder / "broker")
    folder.mkdir(exist_ok=True)
    with _users(folder) as users:
        if not broker.certificates.exists():
            broker.certificates.mkdir()
            Certificates(broker.certificates)
        broker.start(broker.certificates / "extra.properties")
        users.touch_own()
    try:
        yield broker
    finally:
        with _users(folder) as users:
            if users.leave():
                broker.clean()


class _Users:
    """Which processes use a broker: one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f"user-{os.getpid()}"

    def touch_own(self) -> None:
        self._own.touch()

    def leave(self) -> bool:
        """Take this process out; tell whether it was the last."""
        self._own.unlink()
        return not list(self._folder.glob("user-*"))


@contextmanager
def _users(folder: Path) -> Iterator[_Users]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _Users(folder)
