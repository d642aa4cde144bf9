"""A database that is gone: questions are answered so at once, and answered again when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.cli import main
from tests.postgres_server import PostgresServer, own_server
from tests.services.http.api import Api, asked, serving
from tests.services.pages.test_pages import signed_in
from tests.services.streams.system import wait_until

SHORTER_THAN_RECORDING_WAITS = 20.0
"""Seconds; recording waits 30."""
CASE = "/v1/districts/xinzhou/cases/countersign/cs-1"
QUESTIONS = (
    ("GET", CASE),
    ("GET", "/v1/districts/xinzhou/alerts"),
    ("GET", "/v1/districts/xinzhou/views/countersigns"),
    ("GET", "/v1/ready"),
    ("POST", "/v1/districts/xinzhou/previews"),
)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_server() as running:
        yield running


@pytest.fixture
def provincial(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    database = server.new_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", database)
    assert main(["migrate"]) == 0
    with serving(tmp_path, database=database, read_seconds=2) as running:
        yield running


def test_questions_say_within_seconds_that_the_database_is_gone_and_are_answered_when_it_is_back(
    provincial: Api, server: PostgresServer
) -> None:
    client = provincial.client("clerk")
    client.timeout = httpx.Timeout(SHORTER_THAN_RECORDING_WAITS)
    assert client.post("/v1/districts/xinzhou/facts", json=asked()).status_code == httpx.codes.CREATED
    assert client.get(CASE).status_code == httpx.codes.OK
    browser = signed_in(provincial)

    def told() -> list[tuple[int, str, str | None]]:
        answers = [client.request(method, path, json=asked("cs-2")) for method, path in QUESTIONS]
        return [(one.status_code, one.json()["code"], one.headers.get("retry-after")) for one in answers]

    server.act("kill")
    gone, no_views = (503, "database.unreachable", "5"), (503, "views.unusable", "5")
    assert told() == [gone, no_views, no_views, gone, gone]
    page = browser.get("/pages/xinzhou/alerts")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "视图暂时不能读取" in page.text
    assert client.get("/v1/health").status_code == httpx.codes.OK
    server.act("start")
    wait_until(lambda: client.get(CASE).status_code == httpx.codes.OK, "the case is shown again")
