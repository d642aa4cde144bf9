"""The real `taizhang serve` in a process of its own, filled and asked over HTTP, for what is measured of the whole."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from events.moment import TIME_ZONE
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from tests.services.process_tree import children_of
from tests.services.streams.system import PROJECT, System, running, wait_until

DISTRICT: Final = "xinzhou"
FACTS: Final = f"/v1/districts/{DISTRICT}/facts"
INBOX: Final = f"/v1/districts/{DISTRICT}/views/alerts"
_ROSTER: Final = PROJECT / "services" / "sample" / "histories" / DISTRICT / "overdue-reply.jsonl"
_LONGEST_FORM: Final = 500
_SERVE: Final = "serve"


class Served(NamedTuple):
    """A service that runs, its folder, and a client whose token may record and read; `token` is that token."""

    system: System
    folder: Path
    address: str
    token: str
    client: httpx.Client
    process: int

    def processor_seconds(self) -> float:
        """Return how much processor time the service has taken, with the process that judges for it."""
        return sum(_processor_seconds(one) for one in (self.process, *children_of(self.process)))

    def set_clock(self, now: dt.datetime) -> None:
        """Let it be a moment for a service that was started by a clock of ours."""
        _set_clock(self.folder, now)

    def record(self, facts: list[dict[str, Any]]) -> None:
        """Record facts, in forms as large as one may be."""
        for start in range(0, len(facts), _LONGEST_FORM):
            form = {"facts": facts[start : start + _LONGEST_FORM]}
            self.client.post(FACTS, json=form).raise_for_status()

    def is_in_inbox(self, about: str) -> bool:
        """Tell whether there is an alert about a case."""
        rows = self.client.get(INBOX, params={"about": about}).raise_for_status().json()["rows"]
        return bool(rows)

    def wait_until_judged(self) -> None:
        """Wait until the watch has taken every fact."""
        wait_until(lambda: self.client.get("/v1/ready").json().get("lag_facts") == 0, "judged", 600.0, 0.2)


@contextmanager
def served(now: dt.datetime | None = None) -> Iterator[Served]:
    """Give a service over a roster; with `now` its clock stands there until it is set, without it tells the real time.

    The principal may ask as often as he likes, since one client stands for many.
    """
    settings = {"TAIZHANG_LOG_LEVEL": "info", "TAIZHANG_REQUESTS_A_SECOND": "100000"}
    with tempfile.TemporaryDirectory() as name, running(folder := Path(name), settings, f"at:{name}/clock") as system:
        if now is None:
            process = system.taizhang(_SERVE, _SERVE, "--json")
        else:
            _set_clock(folder, now)
            process = system.clocked(_SERVE, _SERVE)
        wait_until(lambda: "serve.ready" in system.log(_SERVE), "the service is ready")
        ready = next(line for line in system.log(_SERVE).splitlines() if "serve.ready" in line)
        address = str(json.loads(ready)["address"])
        caller = Caller(subject="p-clerk", roles=frozenset({"clerk"}), districts=frozenset({DISTRICT}))
        token = issue(LocalKey(folder).secret, caller, now or dt.datetime.now(TIME_ZONE), dt.timedelta(days=400))
        with httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=120) as client:
            found = Served(system, folder, address, token, client, process)
            found.record(roster())
            yield found


def _processor_seconds(process: int) -> float:
    spent = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def roster() -> list[dict[str, Any]]:
    """Return the facts that set up the units, posts and people of a district."""
    lines = [json.loads(line) for line in _ROSTER.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if str(line.get("type")).startswith("roster.")]


def request_of(case: str, day: str, departments: tuple[str, ...] = ("u-land",)) -> dict[str, Any]:
    """Return the request of an opinion, to be answered within five working days."""
    return {
        "type": "countersign.requested.v1",
        "subject": {"kind": "countersign", "id": case},
        "occurred_at": day,
        "actor": {"unit": "u-housing"},
        "data": {
            "kind": "opinion",
            "about": "matter/m-1",
            "sponsor": "u-housing",
            "departments": list(departments),
            "form": "online",
        },
    }


def personal_paper(case: str, day: str) -> dict[str, Any]:
    """Return the receipt of a paper that went to a leader personally: a breach that is judged as it is recorded."""
    data: Mapping[str, Any] = {
        "title": "关于老旧小区改造的请示",
        "kind": "request",
        "from_unit": "u-housing",
        "received_by": "u-office",
        "main_addressees": ["u-gov"],
        "form": "formal_document",
        "to_persons": ["p-dep1"],
        "direct_ground": "none",
    }
    return {
        "type": "document.received.v1",
        "subject": {"kind": "document", "id": case},
        "occurred_at": day,
        "actor": {"unit": "u-office"},
        "data": data,
    }


def _set_clock(folder: Path, now: dt.datetime) -> None:
    path = folder / "clock"
    path.with_suffix(".new").write_text(now.isoformat(), encoding="ascii")
    path.with_suffix(".new").rename(path)
