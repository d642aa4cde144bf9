"""The Faust application of a worker: it listens to a topic and says which partitions are whose, and nothing else.

No table, no window, no state: what is judged and how far stands in the databases. Offsets are never committed, since a
message only says that there may be something new: a worker that begins, begins at the end of the topic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import faust
from faust.types import StreamT

from services.streams.kafka_thread import KafkaTransport
from services.streams.ownership import UNKNOWN
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from services.streams.bus import Bus

SESSION_SECONDS: Final = 10
"""How long a worker may be silent before its partitions go to another."""
HEARTBEAT_SECONDS: Final = 3
REBALANCE_SECONDS: Final = 15
"""How long workers have to finish the batch in hand when partitions are shared out anew."""


class Listener(Protocol):
    """What a worker does when it hears something; none of it may take long but `suspended`."""

    def woken(self, partition: int, district: str, sequence: int) -> None:
        """Take notice that a message of a fact of a district came."""

    async def suspended(self) -> None:
        """Let go for partitions to be shared out anew: nothing may be saved after this returns."""

    async def assigned(self, partitions: Collection[int]) -> None:
        """Have these partitions, and no others, from now on."""


class _KeepingNothing(faust.App):
    """An application without folders: Faust makes some for tables where it is started, which may be read-only."""

    def _create_directories(self) -> None:
        pass


def _sequence(headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes]) -> int:
    told = dict(headers).get("ce_sequence") or b""  # whoever may write to the topic may leave a value out
    return int(told) if told.isdigit() else UNKNOWN


def faust_app(bus: Bus, listener: Listener, spans: Spans = NO_SPANS) -> faust.App:
    """Return an application that is not started; raise what Faust raises for options that it cannot use."""
    app = _KeepingNothing(
        bus.group,
        broker=[f"kafka://{one}" for one in bus.servers],
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=HEARTBEAT_SECONDS,
        broker_rebalance_timeout=REBALANCE_SECONDS,
        consumer_auto_offset_reset="latest",
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        autodiscover=False,
        loghandlers=[],
        **bus.options,
    )
    app.transport = KafkaTransport(app.conf.broker_consumer, app)
    topic = app.topic(
        bus.topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", acks=False
    )

    async def listen(stream: StreamT[Any]) -> None:
        async for event in stream.events():
            if isinstance(event.key, bytes):
                spans.received(event.headers)
                listener.woken(event.message.partition, event.key.decode(errors="replace"), _sequence(event.headers))

    async def revoked(_app: object, *_given: object, **_named: object) -> None:
        await listener.suspended()

    async def assigned(_app: object, *given: Collection[Any], **_named: object) -> None:
        await listener.assigned({one.partition for one in given[0] if one.topic == bus.topic})

    app.agent(topic, name=f"{bus.group}-wake", concurrency=1)(listen)
    app.on_partitions_revoked.connect(cast("Any", revoked), weak=False)
    app.on_partitions_assigned.connect(cast("Any", assigned), weak=False)
    return app
