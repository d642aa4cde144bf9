"""A collector of spans for tests: a real HTTP server that reads what OTLP sends by the library's own classes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATH = "/v1/traces"


@dataclass
class Collected:
    """What a collector was sent; `answers` lets it answer, with `status`."""

    endpoint: str = ""
    status: int = 200
    answers: Event = field(default_factory=Event)
    headers: list[dict[str, str]] = field(default_factory=list)
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)

    def spans(self) -> list[tuple[str, Span]]:
        """Return the spans, each with the name of the service that sent it."""
        return [
            (_service_of(of_one_process.resource.attributes), span)
            for request in list(self.requests)
            for of_one_process in request.resource_spans
            for scope in of_one_process.scope_spans
            for span in scope.spans
        ]


def _service_of(attributes: object) -> str:
    named = {one.key: one.value.string_value for one in attributes}  # type: ignore[attr-defined]  # protobuf's own list
    return str(named["service.name"])


@contextmanager
def collecting(port: int = 0, *, answers: bool = True) -> Iterator[Collected]:
    """Take spans on a port while the block runs."""
    collected = Collected()
    if answers:
        collected.answers.set()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken = gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body
            collected.headers.append({"path": self.path, **{key.lower(): value for key, value in self.headers.items()}})
            collected.requests.append(ExportTraceServiceRequest.FromString(taken))
            collected.answers.wait()
            self.send_response(collected.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked may be gone before the answer."""

    with Server(("127.0.0.1", port), Taking) as server:
        collected.endpoint = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield collected
        finally:
            collected.answers.set()
            server.shutdown()
            thread.join()
