"""The view of the roster: who holds which post from when to when, and who is paired with whom."""

from __future__ import annotations

from projections.views.roster import ROSTER
from tests.projections.views.view_scene import ViewScene
from tests.rulebooks.kinds.histories import fact, post

INTERNAL = {"classification": "internal"}


def test_the_roster_names_units_posts_and_who_holds_them_from_when_to_when(scene: ViewScene) -> None:
    left = {"person": "p-d1", "left_on": "2026-10-01", "leaving_reason": "transferred"}
    gone = fact("roster.person_left_post", "post/post-p-d1-deputy_head", "2026-09-30", **left)
    shown = scene.shown(ROSTER, *post("p-d1", "deputy_head"), gone)
    of_post = {"case": "post/post-p-d1-deputy_head", "entry": "post-p-d1-deputy_head", "unit": "u-gov", **INTERNAL}
    assert shown == {
        "post/post-p-d1-deputy_head": {**of_post, "sort": "post", "name": "deputy_head", "role": "deputy_head"},
        "post/post-p-d1-deputy_head|p-d1|2024-01-02": {
            **of_post,
            "sort": "holding",
            "name": "deputy_head",
            "role": "deputy_head",
            "person": "p-d1",
            "held_as": "substantive",
            "since": "2024-01-02",
            "left": "2026-10-01",
        },
    }


def test_the_roster_tells_a_post_set_up_anew_and_partners_paired_anew(scene: ViewScene) -> None:
    case = "post/post-p-d1-deputy_head"
    again = fact("roster.post_established", case, "2026-06-01", title="副区长", unit="u-gov", role="deputy_head")
    since = {"person": "p-d1", "held_as": "substantive", "from_": "2026-06-01"}
    abolished = fact("roster.post_abolished", case, "2026-03-01", reason="职数调整")
    taken_up = fact("roster.person_appointed", case, "2026-06-01", **since)
    shown = scene.shown(ROSTER, *post("p-d1", "deputy_head"), abolished, again, taken_up)
    assert {key: (row.get("until"), row.get("left")) for key, row in shown.items()} == {
        case: (None, None),
        f"{case}|p-d1|2024-01-02": (None, "2026-03-01"),
        f"{case}|p-d1|2026-06-01": (None, None),
    }
    pair = "ab_arrangement/ab-1"
    first = fact("roster.ab_arranged", pair, "2026-01-05", ab_form="mutual", members=["a", "b"], from_="2026-01-05")
    over = fact("roster.ab_arrangement_ended", pair, "2026-06-01", ended_on="2026-06-01", reason="调整")
    anew = fact("roster.ab_arranged", pair, "2026-06-01", ab_form="mutual", members=["a", "c"], from_="2026-06-01")
    before = scene.shown(ROSTER, first, over)
    after = scene.shown(ROSTER, anew)
    assert [
        {key: (row["since"], row.get("left")) for key, row in rows.items() if key.startswith(pair)}
        for rows in (before, after)
    ] == [
        {f"{pair}|a": ("2026-01-05", "2026-06-01"), f"{pair}|b": ("2026-01-05", "2026-06-01")},
        {f"{pair}|a": ("2026-06-01", None), f"{pair}|c": ("2026-06-01", None)},
    ]
