"""Whatever fails, and whoever takes over: every fact is published, in order, and a repeat is all that may happen.

Ledger, file of positions and relay are the real ones; only Kafka is a list here, which may lose what it has not
acknowledged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ledger.errors import Reason
from events.ledger.memory import MemoryLedger
from events.moment import TIME_ZONE
from services.messages.cloud_event import Message
from services.messages.connection import BrokerError
from services.relay.outlet import Handed
from services.relay.parts import RelayParts
from services.relay.relaying import Relay
from services.relay.sqlite_book import SqliteRelayBook
from tests.events.ledger.examples import NINE, XINZHOU, YUANZHOU, alone, withdrawn

START = dt.datetime(2026, 9, 28, 9, 0, tzinfo=TIME_ZONE)
LEASE = 10.0
PAGE = 3


class Clock:
    """Seconds, for the relays and their leases alike."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def moment(self) -> dt.datetime:
        """Return the same as a moment."""
        return START + dt.timedelta(seconds=self.seconds)


class Topic:
    """What was stored, as (district, sequence); `down` refuses everything."""

    def __init__(self) -> None:
        self.stored: list[tuple[str, int]] = []
        self.down = False

    def of(self, district: str) -> list[int]:
        """Return the sequences of a district in the order they were stored."""
        return [sequence for one, sequence in self.stored if one == district]


class HeldBack:
    """Facts under way: they are stored when they are let through."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.state = "under way"

    def arrived(self) -> bool:
        """Tell whether they were let through."""
        if self.state == "lost":
            raise unreachable()
        return self.state == "stored"

    def wait(self, seconds: float) -> None:
        """Not wait: a test lets through what it wants."""


class Line:
    """An outlet whose pages are stored one by one, as the test says."""

    def __init__(self, topic: Topic) -> None:
        if topic.down:
            raise unreachable()
        self._topic = topic
        self._under_way: list[HeldBack] = []

    def send(self, messages: Sequence[Message]) -> Handed:
        """Take messages."""
        if self._topic.down:
            raise unreachable()
        self._under_way.append(HeldBack(messages))
        return self._under_way[-1]

    def let_through(self) -> None:
        """Store the page that was handed over first."""
        if self._under_way:
            page = self._under_way.pop(0)
            self._topic.stored += [(one.key.decode(), one.sequence) for one in page.messages]
            page.state = "stored"

    def lose(self) -> None:
        """Lose the page that was handed over first, and say so."""
        if self._under_way:
            self._under_way.pop(0).state = "lost"

    def close(self, seconds: float) -> None:
        """Give up what is under way, at once."""
        del seconds
        self._under_way.clear()


def unreachable() -> BrokerError:
    return BrokerError(Reason("kafka.not_usable", "试验", "tried"))


class House:
    """A ledger, a topic, and two relays, one of which may publish."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.topic = Topic()
        self.ledger = MemoryLedger()
        self.lines: dict[str, Line] = {}
        self.folder = folder
        self.relays = {name: self.new_relay(name) for name in ("one", "two")}
        self.count = {XINZHOU: 0, YUANZHOU: 0}

    def new_relay(self, name: str) -> Relay:
        """Return a relay as a process begins it."""

        def open_line() -> Line:
            self.lines[name] = Line(self.topic)
            return self.lines[name]

        book = SqliteRelayBook(self.folder / "relay.sqlite", "facts", self.clock.moment)
        return Relay(
            RelayParts(
                ledger=self.ledger,
                book=book,
                open_outlet=open_line,
                holder=f"{name} {self.clock.seconds}",
                clock=self.clock,
                seconds=LEASE,
                page=PAGE,
            )
        )

    def record(self, district: str, facts: int) -> None:
        """Record facts of a district."""
        first = self.count[district] + 1
        self.count[district] += facts
        new = [withdrawn(number, district=district) for number in range(first, first + facts)]
        self.ledger.record(alone(*new), NINE)

    def settle(self) -> None:
        """Let everything that hinders pass, and both relays work until nothing is left."""
        self.topic.down = False
        for _ in range(200):
            self.clock.seconds += LEASE / 8
            for name, relay in self.relays.items():
                relay.advance()
                if name in self.lines:
                    self.lines[name].let_through()


def first_times(sequences: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(sequences))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.sampled_from([XINZHOU, YUANZHOU]), st.integers(1, 8)),
        st.tuples(st.sampled_from(["advance", "let_through", "lose", "kill", "stop"]), st.sampled_from(["one", "two"])),
        st.tuples(st.just("wait"), st.sampled_from([0.1, LEASE / 2, LEASE * 2])),
        st.tuples(st.sampled_from(["down", "up"])),
    ),
    max_size=60,
)


@given(STEPS)
def test_nothing_is_lost_and_first_times_are_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    house = House(tmp_path_factory.mktemp("relay"))
    for step in steps:
        match step:
            case ("record", str(district), int(facts)):
                house.record(district, facts)
            case ("advance", str(name)):
                house.relays[name].advance()
            case ("let_through" | "lose" as what, str(name)) if name in house.lines:
                getattr(house.lines[name], what)()
            case ("kill", str(name)):
                house.lines.pop(name, None)
                house.clock.seconds += 0.001
                house.relays[name] = house.new_relay(name)
            case ("stop", str(name)):
                house.relays[name].finish(seconds=0)
            case ("wait", float(seconds)):
                house.clock.seconds += seconds
            case ("down" | "up" as what,):
                house.topic.down = what == "down"
            case _:
                pass
    house.settle()

    for district, facts in house.count.items():
        assert first_times(house.topic.of(district)) == list(range(1, facts + 1))


def test_without_a_fault_every_fact_is_published_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.record(XINZHOU, 20)
    house.record(YUANZHOU, 10)
    house.settle()
    house.record(XINZHOU, 5)
    house.settle()

    assert (house.topic.of(XINZHOU), house.topic.of(YUANZHOU)) == (list(range(1, 26)), list(range(1, 11)))
    assert [relay.standing.publishes for relay in house.relays.values()] == [True, False]


def test_the_standby_goes_on_when_the_lease_of_a_dead_relay_has_run_out(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.record(XINZHOU, 4)
    house.relays["one"].advance()
    house.relays["one"].advance()
    house.lines["one"].let_through()
    house.relays["one"].advance()
    house.lines.pop("one")
    del house.relays["one"]
    house.clock.seconds += LEASE - 1
    house.relays["two"].advance()
    assert house.topic.of(XINZHOU) == [1, 2, 3]
    house.settle()
    assert house.topic.of(XINZHOU) == [1, 2, 3, 4]


def test_a_relay_that_stops_in_good_order_hands_over_at_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.record(XINZHOU, 2)
    house.relays["one"].advance()
    house.relays["one"].finish(seconds=0)
    house.clock.seconds += 1
    house.relays["two"].advance()

    assert [relay.standing.publishes for relay in house.relays.values()] == [False, True]
