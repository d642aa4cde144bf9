"""Spans by the OpenTelemetry API, whose ids follow from those of the facts.

The span of recording a fact has the ids that its messages carry, and the span of judging it the other half of the
fact's id: so whoever meets the fact later, in another process, goes on in the same trace, and nothing has to be kept.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from events.alert import AlertRaised
from events.ledger.clock import clock_fact
from services.messages.trace import is_traceparent, traceparent_of
from services.tracing.chosen_ids import ChosenIds, Ids, random_ids

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer
    from opentelemetry.util.types import AttributeValue

    from events.fact import AnyFact
    from services.messages.cloud_event import Message
    from services.tracing.spans import Answered, Ended

TRACEPARENT: Final = "traceparent"
_OF_A_CALLER: Final = frozenset({b"traceparent", b"tracestate"})
_FAILED: Final = 500
_MOST_LINKS: Final = 32


@dataclass
class _Request:
    """The request that is answered just now: its span is made at its end, in the trace of the first fact it records."""

    ids: Ids
    parent: SpanContext | None
    recorded_nothing: bool = True

    @property
    def context(self) -> SpanContext:
        return _context(self.ids, TraceFlags(TraceFlags.SAMPLED) if self.parent is None else self.parent.trace_flags)


_REQUEST: Final[ContextVar[_Request | None]] = ContextVar("request", default=None)


class FactSpans:
    """Makes spans by a tracer whose ids are chosen here."""

    def __init__(self, tracer: Tracer, ids: ChosenIds) -> None:
        self._tracer = tracer
        self._ids = ids
        self._read = TraceContextTextMapPropagator()

    def asked(self, headers: Iterable[tuple[bytes, bytes]]) -> Answered:
        """Begin the span of a request over HTTP, as a part of the caller's trace where its headers name one."""
        began = time.time_ns()
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers if name in _OF_A_CALLER}
        parent = self._named(told) if told else None
        ids = random_ids()
        request = _Request(ids if parent is None else ids._replace(trace=parent.trace_id), parent)
        token = _REQUEST.set(request)

        def answered(method: str, route: str, status: int) -> None:
            _REQUEST.reset(token)
            span = self._begun(f"{method} {route}".strip(), request.ids, parent, kind=SpanKind.SERVER, start_time=began)
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            if status >= _FAILED:
                span.set_status(Status(StatusCode.ERROR))
            span.end()

        return answered

    @contextmanager
    def recording(self, facts: Sequence[AnyFact]) -> Iterator[None]:
        """Cover the recording of facts; what the block raises makes it a failed one."""
        request = _REQUEST.get()
        with ExitStack() as spans:
            for fact in facts:
                spans.enter_context(_ended(self._recorded(fact, request)))
            yield

    @contextmanager
    def reaching(self, district: str, at: dt.datetime) -> Iterator[None]:
        """Cover the recording of a clock fact."""
        with self.recording([clock_fact(district, at)]):
            yield

    def publishing(self, messages: Sequence[Message]) -> Ended:
        """Begin the spans of messages that are handed to Kafka."""
        spans = [self._of_message("fact.publish", one.headers, SpanKind.PRODUCER) for one in messages]

        def ended() -> None:
            for span in spans:
                span.end()

        return ended

    def received(self, headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes]) -> None:
        """Note that a message came from Kafka."""
        self._of_message("fact.receive", headers, SpanKind.CONSUMER).end()

    @contextmanager
    def judging(self, fact: AnyFact) -> Iterator[None]:
        """Cover the judging of a fact; those of the watch itself are not judged."""
        if fact.origin == "watch":
            yield
            return
        recorded = self._of_fact(fact)
        ids = Ids(recorded.trace_id, _judging(fact.id))
        with _ended(self._begun("fact.judge", ids, recorded, attributes=_told(fact))):
            yield

    def alerting(self, alerts: Sequence[AnyFact]) -> Ended:
        """Begin the spans of alert facts that are handed to the ledger, each under the judging of its cause."""
        spans = [self._alerted(one) for one in alerts]

        def ended() -> None:
            for span in spans:
                span.end()

        return ended

    def _recorded(self, fact: AnyFact, request: _Request | None) -> Span:
        own = self._of_fact(fact)
        if request is not None and request.recorded_nothing:
            request.recorded_nothing = False
            if request.parent is None:
                request.ids = request.ids._replace(trace=own.trace_id)
        belongs = request is not None and request.ids.trace == own.trace_id
        parent = request.context if request is not None and belongs else own if _is_of_caller(fact) else None
        links = [] if request is None or belongs else [Link(request.context)]
        return self._begun("fact.record", _ids_of(fact, own), parent, links=links, attributes=_told(fact))

    def _alerted(self, alert: AnyFact) -> Span:
        own = self._of_fact(alert)
        cause = alert.cause or None
        parent = None if cause is None else _context(Ids(own.trace_id, _judging(cause)))
        links = [Link(_context(_named_by(one))) for one in _proof(alert) if one != cause]
        return self._begun("alert.record", _ids_of(alert, own), parent, links=links, attributes=_told(alert))

    def _of_message(
        self, name: str, headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes], kind: SpanKind
    ) -> Span:
        told = {key: (value or b"").decode(errors="replace") for key, value in dict(headers).items()}
        attributes: dict[str, AttributeValue] = {
            "messaging.system": "kafka",
            "taizhang.district": told.get("ce_partitionkey", ""),
            "taizhang.sequence": told.get("ce_sequence", ""),
            "taizhang.fact.id": told.get("ce_id", ""),
            "taizhang.fact.type": told.get("ce_type", ""),
        }
        return self._begun(name, None, self._named(told), kind=kind, attributes=attributes)

    def _begun(
        self,
        name: str,
        ids: Ids | None,
        parent: SpanContext | None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        links: Sequence[Link] = (),
        attributes: Mapping[str, AttributeValue] | None = None,
        start_time: int | None = None,
    ) -> Span:
        around = Context() if parent is None else trace.set_span_in_context(NonRecordingSpan(parent), Context())
        with self._ids.chosen(ids):
            return self._tracer.start_span(
                name, around, kind=kind, links=links, attributes=attributes, start_time=start_time
            )

    def _of_fact(self, fact: AnyFact) -> SpanContext:
        """Return the context that the messages of a fact carry."""
        cause = str(fact.cause) if fact.origin == "watch" and fact.cause else None
        found = self._named({TRACEPARENT: traceparent_of(str(fact.id), fact.correlation or None, cause)})
        return found or _context(_named_by(fact.id))

    def _named(self, told: Mapping[str, str]) -> SpanContext | None:
        found = trace.get_current_span(self._read.extract(told, Context())).get_span_context()
        return found if found.is_valid else None


