"""Logging: JSON in service, readable on a terminal, never what a fact says about persons."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TextIO
from uuid import UUID

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from events.fact import AnyFact, Fact, FactData, case_key
from events.moment import Moment
from services.logs.advice import WithoutRepeats, with_advice
from services.settings.service import LogFormat, LogLevel

_WEIGHTS: Final[Mapping[LogLevel, int]] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_STRUCTLOG_OWN: Final = frozenset({"exc_info", "stack_info"})


def set_up_logging(stream: TextIO, level: LogLevel = "info", form: LogFormat = "auto") -> None:
    """Send what the program logs to a stream, with times in UTC; only the command line calls this, once."""
    readable = form == "terminal" or (form == "auto" and stream.isatty())
    last: tuple[Processor, ...]
    if readable:
        plain = structlog.dev.plain_traceback
        last = (structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain),)
    else:
        without_locals = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        last = (without_locals, structlog.processors.JSONRenderer(ensure_ascii=False))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            WithoutRepeats(),
            with_advice,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            facts_by_identity,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_WEIGHTS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )

    _hear_libraries()


_TRIES_AGAIN: Final = "aiokafka"
"""What this library calls errors is mostly a broker out of reach, to which it connects again."""
_WAS_LATE: Final = "Thread keepalive is not responding"
"""What Faust calls an error when its thread had to wait for a processor some seconds, on a busy machine."""


class LibraryLines(logging.Handler):
    """Passes on what the HTTP server, Kafka and traces warn of, so that it stands in the log in the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        log = structlog.get_logger()
        message = record.getMessage()
        told = {"library": record.name, "message": message, "exc_info": record.exc_info}
        passes = record.name.startswith(_TRIES_AGAIN) or _WAS_LATE in message
        if record.levelno >= logging.ERROR and not passes:
            log.error("library.failed", **told)
        else:
            log.warning("library.warned", **told)


def _hear_libraries() -> None:
    for name in ("uvicorn", "kafka", "aiokafka", "faust", "mode", "opentelemetry"):
        library = logging.getLogger(name)
        library.handlers = [LibraryLines(logging.WARNING)]
        library.propagate = False


def about_fact(fact: AnyFact) -> AbstractContextManager[None]:
    """Bind a fact's id, case and district to everything logged within the `with` block."""
    return structlog.contextvars.bound_contextvars(**_identity(fact))


def facts_by_identity(_logger: WrappedLogger, _name: str, entry: EventDict) -> EventDict:
    """Replace each fact by its id, case, district and type, and anything else that may hold one by its class's name.

    So no name of a person gets into a log through an object that was logged whole.
    """
    return {key: value if key in _STRUCTLOG_OWN else _without_content(value) for key, value in entry.items()}


def _without_content(value: object) -> object:
    match value:
        case Fact():
            return {**_identity(value), "type": value.type}
        case FactData():
            return value.TYPE.name
        case Mapping():
            return {key: _without_content(held) for key, held in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_without_content(held) for held in value]
        case str() | int() | float() | None:
            return value
        case UUID() | dt.date() | Moment() | Path():
            return str(value)
        case _:
            return type(value).__name__


def _identity(fact: AnyFact) -> dict[str, str]:
    return {"fact": str(fact.id), "case": case_key(fact.subject), "district": fact.district}
