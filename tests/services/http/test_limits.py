"""Oversized, slow, broken and too many requests do no harm: each ends in a problem, and the service goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.http.hosting import ListenError, hosted
from services.http.request_rate import RequestRate
from tests.services.http.api import ASKED, Api, asked, serving

FACTS = "/v1/districts/xinzhou/facts"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with serving(tmp_path_factory.mktemp("ledger"), body_bytes=20_000, body_seconds=1, requests_a_second=1) as shared:
        yield shared


def raw(shared: Api, head: str, *parts: bytes, role: str = "clerk") -> tuple[int, dict[str, Any], bool]:
    """Send bytes as they are; return status and problem, and whether the server closed the connection afterwards."""
    address = urlsplit(shared.address)
    token = shared.token("clerk", subject=f"p-{role}")
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
        connection.sendall(f"{head}\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
        for part in parts:
            connection.sendall(part)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    top, _, content = answer.partition(b"\r\n\r\n")
    return int(top.split()[1]), json.loads(content), b"connection: close" in top.lower()


def test_a_body_that_says_it_is_too_large_is_refused_before_any_of_it_came(strict: Api) -> None:
    head = f"POST {FACTS} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 20001"
    status, problem, closed = raw(strict, head)
    assert (status, problem["code"], closed) == (413, "http.body_too_large", True)


def test_a_body_of_unstated_size_is_refused_as_soon_as_it_is_too_large(strict: Api) -> None:
    head = f"POST {FACTS} HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked"
    chunk = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    status, problem, closed = raw(strict, head, chunk, chunk, chunk)
    assert (status, problem["code"], closed) == (413, "http.body_too_large", True)


def test_a_body_that_does_not_come_in_is_given_up(strict: Api) -> None:
    head = f"POST {FACTS} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 100"
    status, problem, closed = raw(strict, head, b'{"type":')
    assert (status, problem["code"], closed) == (408, "http.body_too_slow", True)


def test_one_who_asks_too_often_waits_and_the_others_do_not(strict: Api) -> None:
    eager, other = strict.client("clerk", subject="p-eager"), strict.client("clerk", subject="p-other")
    answers = [eager.get("/v1/vocabulary/countersign.requested.v1/schema") for _ in range(12)]
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) >= 5
    assert {one.json()["code"] for one in refused} == {"http.too_many_requests"}
    assert {one.headers["retry-after"] for one in refused} == {"1"}
    assert other.get("/v1/vocabulary/countersign.requested.v1/schema").status_code == 200


def test_a_bucket_fills_again_with_time() -> None:
    now = 0.0
    rate = RequestRate(2.0, 3, lambda: now)
    assert [rate.wait_for("p") for _ in range(4)] == [0, 0, 0, 1]
    now = 0.5
    assert [rate.wait_for("p"), rate.wait_for("p"), rate.wait_for("q")] == [0, 1, 0]


def test_a_form_of_too_many_facts_is_refused_whole(shared: Api, district: str) -> None:
    form = {"facts": [asked(f"cs-{number}") for number in range(501)]}
    answer = shared.client("clerk", district).post(f"/v1/districts/{district}/facts", json=form)
    assert (answer.status_code, answer.json()["code"]) == (413, "http.too_many_facts")
    assert shared.service.ledger.head(district).sequence == 0


def test_a_client_that_hangs_up_in_the_middle_leaves_the_service_as_it_was(shared: Api, district: str) -> None:
    address = urlsplit(shared.address)
    head = f"POST /v1/districts/{district}/facts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    token = f"authorization: Bearer {shared.token('clerk', district)}\r\ncontent-length: 100\r\n\r\n"
    for _ in range(3):
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
            connection.sendall(f"{head}{token}".encode() + b'{"type"')
    answer = shared.client("clerk", district).post(f"/v1/districts/{district}/facts", json=ASKED)
    assert (answer.status_code, answer.json()["receipts"][0]["sequence"]) == (201, 1)


def test_an_address_in_use_is_named_when_the_service_starts(shared: Api) -> None:
    async def app(_scope: object, _receive: object, _send: object) -> None:
        """Answer nothing."""

    port = urlsplit(shared.address).port or 0
    with pytest.raises(ListenError) as refusal, hosted(app, "127.0.0.1", port):
        pass
    assert refusal.value.code == "http.cannot_listen"
    assert f"127.0.0.1:{port}" in str(refusal.value)


def test_a_stopping_service_answers_what_is_under_way(tmp_path: Path) -> None:
    with serving(tmp_path) as shared:
        client = shared.client("clerk")
        assert client.post(FACTS, json=ASKED).status_code == 201
    with serving(tmp_path) as again:
        assert again.client("clerk").post(FACTS, json=ASKED).json()["status"] == "repeated"


@pytest.mark.parametrize(
    "given",
    [
        b"FOO /v1/health HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /v1/health HTTP/9.9\r\nhost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"POST /v1/health HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n",
    ],
)
def test_bytes_that_are_no_http_are_answered_by_a_problem_too(shared: Api, given: bytes) -> None:
    status, media_type, problem = as_sent(shared.address, given)
    assert (status, media_type) == (400, "application/problem+json")
    assert (problem["code"], problem["status"], problem["title"]) == ("http.unreadable", 400, "请求无法读取")


def test_who_comes_while_as_many_are_served_as_can_be_is_told_by_a_problem_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def app(_scope: object, _receive: object, _send: object) -> None:
        """Answer nothing."""

    monkeypatch.setattr("services.http.hosting.MOST_CONNECTIONS", 1)
    with hosted(app, "127.0.0.1", 0) as address:
        status, media_type, problem = as_sent(address, b"GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (status, media_type) == (503, "application/problem+json")
    assert (problem["code"], problem["title"]) == ("http.too_busy", "暂时不能服务")


def as_sent(server: str, given: bytes) -> tuple[int, str, dict[str, Any]]:
    """Send bytes as they are; return status, media type and content of the answer, after which the server hangs up."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
        connection.sendall(given)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    head, _, content = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers["content-type"], json.loads(content)