@contextmanager
def _ended(span: Span) -> Iterator[None]:
    try:
        yield
    except BaseException as fault:
        # The code alone: in a message a person may be named.
        span.set_status(Status(StatusCode.ERROR, str(getattr(fault, "code", type(fault).__name__))))
        raise
    finally:
        span.end()


def _is_of_caller(fact: AnyFact) -> bool:
    return is_traceparent(fact.correlation or None)


def _ids_of(fact: AnyFact, own: SpanContext) -> Ids | None:
    """Return the ids of the span of recording a fact; the caller's span has those that a caller gave."""
    return None if _is_of_caller(fact) else Ids(own.trace_id, own.span_id)


def _judging(fact_id: UUID) -> int:
    return fact_id.int >> 64


def _named_by(fact_id: UUID) -> Ids:
    return Ids(fact_id.int, fact_id.int & 0xFFFF_FFFF_FFFF_FFFF)


def _context(ids: Ids, flags: TraceFlags = TraceFlags(TraceFlags.SAMPLED)) -> SpanContext:  # noqa: B008  a number
    return SpanContext(ids.trace, ids.span, is_remote=True, trace_flags=flags)


def _proof(alert: AnyFact) -> Sequence[UUID]:
    """Return the facts that prove an alert: one that time raised leads back by them to what opened it."""
    data = alert.data
    return data.facts[:_MOST_LINKS] if isinstance(data, AlertRaised) else ()


def _told(fact: AnyFact) -> dict[str, AttributeValue]:
    """Return what a span says of a fact: nothing that names a person."""
    told: dict[str, AttributeValue] = {
        "taizhang.district": fact.district,
        "taizhang.fact.id": str(fact.id),
        "taizhang.fact.type": fact.type,
    }
    if isinstance(fact.data, AlertRaised):
        told["taizhang.rule"] = fact.data.rule
    return told
