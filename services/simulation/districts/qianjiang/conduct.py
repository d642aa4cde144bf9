"""重庆市黔江区人民政府工作规则（2022年11月）: conduct, duty, guests and banquets."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.carrying_out import own_matter
from services.simulation.stories.occasions import banquets, rostered
from services.simulation.story import Break, Due, Flaw, Story, step

FINDINGS: Final = Story(
    name="finding",
    monthly=0.8,
    steps=(
        step(
            *("conduct.finding_made", "conduct", "@u_discipline", 0),
            kind="other",
            person="@unit_head",
            text="经核查，未发现违规",
        ),
    ),
    flaws=tuple(
        Flaw.changed(name, "conduct.finding_made", {"kind": kind, "text": name}, article=article, subject="conduct")
        for name, kind, article in (
            ("acted against a decision", "act_against_decision", "60.1"),
            ("secrets leaked", "leak", "63.1"),
            ("shirked", "passing_buck", "66.1"),
            ("gift accepted", "gift", "67.2"),
        )
    ),
)
DISSENT: Final = Story(
    name="dissent",
    monthly=0.5,
    steps=(
        own_matter(),
        step(
            *("conduct.dissent_recorded", "conduct", "@unit_head", 2),
            person="@unit_head",
            about="#matter",
            audience="internal",
            opinion="建议缓办",
        ),
    ),
    flaws=(
        Flaw.changed(
            *("dissent voiced in public", "conduct.dissent_recorded", {"audience": "public"}),
            article="60.1",
            subject="conduct",
        ),
    ),
)
SPEECHES: Final = Story(
    name="speech",
    monthly=0.6,
    steps=(
        step(
            *("publicity.prepared", "publicity", "@unit", 0),
            kind="speech",
            title="@title",
            person="@unit_head",
            unit="@unit",
            in_name_of="government",
            important=False,
            undecided=False,
        ),
        step(
            *("approval.given", "approval", "@leader", 1), kind="speech", about="#publicity", level="leader_in_charge"
        ),
        step("publicity.released", "publicity", "@unit", 2, channels=["portal"]),
    ),
    flaws=(Flaw.left_out("speech without consent", "approval.given", article="60.1", subject="publicity"),),
)
DUTIES: Final = Story(
    name="duty",
    monthly=0.8,
    steps=(
        rostered("@in_1"),
        step("duty.contact_tried", "duty", "@office", 1, person="@osec", reached=True),
    ),
    flaws=(
        Flaw.changed(
            "duty officer not reached", "duty.contact_tried", {"reached": False}, article="64.1", subject="duty"
        ),
    ),
)
SITUATIONS: Final = Story(
    name="situation",
    monthly=0.6,
    steps=(
        step(
            *("duty.event_recorded", "emergency", "@unit", 0),
            title="@title",
            kind="major_situation",
            event_grade="ungraded",
            unit="@unit",
            public_opinion=False,
        ),
        step(
            *("duty.event_reported", "emergency", "@unit", 0),
            from_unit="@unit",
            to_person="@head",
            form="phone",
            stage="first",
        ),
        step("duty.event_handled", "emergency", "@unit", 2, unit="@unit", content="处置完毕", finished=True),
    ),
    flaws=(
        Flaw(
            name="head not told of a situation",
            leave_out=("duty.event_reported",),
            breaks=(
                Break(
                    article="62.1",
                    subject="emergency",
                    due=Due(0, "duty.event_handled", "day", as_moment=True),
                ),
            ),
        ),
    ),
)
GUESTS: Final = Story(
    name="guests",
    monthly=0.7,
    steps=(
        step(
            *("visit.planned", "visit", "@unit", 0),
            kind="guest_visit",
            title="@title",
            host="@unit",
            guests=[{"unit": "@u_citydept", "role": "outside_leader", "rank": "deputy_bureau_director"}],
            from_="@in_3",
            until="@in_3",
            fields="@fields",
            reported_to=["@office"],
        ),
        step("visit.made", "visit", "@unit", 3, police_car=False, boundary_reception=False, meal="buffet"),
    ),
    flaws=(
        Flaw.changed(
            *("office not told of guests", "visit.planned", {"reported_to": []}), article="67.2", subject="visit"
        ),
    ),
)
CONDUCT: Final = (FINDINGS, DISSENT, SPEECHES, DUTIES, SITUATIONS, GUESTS, banquets("67.2"))
