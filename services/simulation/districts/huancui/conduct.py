"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: seals, invitations, letters, being within reach, conferences."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.occasions import banquets, rostered
from services.simulation.story import Break, Data, Flaw, Step, Story, step

INVITATION: Final[Data] = {
    "title": "@title",
    "leaders": ["@leader"],
    "host": "@unit",
    "invited_person": None,
    "form_received": True,
    "from": "@in_3",
    "until": "@in_3",
    "fields": "@fields",
    "arranged_by": "@office",
}
"""What is recorded of an activity to which a leader is invited; that nobody else is invited is recorded too."""


def _seal(which: str, by: str, level: str, article: str) -> Story:
    return Story(
        name=f"{which}-seal",
        setting="deputys_department",
        monthly=0.6,
        steps=(
            step("seal.registered", "seal", "@office", 0, kind=which, unit="@gov"),
            step(
                *("document.drafted", "document", "@unit_head", 0),
                title="@title",
                kind="reply",
                in_name_of="unit",
                issuers=["@unit"],
                drafter="@unit",
                direction="down",
                addressees=["@u_town"],
                fields="@fields",
                concerned_units=[],
                flags=[],
                matters=[],
                basis=None,
                version="1",
                disclosure="none",
                papers=[],
            ),
            step("approval.given", "approval", by, 1, kind="seal_use", about="#document", level=level),
            step(
                *("seal.used", "seal", "@osec", 2),
                about="#document",
                purpose_text="盖印",
                approval="#approval",
                copies=1,
            ),
        ),
        flaws=(
            Flaw(
                name="sealed without consent",
                leave_out=("approval.given",),
                change={"seal.used": {"approval": None}},
                breaks=(Break(article=article, subject="seal"),),
            ),
        ),
    )


INVITED: Final = Story(
    name="invited-activity",
    setting="deputys_department",
    monthly=0.7,
    steps=(
        Step(
            fact="visit.planned",
            case="visit",
            by="@unit",
            data={"kind": "meeting_activity", **INVITATION},
        ),
        step("visit.made", "visit", "@office", 3, leaders=["@leader"]),
    ),
    flaws=(
        Flaw.changed(
            "not arranged by the office", "visit.planned", {"arranged_by": "@unit"}, article="87.1", subject="visit"
        ),
        Flaw.changed("no form handed in", "visit.planned", {"form_received": False}, article="87.1", subject="visit"),
    ),
)
FORUM: Final = Story(
    name="forum",
    setting="deputys_department",
    monthly=0.4,
    steps=(
        Step(
            fact="visit.planned",
            case="visit",
            by="@unit",
            data={
                "kind": "forum",
                **INVITATION,
                "in_name_of": "government",
                "arrangement": None,
                "reported_to": [],
            },
        ),
        step("approval.given", "approval", "@head", 1, kind="approve", about="#visit", level="district_head"),
        step("visit.made", "visit", "@office", 3, leaders=["@leader"]),
    ),
    flaws=(Flaw.left_out("not approved beforehand", "approval.given", article="88.2", subject="visit"),),
)
REACHED: Final = Story(
    name="contact",
    monthly=1,
    steps=(
        rostered("@in_1"),
        step("duty.contact_tried", "duty", "@osec", 1, person="@leader", reached=True),
    ),
    flaws=(Flaw.changed("not within reach", "duty.contact_tried", {"reached": False}, article="78.1", subject="duty"),),
)
NEW_NUMBER: Final = Story(
    name="new-number",
    monthly=0.5,
    steps=(
        rostered("@in_1"),
        step("duty.contact_changed", "duty", "@unit_head", 1, person="@unit_head", to_unit="@office", new_number=True),
    ),
    flaws=(
        Flaw.changed(
            *("told to another than the office", "duty.contact_changed", {"to_unit": "@unit"}),
            article="78.1",
            subject="duty",
        ),
    ),
)
LETTER: Final = Story(
    name="congratulation",
    monthly=0.5,
    steps=(
        step(
            *("publicity.prepared", "publicity", "@office", 0),
            kind="letter",
            title="@title",
            unit="@office",
            in_name_of="personal",
            person="@leader",
            for_unit="@unit",
            special_need="省级表彰",
            undecided=False,
        ),
        step("publicity.released", "publicity", "@office", 1, channels=["paper"]),
    ),
    flaws=(
        Flaw.changed(
            "a letter without special need",
            "publicity.prepared",
            {"special_need": None},
            article="88.1",
            subject="publicity",
        ),
        Flaw.changed(
            "a letter made public", "publicity.released", {"channels": ["portal"]}, article="88.1", subject="publicity"
        ),
    ),
)
CONDUCT: Final = (
    _seal("government", "@odir", "office_director", "67.1"),
    _seal("head", "@head", "district_head", "67.1"),
    INVITED,
    FORUM,
    REACHED,
    NEW_NUMBER,
    LETTER,
    banquets("82.2"),
)
