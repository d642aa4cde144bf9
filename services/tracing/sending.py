"""Sending spans to a collector by OTLP; nobody waits for it, and when it is away the log says so once.

Spans wait in a queue of some thousands, from which the oldest are dropped while nothing can be sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import structlog
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from services.file_faults import file_reason
from services.settings.sources import SettingError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from services.settings.service import Settings

SECONDS: Final = 3.0
"""How long one attempt to send may take, with its repeats."""
_TELLS_EACH_TIME: Final = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_TELLS_OF_DROPS: Final = "opentelemetry.sdk._shared_internal"


class Way(HTTPAdapter):
    """The way to a collector; it keeps why the last attempt failed, of which the library does not always tell."""

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:  # noqa: ANN401  as requests names them
        """Send a request once."""
        try:
            answered = super().send(request, *args, **options)
        except OSError as fault:  # every fault of requests is one
            self.fault = " ".join(str(fault).split())
            raise
        self.fault = f"{answered.status_code} {answered.reason}"
        return answered


class Collector(SpanExporter):
    """A collector of spans, and whether it took the last ones."""

    def __init__(self, endpoint: str, settings: Settings, seconds: float) -> None:
        self._way = Way()
        session = Session()
        session.trust_env = False  # the settings alone say where spans go, and by which way
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._way)
        self._sender: SpanExporter = OTLPSpanExporter(
            endpoint=endpoint,
            certificate_file=None if settings.traces_ca is None else str(settings.traces_ca),
            headers=dict(settings.traces_headers),
            timeout=seconds,
            compression=Compression.Gzip,
            session=session,
        )
        self._endpoint = endpoint
        self._ending = False
        self._closed = False
        self.lost = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; those that cannot be sent are dropped."""
        if self._ending and self.lost:
            return SpanExportResult.FAILURE
        result = self._sender.export(spans)
        lost, self.lost = self.lost, result is not SpanExportResult.SUCCESS
        if self.lost and not lost:
            structlog.get_logger().warning("traces.not_sent", endpoint=self._endpoint, reason=self._way.fault)
        elif lost and not self.lost:
            structlog.get_logger().info("traces.sent_again", endpoint=self._endpoint)
        return result

    def end(self) -> None:
        """Try no longer for a collector that is away: whoever ends does not wait for it."""
        self._ending = True
        if self.lost:
            self.shutdown()

    def shutdown(self) -> None:
        """Let go of the connection."""
        if not self._closed:
            self._closed = True
            self._sender.shutdown()


@contextmanager
def collector_at(endpoint: str, settings: Settings, seconds: float = SECONDS) -> Iterator[Collector]:
    """Give a collector; raise SettingError when the certificates that are to vouch for it cannot be read.

    One attempt to send takes `seconds` or a little more; who ends waits about as long for a collector.
    """
    _refuse_unreadable(settings)
    collector = Collector(endpoint, settings, seconds)

    def not_said_yet(_record: logging.LogRecord) -> bool:
        return not collector.lost

    speaking, dropping = logging.getLogger(_TELLS_EACH_TIME), logging.getLogger(_TELLS_OF_DROPS)
    disabled, speaking.disabled = speaking.disabled, True
    dropping.addFilter(not_said_yet)
    try:
        yield collector
    finally:
        speaking.disabled = disabled
        dropping.removeFilter(not_said_yet)


def _refuse_unreadable(settings: Settings) -> None:
    if settings.traces_ca is None:
        return
    try:
        settings.traces_ca.read_bytes()
    except OSError as fault:
        zh, en = file_reason(fault)
        raise SettingError(
            "setting.not_usable",
            "TAIZHANG_TRACES_CA",
            f"TAIZHANG_TRACES_CA 所指的文件不能读取（{zh}），链路无法加密发送，程序因此不启动；请检查路径与权限。",
            f"The file of TAIZHANG_TRACES_CA cannot be read ({en}), so spans cannot be sent "
            "encrypted and the program does not start; check path and rights.",
        ) from fault
