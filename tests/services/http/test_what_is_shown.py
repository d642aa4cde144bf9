"""What each role sees: classes of secrecy, personal texts, and what is absent is absent everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from services.recording.authorisation import Role
from tests.services.http.api import Api, asked, replied

HOME = "/v1/districts/xinzhou"


def as_seen(shared: Api, role: Role, path: str) -> tuple[int, dict[str, Any]]:
    answer = shared.client(role).get(f"{HOME}{path}")
    return answer.status_code, answer.json()


def test_a_name_is_shown_to_those_who_may_see_it_and_stays_sealed_in_the_ledger(shared: Api, case: str) -> None:
    named = {
        "type": "roster.person_registered.v1",
        "subject": {"kind": "person", "id": f"p-{case}"},
        "occurred_at": "2026-09-01",
        "actor": {"unit": "u-office"},
        "data": {"name": "李某"},
    }
    assert shared.client("clerk").post(f"{HOME}/facts", json=named).status_code == 201
    (stored,) = shared.service.ledger.read_case("xinzhou", f"person/p-{case}")
    assert str(stored.data.name).startswith("sealed:")  # type: ignore[attr-defined]  # of the type that was asked for
    roles: tuple[Role, ...] = ("clerk", "leader", "inspector", "agency")
    seen = {role: as_seen(shared, role, f"/cases/person/p-{case}")[1]["facts"][0]["data"]["name"] for role in roles}
    assert seen == {"clerk": "李某", "leader": "李某", "inspector": "李某", "agency": "（不予显示 withheld）"}


def test_a_case_that_is_all_secret_answers_an_agency_as_one_that_does_not_exist(shared: Api, case: str) -> None:
    secret = asked(case, classification="work_secret")
    assert shared.client("clerk").post(f"{HOME}/facts", json=secret).status_code == 201
    assert as_seen(shared, "clerk", f"/cases/countersign/{case}")[0] == 200
    hidden = as_seen(shared, "agency", f"/cases/countersign/{case}")
    assert hidden == as_seen(shared, "agency", "/cases/countersign/cs-none")
    assert hidden[0] == 404


def test_of_a_case_that_is_secret_in_part_an_agency_sees_the_rest_and_no_count_of_it(shared: Api, case: str) -> None:
    clerk = shared.client("clerk")
    clerk.post(f"{HOME}/facts", json=asked(case, occurred_at="2026-10-10"))
    clerk.post(f"{HOME}/facts", json=replied(case, classification="work_secret"))
    shared.judge()
    _, whole = as_seen(shared, "clerk", f"/cases/countersign/{case}")
    _, part = as_seen(shared, "agency", f"/cases/countersign/{case}")
    assert (len(whole["facts"]), whole["version"]) == (2, 2)
    assert [one["type"] for one in part["facts"]] == ["countersign.requested.v1"]
    assert (part["version"], part["next"], part["running"]) == (None, None, [])


def test_no_answer_tells_an_agency_the_version_of_a_case_that_is_secret_to_it(shared: Api, case: str) -> None:
    shared.client("clerk").post(f"{HOME}/facts", json=asked(case, classification="work_secret"))
    unopened = {
        "type": "supervision.rechecked.v1",
        "subject": {"kind": "finding", "id": case},
        "occurred_at": "2026-10-11",
        "actor": {"unit": "u-land"},
        "data": {"confirmed": True},
    }

    def told(role: Role, path: str, version: int) -> dict[str, Any]:
        form = {"facts": [unopened], "expected": {f"countersign/{case}": version}}
        answer = shared.client(role).post(f"{HOME}{path}", json=form).json()
        return {name: answer.get(name) for name in ("code", "detail", "problems")}

    for path in ("/facts", "/previews"):
        wrong, right = (told("agency", path, version) for version in (7, 1))
        assert wrong == right
        assert "recording.version_conflict" in str(wrong)
        assert told("inspector", path, 7) != told("inspector", path, 1)


def test_an_alert_about_a_secret_is_in_no_list_and_no_count_of_an_agency(shared: Api, case: str) -> None:
    shared.client("clerk").post(f"{HOME}/facts", json=asked(case, classification="work_secret"))
    shared.judge()
    about = f"/alerts?about=countersign/{case}"
    _, seen = as_seen(shared, "clerk", about)
    assert seen["total"] == 1
    alert = seen["alerts"][0]["alert"]
    assert as_seen(shared, "agency", about)[1] == {"alerts": [], "total": 0, "next": None}
    assert as_seen(shared, "agency", f"/alerts/{alert}") == as_seen(shared, "agency", "/alerts/nothing")
    given = {"occurred_at": "2026-10-11T09:00:00+08:00", "data": {"account": "x"}}
    answered = shared.client("agency").post(f"{HOME}/alerts/{alert}/answers", json=given)
    assert (answered.status_code, answered.json()["code"]) == (404, "http.not_found")


@pytest.mark.parametrize(
    ("query", "field", "zh"),
    [
        ("limit=0", "limit", "不得小于 1"),
        ("limit=501", "limit", "不得大于 500"),
        ("limit=many", "limit", "应为整数"),
        ("standing=asleep", "standing", "只能是"),
        ("after=" + "x" * 301, "after", "不得超过 300 字"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named_in_both_languages(
    shared: Api, query: str, field: str, zh: str
) -> None:
    answer = shared.client("clerk").get(f"{HOME}/alerts?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (422, "http.invalid_parameter", field)
    assert zh in problem["detail"]
    assert field in problem["detail_en"]


def test_several_parameters_are_all_named(shared: Api) -> None:
    problem = shared.client("clerk").get(f"{HOME}/alerts?limit=0&severity=loud").json()
    assert {one["field"] for one in problem["problems"]} == {"limit", "severity"}
