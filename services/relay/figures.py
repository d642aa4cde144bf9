"""What a relay tells of itself: figures for Prometheus, whether it lives, whether it keeps up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.routing import Route

from events.ledger.errors import LedgerError
from services.http.answers import answer
from services.http.documents import Alive
from services.http.probing import probing

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

    from events.ledger.port import LedgerReader
    from services.backlog import Backlog
    from services.relay.book import RelayBook
    from services.relay.relaying import Standing

LONGEST_LAG: Final = 60.0
"""Seconds; a relay is not ready while a fact that is not in Kafka has waited longer, whoever of them publishes."""
_A_DISTRICT: Final = ("district",)


class RelayLag(NamedTuple):
    """How far Kafka is behind the ledger in a district: facts, and how many seconds the oldest has waited."""

    district: str
    facts: int
    seconds: float


class RelayReady(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether this relay publishes or stands by, how far Kafka is behind, and why it could not publish if it had to."""

    status: str
    lag_facts: int
    lag_seconds: float
    code: str | None = None
    zh: str | None = None
    en: str | None = None


class Figures:
    """Counts what arrives in Kafka; from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._published = Counter(
            "taizhang_relay_published_facts", "Facts stored in Kafka.", _A_DISTRICT, registry=self.registry
        )

    def arrived(self, district: str, facts: int) -> None:
        """Count facts of a district."""
        self._published.labels(district).inc(facts)


def relay_lags(backlog: Backlog, ledger: LedgerReader, book: RelayBook, now: dt.datetime) -> list[RelayLag]:
    """Return how far Kafka is behind, for each district of the ledger."""
    published = book.published()
    return [
        RelayLag(district, *backlog.behind(ledger, district, published.get(district, 0), now))
        for district in backlog.look(ledger, now)
    ]


def relay_probes(
    figures: Figures,
    standing: Callable[[], Standing],
    lags: Callable[[], list[RelayLag]],
) -> Starlette:
    """Return the application; it tells no content of facts, and so asks for no token."""

    def health(_request: Request) -> Response:
        return answer(Alive(status="alive"))

    def ready(_request: Request) -> Response:
        try:
            found = lags()
        except LedgerError:
            return answer(RelayReady(status="behind", lag_facts=0, lag_seconds=0.0), 503)
        facts, seconds = sum(one.facts for one in found), max((one.seconds for one in found), default=0.0)
        publishes, fault = standing()
        if fault is not None:
            unable = RelayReady(
                status="unable", lag_facts=facts, lag_seconds=seconds, code=fault.code, zh=fault.zh, en=fault.en
            )
            return answer(unable, 503)
        behind = seconds > LONGEST_LAG
        status = "behind" if behind else "publishing" if publishes else "standing_by"
        return answer(RelayReady(status=status, lag_facts=facts, lag_seconds=seconds), 503 if behind else 200)

    def metrics(_request: Request) -> Response:
        try:
            text = generate_latest(figures.registry) + _of_now(standing(), lags())
        except LedgerError as error:
            return Response(f"# {error.code}\n", 503, media_type=CONTENT_TYPE_LATEST)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return probing(routes=[Route("/v1/health", health), Route("/v1/ready", ready), Route("/v1/metrics", metrics)])


def _of_now(standing: Standing, lags: list[RelayLag]) -> bytes:
    registry = CollectorRegistry()
    Gauge("taizhang_relay_publishing", "1 where this relay has the lease.", registry=registry).set(standing.publishes)
    able = Gauge("taizhang_relay_able", "1 where this relay publishes, or could as far as is known.", registry=registry)
    able.set(standing.fault is None)
    facts = Gauge("taizhang_relay_lag_facts", "Facts not yet in Kafka.", _A_DISTRICT, registry=registry)
    seconds = Gauge("taizhang_relay_lag_seconds", "Wait of the oldest of them.", _A_DISTRICT, registry=registry)
    for one in lags:
        facts.labels(one.district).set(one.facts)
        seconds.labels(one.district).set(one.seconds)
    return generate_latest(registry)
