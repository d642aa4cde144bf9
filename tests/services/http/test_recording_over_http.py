"""Recording over HTTP: receipts, repeats, forms, versions, and every refusal as a problem that names the field."""

from __future__ import annotations

from typing import Any

from tests.services.http.api import ASKED, Api

FACTS = "/v1/districts/xinzhou/facts"


def asked(case: str = "cs-1", **changes: object) -> dict[str, Any]:
    return {**ASKED, "subject": {"kind": "countersign", "id": case}, **changes}


def test_a_fact_is_recorded_and_its_receipt_comes_back(api: Api) -> None:
    answer = api.client("clerk").post(FACTS, json=ASKED)
    (receipt,) = api.parts.ledger.receipts("xinzhou", [1])
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.json() == {
        "status": "recorded",
        "receipts": [
            {
                "id": str(receipt.fact_id),
                "sequence": 1,
                "recorded_at": "2026-09-28T09:00:00+08:00",
                "leaf": receipt.leaf.hex(),
                "root": receipt.root.hex(),
            }
        ],
    }
    (stored,) = api.parts.ledger.read("xinzhou")
    assert (stored.recorded_by, stored.origin) == ("p-clerk", "recorded")


def test_the_same_fact_again_is_answered_with_the_first_receipt(api: Api) -> None:
    client = api.client("clerk")
    first = client.post(FACTS, json=ASKED)
    again = client.post(FACTS, json=ASKED)
    assert again.status_code == 200
    assert again.json() == {**first.json(), "status": "repeated"}
    assert api.parts.ledger.head("xinzhou").sequence == 1


def test_a_form_goes_in_whole_or_not_at_all(api: Api) -> None:
    client = api.client("clerk")
    refused = client.post(FACTS, json={"facts": [asked("cs-1"), asked("cs-2", occurred_at="2026-02-30")]})
    assert (refused.status_code, refused.json()["field"]) == (422, "facts[1].occurred_at")
    assert api.parts.ledger.head("xinzhou").sequence == 0
    recorded = client.post(FACTS, json={"facts": [asked("cs-1"), asked("cs-2")]})
    assert (recorded.status_code, [one["sequence"] for one in recorded.json()["receipts"]]) == (201, [1, 2])


def test_without_a_token_nothing_is_recorded(api: Api) -> None:
    answer = api.client().post(FACTS, json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert api.parts.ledger.head("xinzhou").sequence == 0
