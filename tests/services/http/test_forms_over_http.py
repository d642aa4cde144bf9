"""Whole forms over HTTP: every line of an attendance list or a speaking order goes in, or none does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.http.api import Api

HEAD = {
    "form": "11111111-1111-4111-8111-111111111111",
    "meeting": "zw-1",
    "occurred_at": "2026-09-28T09:00:00+08:00",
    "actor": {"unit": "u-office"},
}
PRESENT = [{"person": f"p-{name}", "present": True, "capacity": "member"} for name in ("zhou", "luo", "chen")]
MEETING = {
    "type": "meeting.planned.v1",
    "subject": {"kind": "meeting", "id": "zw-1"},
    "occurred_at": "2026-09-20T09:00:00+08:00",
    "actor": {"unit": "u-office"},
    "data": {
        "title": "常务会议",
        "host": "u-office",
        "kind": "executive",
        "mode": "in_person",
        "starts_at": "2026-09-28T09:00:00+08:00",
        "chair": "p-zhou",
    },
}


def test_an_attendance_list_becomes_its_facts_once(shared: Api, district: str) -> None:
    clerk = shared.client("clerk", district)
    assert clerk.post(f"/v1/districts/{district}/facts", json=MEETING).status_code == 201
    form = {**HEAD, "entries": PRESENT}
    first, again = (clerk.post(f"/v1/districts/{district}/forms/attendance", json=form) for _ in range(2))
    assert (first.status_code, [one["sequence"] for one in first.json()["receipts"]]) == (201, [2, 3, 4])
    assert (again.status_code, again.json()["receipts"]) == (200, first.json()["receipts"])


def test_a_speaking_order_numbers_its_lines(shared: Api, district: str) -> None:
    clerk = shared.client("clerk", district)
    clerk.post(f"/v1/districts/{district}/facts", json=MEETING)
    clerk.post(f"/v1/districts/{district}/forms/attendance", json={**HEAD, "entries": PRESENT})
    entries = [{"person": person["person"], "stance": "agree"} for person in PRESENT]
    form = {**HEAD, "form": "22222222-2222-4222-8222-222222222222", "item": 1, "entries": entries}
    done = clerk.post(f"/v1/districts/{district}/forms/speaking-order", json=form)
    assert done.status_code == 201, done.text
    spoken = shared.service.ledger.read(district)[-3:]
    assert [(one.data.order, one.data.person) for one in spoken] == [  # type: ignore[attr-defined]  # of the type that was asked for
        (1, "p-zhou"),
        (2, "p-luo"),
        (3, "p-chen"),
    ]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"form": "one"}, 422, "http.bad_form", "form"),
        ({"entries": "many"}, 422, "http.bad_form", "entries"),
        ({"other": 1}, 422, "http.bad_form", None),
        ({"occurred_at": "yesterday"}, 422, "http.bad_form", "occurred_at"),
        ({"entries": []}, 422, "empty_form", None),
        ({"entries": [PRESENT[0], PRESENT[0]]}, 422, "person_twice", "entries[1].person"),
        ({"entries": [PRESENT[0], {"person": "p-luo"}]}, 422, "missing_field", "entries[1].present"),
        ({"entries": PRESENT * 200}, 413, "http.too_many_facts", "facts"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_whole_and_the_line_named(
    shared: Api, district: str, changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    given = {**HEAD, "entries": PRESENT, **changes}
    answer = shared.client("clerk", district).post(f"/v1/districts/{district}/forms/attendance", json=given)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (status, code, field)
    assert shared.service.ledger.head(district).sequence == 0
