"""The ledger in memory."""

from __future__ import annotations

import pytest

from events.keys import MemoryKeys
from events.ledger.memory import MemoryLedger
from events.ledger.port import Ledger
from tests.events.ledger import contract


@pytest.fixture
def ledger() -> Ledger:
    return MemoryLedger()


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def sealed(keys: MemoryKeys) -> Ledger:
    return MemoryLedger(keys=keys)


class TestRecording(contract.RecordingContract):
    """Writing."""


class TestDeciding(contract.DecidingContract):
    """Decisions."""


class TestTime(contract.TimeContract):
    """Times and clock facts."""


class TestReading(contract.ReadingContract):
    """Reading."""


class TestPersonal(contract.PersonalContract):
    """Personal fields."""
