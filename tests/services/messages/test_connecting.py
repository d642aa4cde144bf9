"""Trying to reach a Kafka that is not there leaves nothing behind, however often it is tried."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]

# In a process of its own: pytest keeps what kafka-python logs, and with it the connections.
TRYING = """
import threading
from pathlib import Path
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from services.settings.kafka import KafkaSettings
from services.messages.connection import BrokerError, broker_faults, connected

nobody = KafkaSettings(kafka=("127.0.0.1:9",))

def held():
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

before = held()
for make in (KafkaAdminClient, KafkaProducer):
    try:
        with broker_faults(nobody):
            connected(make, nobody)
    except BrokerError as error:
        print(error.code, held() == before)
"""


def test_a_client_that_cannot_connect_leaves_neither_thread_nor_socket() -> None:
    tried = subprocess.run([sys.executable, "-c", TRYING], cwd=PROJECT, check=True, capture_output=True, text=True)

    assert tried.stdout.splitlines() == ["kafka.not_usable True"] * 2
