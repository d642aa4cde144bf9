"""Old versions of facts, shown with facts that only this file knows."""

from typing import Any

import orjson
import pytest

from events.countersign import CountersignReplied
from events.ledger.errors import UnknownFormError
from events.lifting import LIFTS, Lift
from events.printing import from_stored
from tests.events.facts_to_try import EXAMPLES


def stance_for_agreed(data: dict[str, Any]) -> dict[str, Any]:
    agreed = data.pop("agreed")
    return {**data, "stance": "agree" if agreed else "object"}


def department_for_bureau(data: dict[str, Any]) -> dict[str, Any]:
    return {"department": data.pop("bureau"), **data}


OLD = {
    "countersign.answer.v1": Lift("countersign.answer.v2", department_for_bureau),
    "countersign.answer.v2": Lift("countersign.replied.v1", stance_for_agreed),
}


def recorded(type_: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps({**EXAMPLES["countersign.replied.v1"], "type": type_, "sequence": 9, "data": data})


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("countersign.answer.v1", {"bureau": "u-land", "agreed": False}),
        ("countersign.answer.v2", {"department": "u-land", "agreed": False}),
        ("countersign.replied.v1", {"department": "u-land", "stance": "object"}),
    ],
)
def test_a_fact_of_any_version_is_read_as_the_one_in_force(type_: str, data: dict[str, Any]) -> None:
    fact = from_stored(type_, recorded(type_, data), OLD)

    assert (fact.type, fact.sequence) == ("countersign.replied.v1", 9)
    assert fact.data == CountersignReplied(department="u-land", stance="object")


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("countersign.answer.v1", {}),
        ("countersign.replied.v1", {"department": "u-land", "stance": "object", "weight": 3}),
        ("countersign.replied.v1", {"department": "u-land", "stance": "hesitates"}),
    ],
)
def test_what_only_a_newer_version_knows_is_not_taken_for_damage(type_: str, data: dict[str, Any]) -> None:
    with pytest.raises(UnknownFormError, match=type_):
        from_stored(type_, recorded(type_, data))


def test_no_published_version_was_replaced_so_far() -> None:
    assert dict(LIFTS) == {}
