"""The access ledger: who read and who was refused, sealed apart and shown to auditors alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
from pathlib import Path
from typing import Any

import pytest

from services.access.access_book import ACCESS_FILE, open_access_book
from services.http.parts import DEFAULT_LIMITS
from services.identity.caller import Caller
from tests.services.http.api import ASKED, NOW, Api, Clock

CASE = "/v1/districts/xinzhou/cases/countersign/cs-1"


def noted(shared: Api, district: str = "xinzhou") -> list[tuple[str, str | None, dict[str, Any]]]:
    answer = shared.client("auditor", district).get(f"/v1/districts/{district}/access")
    assert answer.status_code == 200
    return [(one["type"], one["recorded_by"], one["data"]) for one in answer.json()["facts"]]


def test_what_an_inspector_reads_is_noted_before_he_has_it(api: Api) -> None:
    api.client("clerk").post("/v1/districts/xinzhou/facts", json=ASKED)
    assert api.client("inspector").get(CASE, params={"limit": 5}).status_code == 200
    assert api.client("agency").get("/v1/districts/xinzhou/alerts").status_code == 200
    assert noted(api) == [
        ("record.viewed.v1", "p-inspector", {"about": "countersign/cs-1", "query": f"GET {CASE}?limit=5"}),
        ("record.viewed.v1", "p-agency", {"query": "GET /v1/districts/xinzhou/alerts"}),
    ]
    (first, _) = api.parts.access.read("xinzhou")
    assert (first.actor.unit, first.occurred_at.text) == ("u-office", "2026-10-11T09:00:00+08:00")
    assert api.parts.access.verify("xinzhou").ok
    assert stat.S_IMODE((api.service.settings.data / ACCESS_FILE).stat().st_mode) == 0o600


def test_the_district_itself_reads_without_a_note_and_finds_none_in_its_own_ledger(api: Api) -> None:
    api.client("clerk").post("/v1/districts/xinzhou/facts", json=ASKED)
    api.client("inspector").get(CASE)
    before = api.service.ledger.head("xinzhou").sequence
    seen = api.client("clerk").get(CASE).json()
    assert [one["type"] for one in seen["facts"]] == ["countersign.requested.v1"]
    assert (before, len(noted(api))) == (1, 1)


@pytest.mark.parametrize("role", ["clerk", "leader", "inspector", "agency", "operator"])
def test_nobody_but_the_auditor_reads_it(shared: Api, role: Any) -> None:  # noqa: ANN401  a role
    assert shared.client(role).get("/v1/districts/xinzhou/access").status_code == 403


def test_refused_attempts_are_counted_by_principal_and_hour(api: Api) -> None:
    clerk = api.client("clerk")
    for _ in range(4):
        clerk.get("/v1/districts/yuanzhou/cases/countersign/cs-1")
    api.client("agency").post("/v1/districts/xinzhou/facts", json=ASKED)
    api.client().get(CASE)
    foreign = {"attempt": "case.read", "code": "http.not_found"}
    assert noted(api) == [
        ("record.attempt_refused.v1", "p-clerk", {**foreign, "times": 1}),
        ("record.attempt_refused.v1", "p-agency",
         {"attempt": "fact.record", "code": "recording.role_lacks_right", "times": 1}),
        ("record.attempt_refused.v1", "p-clerk", {**foreign, "times": 3}),
    ]  # fmt: skip
    clerk.get("/v1/districts/yuanzhou/cases/countersign/cs-1")
    assert noted(api)[3:] == [("record.attempt_refused.v1", "p-clerk", {**foreign, "times": 1})]
    assert noted(api, "yuanzhou") == []


def test_counts_of_an_hour_that_is_over_are_recorded_with_the_next_refusal_or_at_the_end(tmp_path: Path) -> None:
    clock = Clock()
    caller = Caller(subject="p-li", roles=frozenset({"clerk"}), districts=frozenset({"xinzhou"}))

    def times() -> list[tuple[str, int]]:
        return [(one.occurred_at.text[11:16], one.data.times) for one in ledger.read("xinzhou")]  # type: ignore[attr-defined]  # of the type that was asked for

    with open_access_book(tmp_path, "sha256", clock) as (book, ledger):
        for _ in range(3):
            book.refused(caller, "xinzhou", "case.read", "http.role_may_not")
        clock.now = NOW + dt.timedelta(hours=1)
        book.refused(caller, None, "case.read", "http.role_may_not")
        book.refused(caller, "yuanzhou", "case.read", "http.role_may_not")
    with open_access_book(tmp_path, "sha256", clock) as (_, ledger):
        assert times() == [("09:00", 1), ("10:00", 2), ("10:00", 1), ("10:00", 1)]


def test_a_file_that_goes_out_is_noted_with_its_hash_whoever_takes_it(api: Api) -> None:
    leader = api.client("leader")
    leader.post("/v1/districts/xinzhou/facts", json=ASKED)
    api.service.feeding.catch_up()
    file = leader.get("/v1/districts/xinzhou/views/countersigns", params={"format": "csv"})
    sha256 = hashlib.sha256(file.content).hexdigest()
    exported = {"from_sequence": 1, "until_sequence": 1, "sha256": sha256, "to_unit": "u-office"}
    assert noted(api) == [("record.exported.v1", "p-leader", exported)]


def test_what_cannot_be_noted_is_not_read(api: Api) -> None:
    api.client("clerk").post("/v1/districts/xinzhou/facts", json=ASKED)
    api.clock.now = NOW - dt.timedelta(days=1)
    api.client("inspector").get(CASE)
    api.clock.now = NOW - dt.timedelta(days=3)
    refused = api.client("inspector").get(CASE)
    assert (refused.status_code, refused.json()["code"]) == (503, "ledger.clock_set_back")
    assert api.client("clerk").get(CASE).status_code == 200


def test_the_access_ledger_comes_in_pages(api: Api) -> None:
    inspector = api.client("inspector")
    for number in range(3):
        inspector.get("/v1/districts/xinzhou/alerts", params={"limit": number + 1})
    auditor = api.client("auditor")
    first = auditor.get("/v1/districts/xinzhou/access", params={"limit": 2}).json()
    second = auditor.get("/v1/districts/xinzhou/access", params={"limit": 2, "after": first["next"]}).json()
    assert [one["sequence"] for one in (*first["facts"], *second["facts"])] == [1, 2, 3]
    assert (first["next"], second["next"], DEFAULT_LIMITS.facts) == (2, None, 500)
