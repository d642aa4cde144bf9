"""Recording over HTTP: receipts, repeats, forms, versions, and every refusal as a problem that names the field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.services.http.api import ASKED, Api, asked, replied


def facts(district: str) -> str:
    return f"/v1/districts/{district}/facts"


def count(shared: Api, district: str) -> int:
    return shared.service.ledger.head(district).sequence


def test_a_fact_is_recorded_and_its_receipt_comes_back(shared: Api, district: str) -> None:
    answer = shared.client("clerk", district).post(facts(district), json=ASKED)
    (receipt,) = shared.service.ledger.receipts(district, [1])
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.json() == {
        "status": "recorded",
        "receipts": [
            {
                "id": str(receipt.fact_id),
                "sequence": 1,
                "recorded_at": receipt.recorded_at.isoformat(),
                "leaf": receipt.leaf.hex(),
                "root": receipt.root.hex(),
            }
        ],
    }
    (stored,) = shared.service.ledger.read(district)
    assert (stored.recorded_by, stored.origin) == ("p-clerk", "recorded")


def test_the_same_fact_again_is_answered_with_the_first_receipt(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    first = client.post(facts(district), json=ASKED)
    again = client.post(facts(district), json=ASKED)
    assert again.status_code == 200
    assert again.json() == {**first.json(), "status": "repeated"}
    assert count(shared, district) == 1


def test_a_form_goes_in_whole_or_not_at_all(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    refused = client.post(facts(district), json={"facts": [asked("cs-1"), asked("cs-2", occurred_at="2026-02-30")]})
    assert (refused.status_code, refused.json()["field"]) == (422, "facts[1].occurred_at")
    assert count(shared, district) == 0
    recorded = client.post(facts(district), json={"facts": [asked("cs-1"), asked("cs-2")]})
    assert (recorded.status_code, [one["sequence"] for one in recorded.json()["receipts"]]) == (201, [1, 2])


def test_an_idempotency_key_answers_the_same_request_again_and_refuses_another(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    key = {"idempotency-key": "k-1"}
    fact = asked(id="00000000-0000-4000-8000-000000000001")
    first = client.post(facts(district), json=fact, headers=key)
    other_id = client.post(facts(district), json={**fact, "id": "00000000-0000-4000-8000-000000000002"}, headers=key)
    assert (other_id.status_code, other_id.json()["receipts"]) == (200, first.json()["receipts"])
    reused = client.post(facts(district), json=asked("cs-2"), headers=key)
    assert (reused.status_code, reused.json()["code"]) == (422, "ledger.key_reused")
    assert count(shared, district) == 1


@pytest.mark.parametrize("version", ['"0"', "0"])
def test_a_version_that_still_holds_lets_the_fact_in(shared: Api, district: str, version: str) -> None:
    assert (
        shared.client("clerk", district).post(facts(district), json=ASKED, headers={"if-match": version}).status_code
        == 201
    )


def test_a_case_that_has_moved_on_is_a_conflict(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    client.post(facts(district), json=ASKED)
    reply = replied()
    late = client.post(facts(district), json=reply, headers={"if-match": '"0"'})
    assert (late.status_code, late.json()["code"]) == (409, "recording.version_conflict")
    form = {"facts": [reply], "expected": {"countersign/cs-1": 7}}
    assert client.post(facts(district), json=form).status_code == 409
    assert client.post(facts(district), json={**form, "expected": {"countersign/cs-1": 1}}).status_code == 201


REFUSED: list[tuple[str, bytes, int, str, str | None]] = [
    ("no JSON", b"{", 400, "not_json", None),
    ("a list", b"[]", 400, "not_an_object", None),
    ("no UTF-8", b'{"type": "\xff"}', 400, "not_utf8", None),
    ("a key twice", b'{"type": "a", "type": "b"}', 400, "duplicate_key", "type"),
    ("too deep", b'{"a":' * 2_000 + b"1" + b"}" * 2_000, 400, "too_deep", None),
    ("empty", b"", 400, "not_json", None),
    ("an unknown type", json.dumps(asked(type="nothing.happened.v1")).encode(), 422, "unknown_type", "type"),
    ("an unknown field", json.dumps(asked(x=1)).encode(), 422, "unknown_field", "x"),
    ("another district", json.dumps(asked(district="yuanzhou")).encode(), 422, "other_district", "district"),
    ("a recording time", json.dumps(asked(recorded_at="2026-09-28T09:00:00+08:00")).encode(), 422,
     "given_by_ledger", "recorded_at"),
    ("no fact", b'{"facts": []}', 422, "http.no_facts", "facts"),
    ("facts that are none", b'{"facts": [1]}', 400, "not_an_object", "facts[0]"),
    ("facts and more", b'{"facts": [{}], "other": 1}', 422, "http.unknown_field", "other"),
    ("a bad version", json.dumps({"facts": [ASKED], "expected": {"countersign/cs-1": "one"}}).encode(), 422,
     "http.bad_version", "expected"),
    ("a version of no case", json.dumps({"facts": [ASKED], "expected": {"cs-1": 0}}).encode(), 422,
     "http.bad_version", "expected"),
    ("a version of a kind that is none", json.dumps({"facts": [ASKED], "expected": {"countersigns/cs-1": 0}}).encode(),
     422, "http.bad_version", "expected"),
    ("the future", json.dumps(asked(occurred_at="2027-01-01")).encode(), 422, "recording.in_future", "occurred_at"),
    ("what only the watch says", json.dumps(
        {**ASKED, "type": "clock.reached.v1", "subject": {"kind": "clock", "id": "2026-09-28"}, "data": {}}
    ).encode(), 422, "missing_field", "data.at"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code", "field"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_cannot_be_recorded_is_a_problem_with_a_code_and_its_field(
    shared: Api, district: str, body: bytes, status: int, code: str, field: str | None
) -> None:
    answer = shared.client("clerk", district).post(
        facts(district), content=body, headers={"content-type": "application/json"}
    )
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"], problem.get("field")) == (status, code, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:taizhang:problem:{code}"
    assert problem["status"] == status
    assert min(len(problem[name]) for name in ("title", "title_en", "detail", "detail_en")) > 3
    assert count(shared, district) == 0


def test_what_a_role_may_not_record_is_refused_though_the_district_is_its_own(shared: Api, district: str) -> None:
    answer = shared.client("agency", district).post(facts(district), json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (403, "recording.role_lacks_right")
    assert count(shared, district) == 0


def test_several_refusals_are_named_each_with_its_place(shared: Api, district: str) -> None:
    form = {"facts": [asked("cs-1"), asked("cs-2", occurred_at="2027-01-01"), asked("cs-3", occurred_at="2027-01-02")]}
    problem = shared.client("clerk", district).post(facts(district), json=form).json()
    assert [(one["code"], one["fact"], one["field"]) for one in problem["problems"]] == [
        ("recording.in_future", 1, "occurred_at"),
        ("recording.in_future", 2, "occurred_at"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=gbk"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
def test_a_body_that_does_not_say_it_is_json_is_not_read(shared: Api, district: str, headers: dict[str, str]) -> None:
    answer = shared.client("clerk", district).post(facts(district), content=json.dumps(ASKED), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "http.wrong_media_type")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"idempotency-key": ""}, "http.bad_key"),
        ({"idempotency-key": "k" * 201}, "http.bad_key"),
        ({"if-match": "*"}, "http.bad_version"),
        ({"if-match": '"-1"'}, "http.bad_version"),
    ],
)
def test_a_header_that_cannot_be_used_is_named(shared: Api, district: str, headers: dict[str, str], code: str) -> None:
    answer = shared.client("clerk", district).post(facts(district), json=ASKED, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_without_a_token_nothing_is_recorded(shared: Api, district: str) -> None:
    answer = shared.client().post(facts(district), json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert count(shared, district) == 0


def test_a_preview_tells_what_would_be_refused_and_records_nothing(shared: Api, district: str) -> None:
    client = shared.client("clerk", district)
    good = client.post(f"/v1/districts/{district}/previews", json=ASKED)
    assert (good.status_code, good.json()["through"], good.json()["problems"]) == (200, 0, [])
    bad = client.post(f"/v1/districts/{district}/previews", json=asked(occurred_at="2027-01-01"))
    assert (bad.status_code, [one["code"] for one in bad.json()["problems"]]) == (200, ["recording.in_future"])
    assert count(shared, district) == 0
