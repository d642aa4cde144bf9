"""Replay over HTTP: as known, as true, what differs, the next finding; noted when an inspector asks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.services.http.api import Api, asked, date_back, replied
from tests.services.http.test_policy_over_http import URGENT

CASE = "/v1/districts/xinzhou/cases/countersign/cs-1/replay"
REPLY = "xinzhou/28.2-reply"
LATE = "2026-10-11T09:00:00+08:00"

BROKEN = "2026-10-11T09:00:01+08:00"


@pytest.fixture
def late(api: Api) -> Api:
    """Return an API over a countersign whose answer was given in time and recorded a day too late."""
    clerk = api.client("clerk")
    for fact in (asked(), replied(occurred_at="2026-10-09")):
        assert clerk.post("/v1/districts/xinzhou/facts", json=fact).status_code == 201
        api.judge()
    api.service.feeding.catch_up()
    return api


def get(client: httpx.Client, **asked_for: Any) -> dict[str, Any]:  # noqa: ANN401  what a query takes
    answer = client.get(CASE, params=asked_for)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_known_and_true_differ_where_a_fact_was_recorded_late(late: Api) -> None:
    inspector = late.client("inspector")
    assert [one["outcome"] for one in get(inspector, known_at="2026-10-11T09:00:00+08:00")["findings"]] == ["violated"]
    assert get(inspector, true_at="2026-10-10")["findings"] == []
    both = get(inspector, known_at="2026-10-11T09:00:00+08:00", true_at="2026-10-10")
    assert [(one["what"], one["rule"]) for one in both["differences"]["judged"]] == [("withdrawn", REPLY)]
    assert [one["sequence"] for one in both["differences"]["facts_after_alone"]] == [
        line["sequence"] for line in get(inspector)["timeline"] if line.get("type") == "countersign.replied.v1"
    ]


def test_the_next_finding_and_the_life_of_its_alert_are_told(late: Api) -> None:
    found = get(late.client("clerk"), true_at="2026-09-28", next_finding=True)
    assert (found["next_finding"], found["findings"]) == (None, [])
    known = get(late.client("clerk"))
    assert [line["transition"] for line in known["timeline"] if "transition" in line] == []
    types = [line["type"] for line in known["timeline"] if line["line"] == "fact"]
    assert types == [
        "countersign.requested.v1",
        "countersign.replied.v1",
        "alert.raised.v1",
        "alert.withdrawn.v1",
    ]


def test_an_inspectors_replay_is_noted_with_what_was_asked(late: Api) -> None:
    get(late.client("inspector"), known_at="2026-10-09")
    noted = late.client("auditor").get("/v1/districts/xinzhou/access").json()["facts"]
    assert [one["data"]["query"] for one in noted] == [f"GET {CASE}?known_at=2026-10-09"]
    assert (noted[0]["data"]["about"], noted[0]["data"]["known_at"]) == ("countersign/cs-1", "2026-10-09")


def test_who_may_not_see_every_fact_sees_no_finding_and_who_may_see_none_no_case(api: Api) -> None:
    clerk = api.client("clerk")
    secret = replied(classification="work_secret")
    for fact in (asked(), secret, asked("cs-2", classification="work_secret")):
        assert clerk.post("/v1/districts/xinzhou/facts", json=fact).status_code == 201
    api.judge()
    api.service.feeding.catch_up()
    assert [one["outcome"] for one in get(clerk)["findings"]] == ["violated"]
    agency = api.client("agency")
    seen = get(agency, known_at="2026-10-11", true_at="2026-10-10")
    assert [line["line"] for line in seen["timeline"]] == ["fact"]
    assert (seen["findings"], seen["obligations"], seen["differences"]) == ([], [], None)
    assert [one["code"] for one in seen["notes"]] == ["replay.withheld"]
    for case in ("cs-2", "cs-9"):
        answer = agency.get(CASE.replace("cs-1", case))
        assert (answer.status_code, answer.json()["code"]) == (404, "http.not_found")


@pytest.mark.parametrize("name", ["known_at", "true_at", "compare"])
def test_what_is_no_moment_is_named(late: Api, name: str) -> None:
    answer = late.client("inspector").get(CASE, params={name: "yesterday"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "replay.moment_unreadable",
        name,
    )


def test_a_unit_is_replayed_without_what_needs_the_whole_ledger_and_says_so(api: Api) -> None:
    clerk = api.client("clerk")
    established = asked(
        type="roster.unit_established.v1",
        subject={"kind": "unit", "id": "u-gov"},
        data={"name": "信州区人民政府", "kind": "government"},
    )
    assert clerk.post("/v1/districts/xinzhou/facts", json=established).status_code == 201
    found = clerk.get("/v1/districts/xinzhou/cases/unit/u-gov/replay").json()
    assert [one["code"] for one in found["notes"]] == ["replay.not_counted"]


def test_an_inspector_has_the_history_judged_again_and_sees_a_view_as_it_stood(late: Api) -> None:
    inspector = late.client("inspector")
    found = inspector.get("/v1/districts/xinzhou/recomputation").json()
    assert (found["verdict"], found["recorded"], found["differences"]) == ("equal", 2, [])
    view = "/v1/districts/xinzhou/views/countersigns/replay"
    rows = inspector.get(view, params={"known_at": "2026-10-11T09:00:00+08:00", "party": "u-land"}).json()["rows"]
    assert [one["standing"] for one in rows] == ["asked"]
    assert [one["standing"] for one in inspector.get(view).json()["rows"]] == ["replied"]
    refused = inspector.get(view, params={"true_at": "2026-10-11"})
    assert (refused.status_code, refused.json()["code"]) == (422, "view.keeps_no_intervals")
    for name in ("compare", "next_finding"):
        passed_over = inspector.get(view, params={name: "2026-10-11"})
        assert (passed_over.status_code, passed_over.json()["field"]) == (422, name)
    assert inspector.get(view.replace("countersigns", "none")).status_code == 404
    assert late.client("clerk").get(view).status_code == 403


def test_a_history_is_judged_again_by_the_house_settings_that_were_adopted(api: Api) -> None:
    given = {"text": URGENT, "reason": "本单位调整", "occurred_at": "2026-10-11T08:59:00+08:00"}
    assert api.client("operator").post("/v1/districts/xinzhou/policy", json=given).status_code == 201
    assert api.client("clerk").post("/v1/districts/xinzhou/facts", json=asked()).status_code == 201
    api.judge()
    found = api.client("inspector").get("/v1/districts/xinzhou/recomputation").json()
    assert (found["verdict"], found["recorded"], found["differences"]) == ("equal", 1, [])


def test_a_ledger_too_long_for_a_request_is_left_to_the_command(late: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.http.routes.ledger_replay.MOST_FACTS", 1)
    answer = late.client("inspector").get("/v1/districts/xinzhou/recomputation")
    assert (answer.status_code, answer.json()["code"]) == (422, "replay.too_long_here")


def test_a_view_of_a_long_ledger_is_answered_by_its_history(late: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.http.routes.ledger_replay.MOST_FACTS", 0)
    inspector, view = late.client("inspector"), "/v1/districts/xinzhou/views/countersigns/replay"
    asked_then = {"known_at": "2026-10-11T09:00:00+08:00", "party": "u-land"}
    assert inspector.get(view, params=asked_then).json()["code"] == "replay.too_long_here"
    history = late.service.history
    assert history is not None
    history.catch_up()
    assert [one["standing"] for one in inspector.get(view, params=asked_then).json()["rows"]] == ["asked"]
    view = view.replace("countersigns", "desk")
    shown = {day: inspector.get(view, params={"known_at": day}) for day in ("2026-10-10", BROKEN, "2026-12-31")}
    sorts = {day: [one["sort"] for one in answer.json()["rows"]] for day, answer in shown.items()}
    assert sorts == {"2026-10-10": [], BROKEN: ["alert"], "2026-12-31": []}
    of_case = {"known_at": BROKEN, "about": "countersign/cs-1"}
    assert [one["sort"] for one in inspector.get(view, params=of_case).json()["rows"]] == ["alert"]
    assert inspector.get(view, params={"known_at": "2020-01-01"}).json()["rows"] == []


def test_a_fact_dated_back_in_the_file_is_named(late: Api) -> None:
    date_back(late, "countersign.replied.v1")
    found = get(late.client("inspector"))
    (reply,) = (line for line in found["timeline"] if line.get("type") == "countersign.replied.v1")
    assert [(one["code"], one["facts"]) for one in found["notes"]] == [("replay.dated_back", [reply["sequence"]])]
