"""How fast facts are recorded over HTTP, beside a FastAPI route that only parses the same body."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
from fastapi import Body, FastAPI

from services.http.hosting import hosted
from services.http.serving import serving_http
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from services.logs.logging import set_up_logging
from services.serving import open_service
from services.settings.service import Settings

DISTRICT = "xinzhou"
ASKED = 2_000
IN_FLIGHT = 64
WAITED_FOR = 50
ROUNDS = 3
INBOX = f"/v1/districts/{DISTRICT}/views/alerts"
PATH = f"/v1/districts/{DISTRICT}/facts"


class Load(NamedTuple):
    """What a client did: requests a second, and the milliseconds that half, and nearly all, of them took at most.

    `thrift` is how many requests the server answered in a second of processor time, which a busy machine changes less.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    thrift: float


NOTHING = Load(0.0, 0.0, 0.0, 0.0)


def bench_recording_over_http() -> list[dict[str, object]]:
    """Record one fact a request beside parsing alone; the client has a process of its own.

    First with the API over the ledger, then with the whole service, whose judging process takes its share of the
    machine. All take turns, since a shared machine is not equally fast all the time; the best of each counts, of
    the clock on the wall and of processor time.
    """
    best = whole = plain = NOTHING
    best_thrift = plain_thrift = 0.0
    for _ in range(ROUNDS):
        with _parsing() as address:
            load = _load(address, "", 200)
            plain, plain_thrift = max(plain, load), max(plain_thrift, load.thrift)
        with _recording(watched=False) as (address, token):
            load = _load(address, token, 201)
            best, best_thrift = max(best, load), max(best_thrift, load.thrift)
        with _recording(watched=True) as (address, token):
            whole = max(whole, _load(address, token, 201))
    return [
        _compared("http.record", best, plain),
        {
            "name": "http.record.processor_time",
            "n": ASKED,
            "rate": round(best_thrift),
            "unit": "facts a second of one processor",
            "baseline": "FastAPI route that parses the same body",
            "baseline_rate": round(plain_thrift),
            "ratio": round(best_thrift / plain_thrift, 2),
            "goal": 0.5,
        },
        _compared("http.record.watched", whole, plain),
    ]


def bench_from_commit_to_inbox() -> dict[str, object]:
    """Record requests that are long overdue, one after another, and wait for each alert in the inbox over HTTP."""
    waits: list[float] = []
    with _recording(watched=True) as (address, token), httpx.Client(base_url=address) as client:
        client.headers["authorization"] = f"Bearer {token}"
        for number in range(WAITED_FOR + 1):
            fact = {**_fact(), "occurred_at": "2025-09-22"}
            client.post(PATH, json=fact).raise_for_status()
            began = time.perf_counter()
            about = {"about": f"countersign/{fact['subject']['id']}"}
            while not client.get(INBOX, params=about).raise_for_status().json()["rows"]:
                time.sleep(0.002)
            # The first one waits for the rulebook to be read.
            waits += [time.perf_counter() - began] if number else []
    waits.sort()
    return {
        "name": "http.alert_in_inbox",
        "n": WAITED_FOR,
        "rate": round(WAITED_FOR / sum(waits), 1),
        "unit": "alerts/s",
        "p50_ms": round(1_000 * waits[len(waits) // 2], 1),
        "p99_ms": round(1_000 * waits[-1], 1),
        "goal": "p99 1000 ms",
    }


def _compared(name: str, load: Load, plain: Load) -> dict[str, object]:
    return {
        "name": name,
        "n": ASKED,
        "rate": round(load.rate),
        "unit": "facts/s",
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "baseline": "FastAPI route that parses the same body",
        "baseline_rate": round(plain.rate),
        "ratio": round(load.rate / plain.rate, 2),
        "goal": 0.5,
    }


@contextmanager
def _parsing() -> Iterator[str]:
    app = FastAPI()

    @app.post(PATH)
    async def parse(fact: dict[str, Any] = Body()) -> dict[str, str]:  # noqa: B008, FAST002  as FastAPI is used
        return {"type": fact["type"]}

    with hosted(app, "127.0.0.1", 0) as address:
        yield address


@contextmanager
def _recording(*, watched: bool) -> Iterator[tuple[str, str]]:
    set_up_logging(sys.stderr, "error", "json")
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(
            data=folder,
            port=0,
            log_level="error",
            log_format="json",
            hash_algorithm="sha256",
            requests_a_second=1_000_000,
        )
        clerk = Caller(subject="p-clerk", roles=frozenset({"clerk"}), districts=frozenset({DISTRICT}))
        service = opened.enter_context(open_service(settings, _now))
        if watched:
            opened.enter_context(service.answering())
        address = opened.enter_context(serving_http(service, _now))
        yield address, issue(LocalKey(folder).secret, clerk, _now(), dt.timedelta(days=1))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=8)))


def _load(address: str, token: str, expected: int) -> Load:
    """Let a process of its own make the requests, so that it takes nothing from the server's interpreter."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_client, args=(there, address, token, expected))
    process.start()
    there.close()
    try:
        here.recv()
        began = time.process_time()
        done: tuple[float, float, float] = here.recv()
        return Load(*done, thrift=ASKED / (time.process_time() - began))
    finally:
        process.join()


def _client(answer: Connection, address: str, token: str, expected: int) -> None:
    waits: list[float] = []
    seconds = asyncio.run(_ask_all(address, token, expected, waits, lambda: answer.send("warm")))
    waits.sort()
    answer.send(
        (
            len(waits) / seconds,
            round(1_000 * waits[len(waits) // 2], 2),
            round(1_000 * waits[len(waits) * 99 // 100], 2),
        )
    )


async def _ask_all(address: str, token: str, expected: int, waits: list[float], warmed_up: Callable[[], None]) -> float:
    host, port = address.removeprefix("http://").split(":")
    requests = iter([_request(token) for _ in range(ASKED)])
    # Connections and the first requests are no part of it.
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(IN_FLIGHT)]
    warm = [_request(token) for _ in range(4 * IN_FLIGHT)]
    await asyncio.gather(*(_ask(one, iter(warm[n::IN_FLIGHT]), expected, []) for n, one in enumerate(connections)))
    warmed_up()
    began = time.perf_counter()
    await asyncio.gather(*(_ask(one, requests, expected, waits) for one in connections))
    seconds = time.perf_counter() - began
    for _, writer in connections:
        writer.close()
    return seconds


async def _ask(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    requests: Iterator[bytes],
    expected: int,
    waits: list[float],
) -> None:
    reader, writer = connection
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        content = await reader.readexactly(length)
        waits.append(time.perf_counter() - began)
        if int(head.split(b" ", 2)[1]) != expected:
            raise RuntimeError(content.decode())


def _request(token: str) -> bytes:
    body = json.dumps(_fact()).encode()
    head = f"POST {PATH} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return f"{head}authorization: Bearer {token}\r\n\r\n".encode() + body


def _fact() -> dict[str, Any]:
    departments: Sequence[str] = ["u-land", "u-finance"]
    return {
        "id": str(uuid4()),
        "type": "countersign.requested.v1",
        "subject": {"kind": "countersign", "id": f"cs-{uuid4().hex}"},
        "occurred_at": _now().date().isoformat(),
        "actor": {"unit": "u-housing"},
        "data": {
            "kind": "opinion",
            "about": "matter/m-1",
            "sponsor": "u-housing",
            "departments": departments,
            "form": "online",
        },
    }
