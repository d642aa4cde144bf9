"""What is counted of the API for Prometheus; nothing in it tells who asked, or about which district."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        # Looking a counter up by its labels costs more than counting.
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._requests = Counter(
            "taizhang_http_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "taizhang_http_seconds",
            "Seconds that requests took, by route.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._unrecognised = Counter(
            "taizhang_http_unrecognised",
            "Requests whose token was not accepted, by reason.",
            ("code",),
            registry=self.registry,
        )

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the address with the names of its parts, never their values."""
        kept = self._kept.get((method, route, status))
        if kept is None:
            kept = self._requests.labels(method, route, str(status)), self._seconds.labels(route)
            self._kept[method, route, status] = kept
        kept[0].inc()
        kept[1].observe(seconds)

    def unrecognised(self, code: str) -> None:
        """Count a token that was not accepted."""
        self._unrecognised.labels(code).inc()

    def text(self) -> bytes:
        """Return all counters in the form of Prometheus."""
        return generate_latest(self.registry)
