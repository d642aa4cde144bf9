"""A case's timeline: its own facts and those that name it, as they occurred, struck ones marked."""

from __future__ import annotations

from tests.projections.views.view_scene import ViewScene, timeline_of
from tests.rulebooks.kinds.histories import fact

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
