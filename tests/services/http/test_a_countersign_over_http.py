"""One countersign from beginning to end over HTTP: asked, overdue, alerted, acknowledged, answered late, resolved."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.services.http.api import Api, asked, replied

HOME = "/v1/districts/xinzhou"
CASES = f"{HOME}/cases/countersign"
AT = {"occurred_at": "2026-10-11T09:00:00+08:00"}


@pytest.fixture
def overdue(shared: Api, case: str) -> Api:
    """Ask on 28 September, and look at it on 11 October."""
    assert shared.client("clerk").post(f"{HOME}/facts", json=asked(case)).status_code == 201
    shared.judge()
    return shared


def the_alert(client: httpx.Client, case: str, **filters: Any) -> dict[str, Any]:  # noqa: ANN401  what a query takes
    found = client.get(f"{HOME}/alerts", params={"about": f"countersign/{case}", **filters}).json()
    (one,) = found["alerts"]
    assert found["total"] == 1
    return dict(one)


def test_a_running_deadline_stands_on_the_case_before_it_is_over(shared: Api, case: str) -> None:
    clerk = shared.client("clerk")
    clerk.post(f"{HOME}/facts", json=asked(case, occurred_at="2026-10-10"))
    shared.judge()
    shown = clerk.get(f"{CASES}/{case}").json()
    assert (shown["district"], shown["case"], shown["version"], shown["next"]) == (
        "xinzhou",
        f"countersign/{case}",
        1,
        None,
    )
    (fact,) = shown["facts"]
    assert (fact["occurred_at"], fact["recorded_at"][:14]) == ("2026-10-10", "2026-10-11T09:")
    assert [(one["rule"], one["party"], one["due_at"], one["state"]) for one in shown["running"]] == [
        ("xinzhou/28.2-reply", "u-land", "2026-10-16", "open")
    ]
    assert shown["alerts"] == []


def test_an_overdue_reply_is_in_the_list_with_its_article_and_its_explanation(overdue: Api, case: str) -> None:
    alert = the_alert(overdue.client("leader"), case)
    assert (alert["standing"], alert["article"], alert["party"], alert["due_at"]) == (
        "raised",
        "28.2",
        "u-land",
        "2026-10-10",
    )
    assert "第28条第2款" in alert["say"]["zh"]
    assert overdue.client("clerk").get(f"{CASES}/{case}").json()["alerts"] == [alert]


FILTERED: list[tuple[dict[str, Any], int]] = [
    ({}, 1),
    ({"standing": "raised"}, 1),
    ({"standing": ["resolved", "withdrawn"]}, 0),
    ({"party": "u-land"}, 1),
    ({"party": "u-other"}, 0),
    ({"severity": "notice"}, 1),
    ({"severity": "breach"}, 0),
    ({"rule": "xinzhou/28.2-reply"}, 1),
    ({"rule": "xinzhou/1.1"}, 0),
    ({"party": "u-land", "severity": ["notice", "breach"]}, 1),
]


def test_the_list_of_alerts_holds_only_what_its_filters_ask_for(overdue: Api, case: str) -> None:
    clerk = overdue.client("clerk")
    given = [{"about": f"countersign/{case}", **filters} for filters, _ in FILTERED]
    found = [clerk.get(f"{HOME}/alerts", params=one).json()["total"] for one in given]
    assert list(zip(given, found, strict=True)) == list(zip(given, [count for _, count in FILTERED], strict=True))


def test_the_alert_is_acknowledged_answered_and_resolved(overdue: Api, case: str) -> None:
    clerk, leader, agency = (overdue.client(role) for role in ("clerk", "leader", "agency"))
    alert = the_alert(leader, case)["alert"]
    one = f"{HOME}/alerts/{alert}"
    taken = leader.post(f"{one}/acknowledgements", json={**AT, "data": {"until": "2026-10-13", "note": "已催办"}})
    account = agency.post(f"{one}/answers", json={**AT, "data": {"account": "材料十月九日才到"}})
    assert (taken.status_code, account.status_code) == (201, 201)
    overdue.judge()
    shown = the_alert(leader, case)
    assert (shown["acknowledged"], shown["answers"]) == (True, ["材料十月九日才到"])
    assert clerk.post(f"{HOME}/facts", json=replied(case)).status_code == 201
    overdue.judge()
    life = leader.get(one).json()
    assert life["alert"]["standing"] == "resolved"
    assert [fact["type"] for fact in life["facts"]] == [
        "alert.raised.v1",
        "alert.acknowledged.v1",
        "alert.answered.v1",
        "alert.resolved.v1",
    ]
    assert life["facts"][1]["actor"] == {"unit": "u-office"}
    assert leader.get(f"{HOME}/alerts", params={"about": f"countersign/{case}"}).json()["alerts"] == []


def test_an_alert_is_waived_by_one_who_may(overdue: Api, case: str) -> None:
    leader, agency = overdue.client("leader"), overdue.client("agency")
    one = f"{HOME}/alerts/{the_alert(leader, case)['alert']}"
    waiver = {**AT, "data": {"reason": "区长同意延期"}}
    assert agency.post(f"{one}/waivers", json=waiver).status_code == 403
    assert leader.post(f"{one}/waivers", json=waiver).status_code == 201
    overdue.judge()
    assert the_alert(leader, case, standing="waived")["standing"] == "waived"


def test_what_is_said_of_an_alert_is_refused_by_name_when_it_is_wrong(overdue: Api, case: str) -> None:
    leader = overdue.client("leader")
    one = f"{HOME}/alerts/{the_alert(leader, case)['alert']}"

    def refusal(path: str, given: dict[str, Any]) -> tuple[int, str, str | None]:
        answer = leader.post(path, json=given)
        return answer.status_code, answer.json()["code"], answer.json().get("field")

    assert refusal(f"{one}/waivers", {**AT, "data": {}}) == (422, "missing_field", "data.reason")
    assert refusal(f"{one}/waivers", {"data": {"reason": "x"}}) == (422, "missing_field", "occurred_at")
    assert refusal(f"{one}/waivers", {**AT, "type": "x", "data": {"reason": "x"}}) == (
        422,
        "http.unknown_field",
        "type",
    )
    nowhere = f"{HOME}/alerts/00000000-0000-4000-8000-000000000000/waivers"
    assert refusal(nowhere, {**AT, "data": {"reason": "x"}}) == (404, "http.not_found", None)


def test_alerts_and_facts_come_in_pages(shared: Api, case: str) -> None:
    clerk = shared.client("clerk")
    data = {**asked()["data"], "departments": [f"u-{case}"]}
    form = {"facts": [asked(f"{case}-{number}", data=data) for number in range(5)]}
    assert clerk.post(f"{HOME}/facts", json=form).status_code == 201
    shared.judge()
    wanted: dict[str, Any] = {"party": f"u-{case}", "limit": 2}
    seen: list[str] = []
    page = clerk.get(f"{HOME}/alerts", params=wanted).json()
    while True:
        seen += [one["about"] for one in page["alerts"]]
        if page["next"] is None:
            break
        page = clerk.get(f"{HOME}/alerts", params={**wanted, "after": page["next"]}).json()
    assert (sorted(seen), page["total"]) == ([f"countersign/{case}-{number}" for number in range(5)], 5)
    gone = clerk.get(f"{HOME}/alerts", params={**wanted, "after": "nothing"})
    assert (gone.status_code, gone.json()["code"], gone.json()["field"]) == (422, "http.page_gone", "after")
    clerk.post(f"{HOME}/facts", json=replied(f"{case}-0", data={**replied()["data"], "department": f"u-{case}"}))
    one = f"{CASES}/{case}-0"
    first = clerk.get(one, params={"limit": 1}).json()
    second = clerk.get(one, params={"limit": 1, "after": first["next"]}).json()
    assert [fact["type"] for fact in (*first["facts"], *second["facts"])] == [
        "countersign.requested.v1",
        "countersign.replied.v1",
    ]
    assert second["next"] is None


def test_facts_are_shown_in_the_order_in_which_they_happened_when_asked(shared: Api, case: str) -> None:
    clerk = shared.client("clerk")
    for fact in (asked(case), replied(case), replied(case, occurred_at="2026-10-10")):
        assert clerk.post(f"{HOME}/facts", json=fact).status_code == 201

    def happened(order: str) -> list[str]:
        shown = clerk.get(f"{CASES}/{case}", params={"order": order}).json()
        return [one["occurred_at"] for one in shown["facts"]]

    assert happened("recorded") == ["2026-09-28", "2026-10-11", "2026-10-10"]
    assert happened("occurred") == ["2026-09-28", "2026-10-10", "2026-10-11"]
