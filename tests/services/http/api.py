"""A whole service with its API on a loopback port, over a ledger of its own, for the tests of this folder."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.http.app import http_app
from services.http.hosting import hosted
from services.http.parts import Parts
from services.http.serving import parts_of
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from services.recording.authorisation import Role
from services.recording.embedded import LEDGER_FILE
from services.serving import Service, open_service
from services.settings.service import Settings

NOW = dt.datetime(2026, 10, 11, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
ASKED: Mapping[str, Any] = {
    "type": "countersign.requested.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
    "occurred_at": "2026-09-28",
    "actor": {"unit": "u-housing"},
    "data": {
        "kind": "opinion",
        "about": "matter/m-1",
        "sponsor": "u-housing",
        "departments": ["u-land"],
        "form": "online",
    },
}


def replied(case: str = "cs-1", **changes: object) -> dict[str, Any]:
    """Return the answer of the department asked."""
    data = {"department": "u-land", "stance": "agree", "signed_by": "p-luo"}
    fact = {"type": "countersign.replied.v1", "actor": {"unit": "u-land"}, "data": data}
    return {**asked(case), **fact, "occurred_at": "2026-10-11", **changes}


def asked(case: str = "cs-1", **changes: object) -> dict[str, Any]:
    """Return the request of an opinion, as a clerk hands it in."""
    return {**ASKED, "subject": {"kind": "countersign", "id": case}, **changes}


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Api:
    """An API that answers, and the service behind it, whose watch works when it is told to."""

    address: str
    service: Service
    parts: Parts
    key: LocalKey
    clock: Clock
    clients: list[httpx.Client] = field(default_factory=list)

    def token(self, role: Role, *districts: str, subject: str = "", person: str | None = None) -> str:
        caller = Caller(
            subject=subject or f"p-{role}",
            roles=frozenset({role}),
            districts=frozenset(districts or ("xinzhou",)),
            person=person,
            unit="u-office",
        )
        return issue(self.key.secret, caller, self.clock(), dt.timedelta(days=400))

    def client(self, role: Role | None = None, *districts: str, subject: str = "") -> httpx.Client:
        headers = {} if role is None else {"authorization": f"Bearer {self.token(role, *districts, subject=subject)}"}
        client = httpx.Client(base_url=self.address, headers=headers, timeout=60)
        self.clients.append(client)
        return client

    def judge(self) -> None:
        """Let a second pass and the watch catch up."""
        self.clock.now += dt.timedelta(seconds=1)
        self.service.watching.catch_up()


def date_back(api: Api, type_: str) -> None:
    """Date the facts of a type back in the file of the ledger, behind the back of the service."""
    with closing(sqlite3.connect(api.service.settings.data / LEDGER_FILE)) as file, file:
        states = file.execute("SELECT state, position FROM stored_events WHERE topic = ?", (type_,)).fetchall()
        forged = [(re.sub(rb'"recorded_at":"2026', b'"recorded_at":"2016', state), at) for state, at in states]
        file.executemany("UPDATE stored_events SET state = ? WHERE position = ?", forged)


def settings_for(folder: Path, **changes: Any) -> Settings:  # noqa: ANN401  the fields of Settings
    given: dict[str, Any] = {
        "data": folder,
        "port": 0,
        "log_level": "error",
        "log_format": "json",
        "hash_algorithm": "sha256",
    }
    return Settings(**{**given, **changes})


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Api]:  # noqa: ANN401  the fields of Settings
    """Serve an empty ledger while the block runs."""
    clock = Clock()
    with ExitStack() as opened:
        service = opened.enter_context(open_service(settings_for(folder, **settings), clock))
        parts = opened.enter_context(parts_of(service, clock))
        address = opened.enter_context(hosted(http_app(parts), "127.0.0.1", 0))
        api = Api(address, service, parts, LocalKey(folder), clock)
        yield api
        for client in api.clients:
            client.close()
