"""A fault of the program is a problem with an id; its cause stands in the log and nowhere else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.requests import Request
from structlog.testing import capture_logs

from events.ledger.errors import OUTCOME_UNKNOWN, LedgerUnavailableError, Reason
from services.http import faults
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
    asyncio.run(Edge(app, DEFAULT_LIMITS, Metrics())(scope, receive, send))  # type: ignore[arg-type]  # plain dicts stand for messages
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
    async def broken(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401  as ASGI hands it over
        await send({"type": "http.response.start", "status": 200, "headers": []})
        message = "too late"
        raise ZeroDivisionError(message)

    with capture_logs() as logged:
        assert [one["type"] for one in answered(broken)] == ["http.response.start"]
    assert [one["event"] for one in logged] == ["http.failed"]


@pytest.mark.parametrize(
    ("method", "code", "detail", "detail_en"),
    [
        ("GET", OUTCOME_UNKNOWN, "本次未能读取；请稍后重试", "nothing could be read; try again later"),
        ("HEAD", "database.unreachable", "本次未能读取；请稍后重试", "nothing could be read; try again later"),
        ("POST", "database.unreachable", "本次请求没有任何内容入账", "nothing of this request was recorded"),
        ("POST", OUTCOME_UNKNOWN, "不能确定本次是否入账", "it is not known whether this request was recorded"),
    ],
)
def test_a_ledger_that_is_away_is_told_with_what_became_of_the_request(
    method: str, code: str, detail: str, detail_en: str
) -> None:
    request = Request({"type": "http", "method": method, "path": "/v1/districts/xinzhou/facts", "headers": []})
    with capture_logs() as logged:
        answer = asyncio.run(faults.on_ledger(request, LedgerUnavailableError(Reason(code, "甲", "first"))))
    problem = json.loads(bytes(answer.body))
    assert (answer.status_code, answer.headers["retry-after"], problem["code"]) == (503, "5", code)
    assert (f"，{detail}" in problem["detail"], f" and {detail_en}" in problem["detail_en"]) == (True, True)
    assert logged == [{"event": "http.ledger", "log_level": "error", "code": code, "zh": "甲", "en": "first"}]
