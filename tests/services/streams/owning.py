"""An owner of a partition over a ledger in memory and views in a place, with clocks that are set."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import LedgerReader, Proposal
from events.moment import TIME_ZONE
from projections.policy.policy import shipped_policy
from services.backlog import Backlog
from services.settings.service import settings_from
from services.stores.readers import Readers
from services.stores.views_places import ViewsPlace
from services.streams.bus import Bus
from services.streams.lanes import Lanes
from services.streams.opening import Worker
from services.streams.ownership import Means, Owner
from services.streams.share import Share
from services.streams.steering import Steering
from services.streams.stores import Stores, open_stores
from services.watching.admission import Admission
from tests.projections.playing import Direct

ADMISSION = Admission(shipped_policy())
"""Compiles each rulebook once."""


class Office:
    """What the owners of all partitions work on."""

    def __init__(self, place: ViewsPlace) -> None:
        self.ledger = MemoryLedger()
        self.reader: LedgerReader = self.ledger
        self.direct = Direct(self.ledger, dt.datetime(2026, 9, 28, 12, tzinfo=TIME_ZONE))
        self.seconds = 0.0
        self._place = place

    def open_stores(self) -> AbstractContextManager[Stores]:
        return open_stores(self.reader, self._place)

    def means(self, name: str = "worker-1", *, prepares: bool = False) -> Means:
        recording = None if prepares else self.direct
        return Means(self.open_stores, recording, ADMISSION, self.direct.clock, name, elapsed=lambda: self.seconds)

    def owner(
        self, partition: int = 0, partitions: int = 1, name: str = "worker-1", *, prepares: bool = False
    ) -> Owner:
        owner = Owner(self.means(name, prepares=prepares))
        owner.own(Share(frozenset({partition}), partitions))
        return owner

    def at(self, day: str) -> None:
        self.direct.now = dt.datetime.fromisoformat(f"{day}T12:00:00+08:00")

    def record(self, *facts: AnyFact) -> None:
        for one in facts:
            self.ledger.record([Proposal(facts=(one,))], self.direct.now)

    def types(self, district: str = "xinzhou") -> list[str]:
        return [one.type.removesuffix(".v1") for one in self.ledger.read(district)]

    def shown(self, view: str, district: str = "xinzhou") -> int:
        """Return how many facts the live rows of a view rest on."""
        with self._place.rows(writable=False) as rows:
            live = rows.live(view)
            return 0 if live is None else rows.position(live, district).facts


@contextmanager
def worker_without_kafka(office: Office, place: ViewsPlace) -> Iterator[Worker]:
    """Hold a worker that is told which partitions are its own by whoever has it, not by Kafka."""
    clock = office.direct.clock
    steering = Steering(Lanes(office.means(), 1))
    views, rows = Readers(partial(place.watch, writable=False)), Readers(partial(place.rows, writable=False))
    bus = Bus(servers=(), topic="facts", group="workers")
    yield Worker(settings_from({}), bus, steering, office.ledger, views, rows, clock, Backlog(clock()))
    asyncio.run(steering.given_back())
    views.close()
    rows.close()


def work(owner: Owner) -> None:
    """Let an owner work until there is nothing left for now."""
    while owner.advance():
        pass
