"""Faust's way to Kafka with a thread that keeps nothing waiting: Kafka may take a connection and never answer.

As it comes, Faust's thread holds the end of the process up until each request has run out of time, 90 s and more.
"""

from __future__ import annotations

from typing import Any, Final

from faust.transport.drivers import aiokafka
from mode.threads import ServiceThread, WorkerThread

LONGEST_JOIN: Final = 1.0
"""Seconds that a thread which said that it is through may take to end; the event loop stands still for so long."""


class EndsWithTheProcess(WorkerThread):
    """A thread that the interpreter does not wait for."""

    def __init__(self, service: ServiceThread, **options: Any) -> None:  # noqa: ANN401  what threading.Thread takes
        super().__init__(service, **options)
        self.daemon = True

    def stop(self) -> None:
        """Wait until the thread has ended, but not for ever."""
        self.is_stopped.wait(LONGEST_JOIN)


class _Consumer(aiokafka.Consumer):
    def _new_consumer_thread(self) -> aiokafka.AIOKafkaConsumerThread:
        return aiokafka.AIOKafkaConsumerThread(self, loop=self.loop, beacon=self.beacon, Worker=EndsWithTheProcess)


class KafkaTransport(aiokafka.Transport):
    """What Faust reaches Kafka by, with such a thread."""

    Consumer = _Consumer
