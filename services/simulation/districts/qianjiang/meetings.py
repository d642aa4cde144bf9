"""重庆市黔江区人民政府工作规则（2022年11月）: its meetings."""

from __future__ import annotations

from typing import Final

from services.simulation.stories import decided_papers
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
    minutes,
    opened,
    papers,
    planned,
    proposed,
)
from services.simulation.stories.special_meetings import plenary, special_meeting
from services.simulation.story import Break, Due, Flaw, Story, step

AGENDA: Final = [entry(1, "a"), entry(2, "b")]
EXECUTIVE_MEETING: Final = Story(
    name="executive",
    setting="executive",
    steps=(
        *proposed("a", "other", -8, by="@head_a", flags=("routine",), concerned=True),
        *proposed("b", "work_briefing", -8, by="@head_b", flags=("routine",)),
        *consulted("opinion", -8),
        approval("leader-a", "@leader_a", -6, "review", "#matter:a", "leader_in_charge"),
        approval("leader-b", "@leader_b", -6, "review", "#matter:b", "leader_in_charge"),
        approval("determined-a", "@head", -4, "determine", "#matter:a", "district_head"),
        approval("determined-b", "@head", -4, "determine", "#matter:b", "district_head"),
        approval("form-a", "@head", -4, "pass", "#matter:a", "district_head"),
        approval("form-b", "@head", -4, "pass", "#matter:b", "district_head"),
        papers(
            "a",
            -4,
            by="@head_a",
            held=("main_paper", "topic_form", "unit_opinion"),
            signers=["@head_a"],
            elements=("proposal",),
        ),
        papers(
            "b",
            -4,
            by="@head_b",
            held=("main_paper", "topic_form", "unit_opinion"),
            signers=["@head_b"],
            elements=("proposal",),
        ),
        decided_papers.DRAFTED,
        planned("executive", -3, "区政府常务会议"),
        step("meeting.agenda_proposed", "meeting", "@office", -3, agenda=AGENDA),
        step("meeting.agenda_approved", "meeting", "@head", -3, agenda=AGENDA),
        approval("print", "@head", -2, "print", "#meeting", "district_head", covers=["#matter:a", "#matter:b"]),
        step(
            "meeting.materials_distributed",
            "meeting",
            "@office",
            -2,
            items=[1, 2],
            to_persons="@members",
            return_after=False,
        ),
        step("meeting.notice_sent", "meeting", "@office", -2, invitees="@invitees", form="online"),
        leave_asked(),
        leave_granted(),
        opened(),
        *roll_call(),
        attended("sat-in", "@sit_ins", capacity="fixed_sit_in"),
        *item(1, "a", to_issue=True, document="#document", disclosure="active", subjects=["other"]),
        left(2, "@item2_at"),
        *item(2, "b", "heard", disclosure="active", subjects=["other"]),
        closed(),
        *minutes((), ("@head", "district_head"), decisions=("1.1", "2.1")),
        *decided_papers.signed_after("leader_in_charge"),
        decided_papers.ISSUED,
    ),
    flaws=(
        chaired_by_another_deputy(
            Break(article="45.1", subject="meeting"),
            Break(article="6.1", subject="meeting"),
            leaves=(ASKED, ANSWERED),
        ),
        fewer_than_half_came(
            Break(article="45.2", subject="meeting"),
            Break(article="49.2", subject="meeting", party="@leader_b"),
        ),
        left_until_too_few_remained("45.2"),
        Flaw.changed(
            *("outside leaders not invited", "meeting.notice_sent", {"invitees": "@invitees_but_one"}),
            article="45.2",
            subject="meeting",
        ),
        Flaw.left_out("topic not seen by the leader", "leader-b", article="48.1", subject="meeting"),
        Flaw.left_out("papers not approved for printing", "print", article="48.3", subject="meeting"),
        Flaw(
            name="topic form handed in late",
            late="papers-b",
            breaks=(Break(article="49.1", subject="meeting", due=Due(-3, "@starts_at")),),
        ),
        Flaw(
            name="topic form not signed by the head",
            leave_out=("form-b",),
            breaks=(Break(article="49.1", subject="meeting"), Break(article="49.1", subject="matter:b")),
        ),
        stayed_away("50.1"),
        Flaw.by_another(
            *("minutes signed by another", "minutes.signed", "@dep1", {"level": "leader_in_charge"}),
            article="51.1",
            subject="minutes",
        ),
        Flaw.done_late(
            *("minutes issued late", "minutes.issued"),
            article="58.2",
            subject="meeting",
            due=Due(3, "meeting.closed"),
        ),
        decided_papers.issued_late("58.2"),
    ),
)
MEETINGS: Final = (
    EXECUTIVE_MEETING,
    plenary("44.1", "6.1", before=(approval("printed", "@head", -3, "print", "#meeting", "district_head"),)),
    special_meeting(
        flaws=(
            Flaw(
                name="chaired by a department",
                change={"meeting.opened": {"chair": "@unit_head", "convener": "@unit_head"}},
                breaks=(Break(article="47.1", subject="meeting"), Break(article="51.1", subject="minutes")),
            ),
            Flaw.by_another(
                *("minutes signed by the office", "minutes.signed", "@odir", {"level": "office_director"}),
                article="51.1",
                subject="minutes",
            ),
            Flaw.done_late(
                *("minutes issued late", "minutes.issued"),
                article="58.2",
                subject="meeting",
                due=Due(3, "meeting.closed"),
            ),
        ),
    ),
)
