"""A case's timeline: its own facts and those that name it, as they occurred, struck ones marked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.cases import CASE_KINDS
from events.fact import AnyFact, case_key
from events.printing import stored_bytes
from projections.views.query import Query
from tests.projections.kept import Places
from tests.projections.playing import districts, history, shuffled
from tests.projections.views.test_any_batches import with_corrections
from tests.projections.views.view_scene import ViewScene, everything_in, timeline_of
from tests.rulebooks.kinds.histories import fact

NAMED = CASE_KINDS.keys() - {"rulebook", "calendar", "setting", "clock"}
"""Kinds of case whose timelines show the facts that name one."""
GIVEN = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online", "departments": ["u-land"]}


def test_a_timeline_is_in_the_order_of_what_happened_with_late_and_struck_facts_marked(scene: ViewScene) -> None:
    asked = fact("countersign.requested", "countersign/cs-1", "2026-09-28", **GIVEN)
    reply = {"department": "u-land", "stance": "agree"}
    first = fact("countersign.replied", "countersign/cs-1", "2026-10-10", {"unit": "u-land"}, **reply)
    late = fact("countersign.received", "countersign/cs-1", "2026-09-29", department="u-land", complete=True)
    struck = fact("record.annulled", "correction/c-1", "2026-10-12", wrong=str(first.id), reason="误录")
    scene.record(asked, first, late, struck)
    scene.feeding.catch_up()
    shown = [(row["type"], row["at"], row["counts"], row["sequence"]) for row in timeline_of(scene, "countersign/cs-1")]
    assert shown == [
        ("countersign.requested.v1", "2026-09-28", True, 1),
        ("countersign.received.v1", "2026-09-29", True, 3),
        ("countersign.replied.v1", "2026-10-10", False, 2),
        ("record.annulled.v1", "2026-10-12", True, 4),
    ]
    assert [row["of"] for row in timeline_of(scene, "matter/m-1")] == ["countersign/cs-1"]


def test_a_row_says_who_did_what_and_that_it_was_recorded_late_but_no_name_of_a_person(scene: ViewScene) -> None:
    registered = fact("roster.person_registered", "person/p-1", "2026-01-05", name="某人", rank="division_chief")
    scene.record(registered)
    scene.feeding.catch_up()
    assert timeline_of(scene, "person/p-1") == [
        {
            "key": "person/p-1|000000000001",
            "case": "person/p-1",
            "at": "2026-01-05",
            "recorded_at": "2030-01-01T08:00:00+08:00",
            "sequence": 1,
            "type": "roster.person_registered.v1",
            "of": "person/p-1",
            "person": None,
            "unit": "u-office",
            "post": None,
            "on_behalf_of": None,
            "says": {"rank": "division_chief"},
            "late": True,
            "counts": True,
            "strikes": None,
            "origin": "recorded",
            "fact": str(registered.id),
            "classification": "internal",
        }
    ]


@settings(max_examples=3)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_a_timeline_has_every_fact_of_its_case_and_every_one_that_names_it_in_both_orders(
    folders: Places, district: str, seed: int
) -> None:
    choice = Random(seed)
    facts = with_corrections(shuffled(history(district, choice), choice), district, choice)
    with folders.anew() as place:
        scene = ViewScene(place, batch=choice.choice([3, 40]))
        scene.record(*facts)
        scene.feeding.catch_up()
        expected = _by_case(everything_in(scene.ledger, district))
        for case, rows in expected.items():
            occurred, recorded = (_shown(scene, district, case, order) for order in ("occurred", "recorded"))
            assert {"occurred": sorted(occurred), "recorded": recorded} == {
                "occurred": sorted(rows),
                "recorded": sorted(rows, reverse=True),
            }
        scene.rows.close()


def _shown(scene: ViewScene, district: str, case: str, order: str) -> list[tuple[int, bool]]:
    """Return the timeline of a case, page after page: of each row the fact and whether it counts."""
    query: Query | None = Query(filters={"case": (case,)}, order=order, limit=2)
    found: list[tuple[int, bool]] = []
    while query is not None:
        one = scene.ask("timeline", query, district)
        found += [(int(str(row["sequence"])), row["counts"] is True) for row in one.rows]
        query = None if one.next is None else replace(query, after=one.next)
    return found


def _by_case(facts: list[AnyFact]) -> dict[str, list[tuple[int, bool]]]:
    """Return by case what its timeline is to show, from the facts as they are stored, where cases are texts."""
    by_id = {str(one.id): one for one in facts}
    struck_by: dict[str, list[str]] = {}
    for one in facts:
        if one.subject.kind == "correction":
            struck_by.setdefault(_data(one)["wrong"], []).append(str(one.id))

    def counts(fact_id: str) -> bool:
        return not any(counts(one) for one in struck_by.get(fact_id, ()))

    found: dict[str, list[tuple[int, bool]]] = {}
    for one in facts:
        about = one
        while about.subject.kind == "correction":
            about = by_id[_data(about)["wrong"]]
        cases = {case_key(one.subject), case_key(about.subject), *_cases_in(_data(about))}
        for case in cases if one.subject.kind != "clock" else ():
            found.setdefault(case, []).append((one.sequence, counts(str(one.id))))
    return found


def _data(fact: AnyFact) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(stored_bytes(fact))["data"]
    return data


def _cases_in(stored: object) -> Iterator[str]:
    if isinstance(stored, str) and "/" in stored and stored.partition("/")[0] in NAMED:
        yield stored
    for one in stored.values() if isinstance(stored, dict) else stored if isinstance(stored, list) else ():
        yield from _cases_in(one)
