"""A fault of the program is a problem with an id; its cause stands in the log and nowhere else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from structlog.testing import capture_logs

from services.http.edge import Edge
from services.http.metrics import Metrics
from services.http.parts import DEFAULT_LIMITS


def answered(app: Any) -> list[dict[str, Any]]:  # noqa: ANN401  an ASGI application
    """Return the messages with which an application behind the edge answers."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(Edge(app, DEFAULT_LIMITS, Metrics())(scope, receive, send))  # type: ignore[arg-type]
    return sent


def test_an_unforeseen_exception_becomes_a_problem_whose_id_stands_in_the_log() -> None:
    async def broken(_scope: object, _receive: object, _send: object) -> None:
        message = "the secret cause"
        raise ZeroDivisionError(message)

    with capture_logs() as logged:
        start, content = answered(broken)
    problem = json.loads(content["body"])
    assert (start["status"], problem["code"]) == (500, "http.failed")
    assert b"secret cause" not in content["body"]
    (line,) = [one for one in logged if one["event"] == "http.failed"]
    assert (line["id"], line["log_level"]) == (problem["id"], "error")
    assert str(line["exc_info"]) == "the secret cause"


def test_a_fault_after_the_answer_began_adds_nothing_to_it() -> None:
    async def broken(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        message = "too late"
        raise ZeroDivisionError(message)

    with capture_logs() as logged:
        assert [one["type"] for one in answered(broken)] == ["http.response.start"]
    assert [one["event"] for one in logged] == ["http.failed"]
