"""Erasing a person over HTTP: an operator may, the key is gone at once, and every reader is told of the hole."""

from __future__ import annotations

import pytest

from services.recording.authorisation import Role
from tests.services.http.api import Api

HOME = "/v1/districts/xinzhou"


def registered(person: str) -> dict[str, object]:
    return {
        "type": "roster.person_registered.v1",
        "subject": {"kind": "person", "id": person},
        "occurred_at": "2026-09-01",
        "actor": {"unit": "u-office"},
        "data": {"name": "李某"},
    }


def erased(person: str) -> dict[str, object]:
    return {
        "type": "record.personal_data_erased.v1",
        "subject": {"kind": "person", "id": person},
        "occurred_at": "2026-10-10",
        "actor": {"unit": "u-office"},
        "data": {"basis": "个人信息保护法第四十七条", "reason": "本人申请"},
    }


def test_an_erasure_leaves_a_hole_that_names_its_act_and_every_seal_verifies(shared: Api, case: str) -> None:
    person = f"p-{case}"
    shared.client("clerk").post(f"{HOME}/facts", json=registered(person))
    answer = shared.client("operator").post(f"{HOME}/facts", json=erased(person))
    assert answer.status_code == 201
    facts = shared.client("inspector").get(f"{HOME}/cases/person/{person}").json()["facts"]
    hole = f"（已依法删除，见第 {facts[1]['sequence']} 号事实 erased by law, see fact {facts[1]['sequence']}）"
    assert [fact["data"] for fact in facts] == [
        {"name": hole},
        {"basis": "个人信息保护法第四十七条", "reason": "本人申请"},
    ]
    assert shared.service.reader.verify("xinzhou").ok


def test_somebody_erased_is_not_erased_twice_nor_named_again(shared: Api, case: str) -> None:
    person = f"p-{case}"
    shared.client("clerk").post(f"{HOME}/facts", json=registered(person))
    operator = shared.client("operator")
    codes = [operator.post(f"{HOME}/facts", json=erased(person)).status_code for _ in range(2)]
    again = shared.client("clerk").post(f"{HOME}/facts", json={**registered(person), "occurred_at": "2026-10-11"})
    assert (codes, again.status_code) == ([201, 200], 422)


@pytest.mark.parametrize("role", ["clerk", "leader", "inspector", "agency"])
def test_nobody_but_an_operator_may_erase(shared: Api, case: str, role: Role) -> None:
    person = f"p-{case}"
    shared.client("clerk").post(f"{HOME}/facts", json=registered(person))
    assert shared.client(role).post(f"{HOME}/facts", json=erased(person)).status_code == 403
    assert shared.service.ledger.read_case("xinzhou", f"person/{person}")[-1].type == "roster.person_registered.v1"
    named = shared.client("clerk").get(f"{HOME}/cases/person/{person}").json()["facts"][0]["data"]
    assert named == {"name": "李某"}
