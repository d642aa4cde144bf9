"""A whole API on a loopback port, over a ledger of its own, for the tests of this folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from events.group_commit import GroupCommit
from events.keys import MemoryKeys
from events.sqlite_ledger import SqliteLedger
from projections.views_file import ViewsFile
from services.http.app import http_app
from services.http.hosting import hosted
from services.http.parts import DEFAULT_LIMITS, Limits, NoNotes, Parts
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import TokenReader, issue
from services.recording.authorisation import Role
from services.recording.recorder import Recorder
from services.views_readers import ViewsReaders

NOW = dt.datetime(2026, 9, 28, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
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


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Api:
    """An API that answers, and what stands behind it."""

    address: str
    parts: Parts
    key: LocalKey
    clock: Clock
    clients: list[httpx.Client] = field(default_factory=list)

    def token(self, role: Role, *districts: str, subject: str = "", days: int = 1) -> str:
        caller = Caller(
            subject=subject or f"p-{role}", roles=frozenset({role}), districts=frozenset(districts or ("xinzhou",))
        )
        return issue(self.key.secret, caller, self.clock(), dt.timedelta(days=days))

    def client(self, role: Role | None = None, *districts: str, subject: str = "") -> httpx.Client:
        headers = {} if role is None else {"authorization": f"Bearer {self.token(role, *districts, subject=subject)}"}
        client = httpx.Client(base_url=self.address, headers=headers)
        self.clients.append(client)
        return client


@contextmanager
def serving(
    folder: Path, *, limits: Limits = DEFAULT_LIMITS, changed: Callable[[Parts], Parts] = lambda parts: parts
) -> Iterator[Api]:
    """Serve an API over an empty ledger while the block runs."""
    clock = Clock()
    keys = MemoryKeys()
    key = LocalKey(folder)
    with ExitStack() as opened:
        ledger = opened.enter_context(SqliteLedger(folder / "ledger.sqlite", keys=keys))
        opened.enter_context(ViewsFile(folder / "views.sqlite"))
        views = ViewsReaders(folder / "views.sqlite")
        opened.callback(views.close)
        commit = opened.enter_context(GroupCommit(ledger, clock))
        parts = changed(
            Parts(
                recorder=Recorder(commit, ledger, clock),
                ledger=ledger,
                views=views,
                tokens=TokenReader(key, clock),
                clock=clock,
                keys=keys,
                notes=NoNotes(),
                access=ledger,
                watched=lambda: ("xinzhou",),
                limits=limits,
            )
        )
        api = Api(opened.enter_context(hosted(http_app(parts), "127.0.0.1", 0)), parts, key, clock)
        yield api
        for client in api.clients:
            client.close()
