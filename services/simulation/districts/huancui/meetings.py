"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: its meetings."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.attending import (
    ANSWERED,
    ASKED,
    chaired_by_another_deputy,
    fewer_than_half_came,
    leave_asked,
    leave_granted,
    left,
    left_until_too_few_remained,
    roll_call,
    stayed_away,
)
from services.simulation.stories.meetings import (
    approval,
    attended,
    closed,
    consulted,
    entry,
    item,
    made_known,
    minutes,
    opened,
    papers,
    planned,
    proposed,
)
from services.simulation.stories.special_meetings import plenary, special_meeting
from services.simulation.story import Break, Due, Flaw, Step, Story, step

AGENDA: Final = [
    {"item": 1, "matter": "#matter:first", "kind": "first_topic", "lead": "@office"},
    {"item": 2, "matter": "#matter:safety", "kind": "bottom_line", "lead": "@u_justice"},
    entry(3, "a"),
    entry(4, "b"),
]


def _standing(which: str, title: str, kind: str, sponsor: str, by: str, fields: list[str]) -> Step:
    return Step(
        fact="matter.proposed",
        case=f"matter:{which}",
        by=by,
        day=-8,
        data={
            "title": title,
            "kind": kind,
            "sponsor": sponsor,
            "fields": fields,
            "concerned_units": [],
            "forum": "executive",
            "on_form": True,
        },
        label=f"proposed-{which}",
    )


EXECUTIVE_MEETING: Final = Story(
    name="executive",
    setting="executive",
    steps=(
        _standing("first", "专题学习", "study", "@office", "@office", ["overall"]),
        _standing("safety", "统筹发展和安全工作", "safety_development", "@u_justice", "@p_justice", ["justice"]),
        Step(
            fact="matter.classified",
            case="matter:safety",
            by="@office",
            day=-8,
            data={"flags": ["routine"]},
            label="classified-safety",
        ),
        *proposed("a", "other", -8, by="@head_a", flags=("routine",), concerned=True),
        *proposed("b", "work_briefing", -8, by="@head_b", flags=("routine",)),
        *consulted("countersign", -8),
        papers("safety", -7, by="@p_justice", held=("main_paper", "topic_form"), signers=["@p_justice"]),
        papers(
            "a",
            -6,
            by="@head_a",
            held=("main_paper", "topic_form", "consultation_summary"),
            signers=["@head_a", "@other1_head"],
        ),
        papers("b", -6, by="@head_b", held=("main_paper", "topic_form"), signers=["@head_b"]),
        approval("office-a", "@odep", -5, "review", "#matter:a", "government_office"),
        approval("leader-a", "@leader_a", -5, "approve", "#matter:a", "leader_in_charge"),
        approval("office-b", "@odep", -3, "review", "#matter:b", "government_office"),
        approval("leader-b", "@leader_b", -3, "approve", "#matter:b", "leader_in_charge"),
        planned("executive", -3, "区政府常务会议"),
        step("meeting.agenda_proposed", "meeting", "@odep", -3, agenda=AGENDA),
        approval("director", "@odir", -3, "review", "#meeting", "office_director"),
        step("meeting.agenda_approved", "meeting", "@head", -3, agenda=AGENDA),
        leave_asked(),
        leave_granted(),
        opened(),
        *roll_call(),
        attended("sat-in", "@sit_ins", capacity="fixed_sit_in"),
        Step(fact="meeting.devices_checked", case="meeting", by="@office", data={"devices_found": 0}, at="@starts_at"),
        Step(
            fact="meeting.decision_made",
            case="meeting",
            by="@gov",
            data={
                "item": 2,
                "matter": "#matter:safety",
                "decision": "2.1",
                "outcome": "heard",
                "disclosure": "none",
                "disclosure_ground": "内部工作安排",
            },
            at="@item2_done",
            label="decided-2",
        ),
        *item(3, "a", disclosure="active"),
        left(4, "@left_at"),
        *item(4, "b", "heard", disclosure="none", disclosure_ground="内部工作安排"),
        closed(),
        *minutes(
            (("@odep", "office_deputy"), ("@odir", "office_director")),
            ("@head", "district_head"),
            decisions=("2.1", "3.1", "4.1"),
        ),
        made_known(4),
    ),
    flaws=(
        chaired_by_another_deputy(
            Break(article="43.1", subject="meeting"),
            Break(article="6.1", subject="meeting"),
            leaves=(ASKED, ANSWERED),
            by={"minutes.signed": "@leader_b"},
        ),
        fewer_than_half_came(Break(article="43.1", subject="meeting")),
        left_until_too_few_remained("43.1"),
        Flaw(
            name="first topic not first",
            change={
                "meeting.agenda_approved": {"agenda": [AGENDA[1] | {"item": 1}, AGENDA[0] | {"item": 2}, *AGENDA[2:]]},
                "decided-2": {"item": 1},
            },
            breaks=(Break(article="47.1", subject="meeting"),),
        ),
        Flaw.changed(
            *("no bottom-line topic", "meeting.agenda_approved", {"agenda": [AGENDA[0], *AGENDA[2:]]}),
            article="47.2",
            subject="meeting",
        ),
        Flaw.changed(
            *("other department did not sign the form", "papers-a", {"signers": ["@head_a"]}),
            article="49.1",
            subject="matter:a",
            party="@other1",
        ),
        Flaw(
            name="papers handed in late",
            late="papers-b",
            breaks=(Break(article="50.1", subject="meeting", due=Due(-5, "@starts_at")),),
        ),
        Flaw.left_out("agenda not settled by the director", "director", article="50.2", subject="meeting"),
        stayed_away("51.1"),
        Flaw.changed(
            *("a telephone in the room", "meeting.devices_checked", {"devices_found": 1}),
            article="52.1",
            subject="meeting",
        ),
        Flaw.left_out("minutes not checked", "minutes-checked-odir", article="53.1", subject="minutes"),
        Flaw.by_another(
            *("minutes signed by another", "minutes.signed", "@exec", {"level": "executive_deputy"}),
            article="53.1",
            subject="minutes",
        ),
        Flaw.done_late(
            *("decisions made known late", "publicity.information_published"),
            article="30.1",
            subject="meeting",
            due=Due(20, "meeting.closed"),
        ),
    ),
)
MEETINGS: Final = (
    EXECUTIVE_MEETING,
    plenary("42.1", "6.1"),
    special_meeting(
        reviews=(("@odir", "office_director"),),
        flaws=(
            Flaw(
                name="convened past the division of work",
                change={"meeting.opened": {"chair": "@strange_leader", "convener": "@strange_leader"}},
                by={"minutes.signed": "@strange_leader"},
                breaks=(Break(article="45.1(1)", subject="meeting"),),
            ),
            Flaw.by_another(
                *("minutes signed by the office", "minutes.signed", "@odir", {"level": "office_director"}),
                article="53.1",
                subject="minutes",
            ),
        ),
    ),
)
