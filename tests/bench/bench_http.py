"""How fast facts are recorded over HTTP, beside a FastAPI route that only parses the same body."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from fastapi import Body, FastAPI

from services.http.hosting import hosted
from services.http.serving import serving_http
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from services.serving import open_service
from services.settings import Settings

DISTRICT = "xinzhou"
ASKED = 2_000
IN_FLIGHT = 32
ROUNDS = 3
PATH = f"/v1/districts/{DISTRICT}/facts"


class Load(NamedTuple):
    """What a client did: requests a second, and the milliseconds that half, and nearly all, of them took at most."""

    rate: float
    p50_ms: float
    p99_ms: float


NOTHING = Load(0.0, 0.0, 0.0)


def bench_recording_over_http() -> dict[str, object]:
    """Record one fact a request while the watch judges them, beside parsing alone; the client has a process of its own.

    Both take turns, since a shared machine is not equally fast all the time; the best of each counts.
    """
    best = plain = NOTHING
    for _ in range(ROUNDS):
        with _parsing() as address:
            plain = max(plain, _load(address, "", 200))
        with tempfile.TemporaryDirectory() as folder, _recording(Path(folder)) as (address, token):
            best = max(best, _load(address, token, 201))
    return {
        "name": "http.record",
        "n": ASKED,
        "rate": round(best.rate),
        "unit": "facts/s",
        "p50_ms": best.p50_ms,
        "p99_ms": best.p99_ms,
        "baseline": "FastAPI route that parses the same body",
        "baseline_rate": round(plain.rate),
        "ratio": round(best.rate / plain.rate, 2),
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
def _recording(folder: Path) -> Iterator[tuple[str, str]]:
    settings = Settings(
        data=folder,
        port=0,
        log_level="error",
        log_format="json",
        hash_algorithm="sha256",
        requests_a_second=1_000_000,
    )
    clerk = Caller(subject="p-clerk", roles=frozenset({"clerk"}), districts=frozenset({DISTRICT}))
    with open_service(settings, _now) as service, service.answering(), serving_http(service, _now) as address:
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
        return Load(*here.recv())
    finally:
        process.join()


def _client(answer: Connection, address: str, token: str, expected: int) -> None:
    waits: list[float] = []
    seconds = asyncio.run(_ask_all(address, token, expected, waits))
    waits.sort()
    answer.send(
        (
            len(waits) / seconds,
            round(1_000 * waits[len(waits) // 2], 2),
            round(1_000 * waits[len(waits) * 99 // 100], 2),
        )
    )


async def _ask_all(address: str, token: str, expected: int, waits: list[float]) -> float:
    host, port = address.removeprefix("http://").split(":")
    requests = iter([_request(token) for _ in range(ASKED)])
    # Connections and the first requests are no part of it.
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(IN_FLIGHT)]
    warm = [_request(token) for _ in range(4 * IN_FLIGHT)]
    await asyncio.gather(*(_ask(one, iter(warm[n::IN_FLIGHT]), expected, []) for n, one in enumerate(connections)))
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
