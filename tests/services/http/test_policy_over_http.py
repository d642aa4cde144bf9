"""House settings over HTTP: linted by line, adopted by an operator, in force from then on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from projections.policy.policy import SHIPPED, hash_of, shipped_policy
from tests.services.http.api import Api

TEXT = SHIPPED.read_text(encoding="utf-8")
URGENT = TEXT.replace("notice: low", "notice: high").replace("taizhang/1", "house/1")
POLICY = "/v1/districts/xinzhou/policy"
GIVEN = {"text": URGENT, "reason": "本单位调整"}


def test_what_an_operator_adopts_is_in_force_and_explained(api: Api) -> None:
    operator, clerk = api.client("operator"), api.client("clerk")
    assert clerk.get(POLICY).json()["sha256"] == shipped_policy().sha256
    linted = operator.post(f"{POLICY}/lint", json={"text": URGENT})
    assert (linted.status_code, linted.json()) == (200, {"policy": "house/1", "sha256": hash_of(URGENT.encode())})
    given = {**GIVEN, "occurred_at": "2026-10-11T08:59:00+08:00"}
    done = operator.post(POLICY, json=given, headers={"idempotency-key": "k"})
    api.clock.now += dt.timedelta(minutes=1)
    again = operator.post(POLICY, json=given, headers={"idempotency-key": "k"})
    assert (done.status_code, again.status_code) == (201, 200)
    assert again.json()["receipts"] == done.json()["receipts"]
    api.judge()
    told = clerk.get(POLICY).json()
    assert (told["policy"], told["sha256"], told["urgency"]["notice"]) == ("house/1", linted.json()["sha256"], "high")
    (fact, *_) = api.parts.ledger.read("xinzhou")
    assert (fact.type, fact.recorded_by) == ("setting.policy_adopted.v1", "p-operator")
    assert "house/1" in api.client("clerk").get("/pages/xinzhou/policy").text


def test_a_later_first_day_is_kept_to(api: Api) -> None:
    answer = api.client("operator").post(POLICY, json={**GIVEN, "effective_on": "2099-01-01"})
    assert answer.status_code == 201
    api.judge()
    assert api.client("clerk").get(POLICY).json()["sha256"] == shipped_policy().sha256


@pytest.mark.parametrize("way", [POLICY, f"{POLICY}/lint"])
def test_every_fault_is_named_by_its_line_and_nothing_is_adopted(api: Api, way: str) -> None:
    bad = TEXT.replace("policy: taizhang/1", "policy: taizhang/1\ncolour: red").replace("breach: high", "breach: soon")
    given = {"text": bad} if way.endswith("lint") else {**GIVEN, "text": bad}
    answer = api.client("operator").post(way, json=given)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (422, "policy.not_allowed", "text:3")
    told = [(one["field"], one["detail"].partition("：")[0]) for one in problem["problems"]]
    assert told == [("text:3", "第3行 colour"), ("text:11", "第11行 urgency.breach")]
    assert all(one["detail_en"].startswith("line ") for one in problem["problems"])
    assert api.parts.ledger.head("xinzhou").sequence == 0
    assert not (api.service.settings.data / "policies.sqlite").exists()


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"reason": "调整"}, "http.bad_policy", "text"),
        ({**GIVEN, "text": 7}, "http.bad_policy", "text"),
        ({**GIVEN, "text": "x" * 100_001}, "http.bad_policy", "text"),
        ({**GIVEN, "colour": "red"}, "http.bad_policy", "colour"),
        ({**GIVEN, "effective_on": "soon"}, "malformed_date", "data.effective_on"),
        ({**GIVEN, "reason": ""}, "blank_text", "data.reason"),
        ({**GIVEN, "text": "- a\n- b\n"}, "policy.not_allowed", "text:1"),
    ],
)
def test_what_cannot_be_read_is_refused_and_keeps_nothing(
    api: Api, given: dict[str, Any], code: str, field: str
) -> None:
    answer = api.client("operator").post(POLICY, json=given)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert api.parts.ledger.head("xinzhou").sequence == 0
    assert not (api.service.settings.data / "policies.sqlite").exists()
