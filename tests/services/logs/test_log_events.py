"""Each event that is logged has a stable name, its level, and for an operator what to do; page and code agree."""

from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from services.logs.advice import QUIET_SECONDS, WithoutRepeats
from services.logs.events import EVENTS, events_table
from services.logs.logging import set_up_logging

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "deploy" / "operating.md"
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error", "exception": "error"}


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def called_on_a_log(call: ast.Call) -> str | None:
    """Return the level of a call such as `log.error(...)`, `self._log.info(...)`, `get_logger().warning(...)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LEVELS:
        return None
    said = ast.unparse(call.func.value)
    return LEVELS[call.func.attr] if said.endswith(("log", "get_logger()")) else None


def logged_by(path: Path) -> Iterator[tuple[str, str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        level = called_on_a_log(node) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and level is not None:
            first = node.args[0] if node.args else None
            name = first.value if isinstance(first, ast.Constant) else f"line {node.lineno} has no constant name"
            yield str(name), level, f"{path.relative_to(PROJECT)}:{node.lineno}"


def test_every_event_of_the_code_is_in_the_list_with_its_level_and_none_besides() -> None:
    """Add a new event to `services/logs/events.py`, and its row to the page as the next test says."""
    folders = ("events", "rulebooks", "projections", "services")
    found = [one for folder in folders for path in sorted((PROJECT / folder).rglob("*.py")) for one in logged_by(path)]
    assert [one for one in found if EVENTS.get(one[0]) is None or EVENTS[one[0]].level != one[1]] == []
    assert set(EVENTS) - {name for name, _, _ in found} == set()


def test_the_page_lists_every_event() -> None:
    """Put in the table of `python -c "from services.logs.events import *; print(events_table(), end='')"`."""
    assert events_table() in PAGE.read_text(encoding="utf-8")


def test_a_warning_or_an_error_says_what_to_do_in_both_languages_and_nothing_else_does() -> None:
    for name, event in EVENTS.items():
        weighty = event.level in {"warning", "error"}
        assert (bool(event.do_zh), bool(event.do_en)) == (weighty, weighty), name
        assert event.zh, name
        assert event.en, name


def test_a_line_carries_what_to_do() -> None:
    stream = io.StringIO()
    set_up_logging(stream, form="json")
    structlog.get_logger().error("clock.not_recorded", district="xinzhou")
    structlog.get_logger().info("serve.stopping")
    first, second = map(json.loads, stream.getvalue().splitlines())
    known = EVENTS["clock.not_recorded"]
    assert (first["do_zh"], first["do_en"]) == (known.do_zh, known.do_en)
    assert set(second) == {"event", "level", "timestamp"}


def test_what_the_http_server_warns_of_stands_in_the_log_in_the_same_form() -> None:
    stream = io.StringIO()
    set_up_logging(stream, form="json")
    server = logging.getLogger("uvicorn.error")
    server.warning("Invalid HTTP request received.")
    server.error("broken", exc_info=ValueError("why"))
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["level"], first["message"], first["library"]) == (
        "library.warned",
        "warning",
        "Invalid HTTP request received.",
        "uvicorn.error",
    )
    assert (second["event"], second["exception"][0]["exc_type"]) == ("library.failed", "ValueError")


def test_what_passes_by_itself_is_a_warning_though_a_library_calls_it_an_error() -> None:
    stream = io.StringIO()
    set_up_logging(stream, form="json")
    logging.getLogger("aiokafka.consumer").error("Heartbeat session expired")
    faust = logging.getLogger("faust.transport.drivers.aiokafka")
    faust.error("[%s]: Thread keepalive is not responding...", "^--AIOKafkaConsumerThread")
    faust.error("Crashed")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["event"], one["level"]) for one in told] == [
        ("library.warned", "warning"),
        ("library.warned", "warning"),
        ("library.failed", "error"),
    ]


def test_the_same_fault_is_written_once_a_minute_with_its_count_and_another_at_once() -> None:
    now = 0.0
    repeats = WithoutRepeats(lambda: now)

    def passes(**entry: object) -> dict[str, object] | None:
        try:
            return dict(repeats(None, "error", {"event": "alert.not_recorded", **entry}))
        except structlog.DropEvent:
            return None

    assert passes(fact="a") == {"event": "alert.not_recorded", "fact": "a"}
    assert [passes(fact="a") for _ in range(3)] == [None] * 3
    assert passes(fact="b") is not None
    now = QUIET_SECONDS
    assert passes(fact="a") == {"event": "alert.not_recorded", "fact": "a", "repeated": 3}
    assert dict(repeats(None, "info", {"event": "serve.ready"})) == dict(
        repeats(None, "info", {"event": "serve.ready"})
    )


def test_a_library_that_waits_another_time_at_each_try_is_written_once_and_another_broker_at_once() -> None:
    repeats = WithoutRepeats(lambda: 0.0)
    tries = ("b-1 failed (backoff 0.36 secs)", "b-1 failed (backoff 1.4 secs)", "b-2 failed (backoff 0.36 secs)")
    written = []
    for message in tries:
        with suppress(structlog.DropEvent):
            written.append(repeats(None, "warning", {"event": "library.warned", "message": message})["message"])
    assert written == [tries[0], tries[2]]
