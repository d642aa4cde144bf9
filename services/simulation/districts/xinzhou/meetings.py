"""信州区人民政府工作规则（饶信府发〔2023〕5号）: its meetings."""

from __future__ import annotations

from typing import Final

from services.simulation.stories import decided_papers
from services.simulation.stories.attending import chaired_by_another_deputy, leave_asked, roll_call, stayed_away
from services.simulation.stories.meetings import (
    approval,
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
    reviewed,
)
from services.simulation.stories.special_meetings import plenary, special_meeting, study_session
from services.simulation.story import Break, Due, Flaw, Step, Story, step

AGENDA: Final = [entry(1, "a"), entry(2, "b")]
INVITED: Final = [
    {"unit": "@u_cppcc", "role": "outside_leader", "capacity": "invited"},
    {"unit": "@u_discipline", "role": "outside_leader", "capacity": "invited"},
]
PRELIMINARY: Final = (
    Step(
        fact="meeting.planned",
        case="meeting:pre",
        by="@office",
        day=-7,
        data={
            "kind": "preliminary",
            "title": "征求意见会",
            "starts_at": "@pre_at",
            "host": "@office",
            "in_name_of": "government",
            "convener": "@leader_a",
            "chair": "@leader_a",
            "mode": "in_person",
            "fields": "@fields_a",
        },
        label="pre-planned",
    ),
    Step(
        fact="meeting.opened",
        case="meeting:pre",
        by="@office",
        data={"chair": "@leader_a", "convener": "@leader_a"},
        at="@pre_at",
        label="pre-opened",
    ),
    Step(
        fact="meeting.item_opened",
        case="meeting:pre",
        by="@office",
        day=-6,
        data={"item": 1, "matter": "#matter:a", "presenter": "@head_a", "presenter_post": "@post_a"},
        label="pre-item",
    ),
    Step(
        fact="meeting.decision_made",
        case="meeting:pre",
        by="@gov",
        day=-6,
        data={"item": 1, "matter": "#matter:a", "decision": "1.1", "outcome": "agreed"},
        label="pre-decided",
    ),
    Step(
        fact="meeting.closed",
        case="meeting:pre",
        by="@office",
        day=-6,
        data={"minutes_need": "record_only"},
        label="pre-closed",
    ),
)
EXECUTIVE_MEETING: Final = Story(
    name="executive",
    setting="executive",
    steps=(
        *proposed("a", "other", -8, by="@head_a", concerned=True),
        *proposed("b", "work_briefing", -8, by="@head_b"),
        *reviewed(
            "research-a", "research", -8, about="#matter:a", asked_by="@unit_a", reviewer="@unit_a", by="@head_a"
        ),
        *consulted("opinion", -8),
        *reviewed(
            "group-a", "leadership_group", -7, about="#matter:a", asked_by="@unit_a", reviewer="@unit_a", by="@head_a"
        ),
        *PRELIMINARY,
        approval("reviewed-a", "@leader_a", -5, "review", "#matter:a", "leader_in_charge"),
        approval("secretary-a", "@secretary", -5, "determine", "#matter:a", "party_secretary"),
        approval("head-a", "@head", -4, "determine", "#matter:a", "district_head"),
        papers(
            "a",
            -4,
            by="@head_a",
            held=("main_paper", "topic_form", "leadership_group_record", "research_report", "consultation_summary"),
            signers=["@head_a"],
        ),
        decided_papers.DRAFTED,
        planned("executive", -3, "区政府常务会议"),
        step("meeting.agenda_proposed", "meeting", "@odir", -3, proposed_by=["@odir", "@exec"], agenda=AGENDA),
        step("meeting.agenda_approved", "meeting", "@head", -3, agenda=AGENDA),
        step("meeting.notice_sent", "meeting", "@office", -2, invitees="@invitees", form="online"),
        leave_asked(to_unit="@office"),
        step(
            "meeting.materials_distributed",
            "meeting",
            "@office",
            -1,
            items=[1, 2],
            to_persons="@members",
            return_after=False,
        ),
        opened(),
        *roll_call(),
        *item(1, "a", to_issue=True, document="#document", disclosure="active", subjects=["other"]),
        *item(2, "b", "heard", disclosure="none", disclosure_ground="工作秘密", subjects=["other"]),
        closed(),
        *minutes(
            (("@odir", "office_director"), ("@exec", "executive_deputy")),
            ("@head", "district_head"),
            decisions=("1.1", "2.1"),
        ),
        *decided_papers.signed_after("office_director", "leader_in_charge", "executive_deputy"),
        made_known(3),
        decided_papers.ISSUED,
        step("document.published", "document", "@office", 6, channels=["portal"]),
    ),
    flaws=(
        chaired_by_another_deputy(Break(article="18.1", subject="meeting")),
        Flaw.changed(
            *("outside leaders not invited", "meeting.notice_sent", {"invitees": "@invitees_but_one"}),
            article="18.1",
            subject="meeting",
        ),
        Flaw.left_out("not coordinated by the leader", "reviewed-a", article="19.2", subject="meeting"),
        Flaw.left_out("Party secretary not heard", "secretary-a", article="19.2", subject="meeting"),
        Flaw.by_another(
            *("agenda settled by another", "meeting.agenda_approved", "@exec", {}), article="19.2", subject="meeting"
        ),
        Flaw(
            name="not discussed in the department",
            leave_out=("group-a-asked", "group-a"),
            change={"papers-a": {"papers": ["main_paper", "topic_form", "research_report", "consultation_summary"]}},
            breaks=(Break(article="19.3", subject="matter:a"),),
        ),
        Flaw.left_out(
            *("no preliminary discussion", "pre-planned", "pre-opened", "pre-item", "pre-decided", "pre-closed"),
            article="19.3",
            subject="meeting",
        ),
        Flaw.changed(
            *("a member got no papers", "meeting.materials_distributed", {"to_persons": "@members_but_one"}),
            article="19.5",
            subject="meeting",
            party="@absent",
            due=Due(-1, "@starts_at", "day"),
        ),
        stayed_away("23.1"),
        Flaw.left_out("minutes not checked by the director", "minutes-checked-odir", article="20.1", subject="minutes"),
        Flaw.by_another(
            *("minutes signed by another", "minutes.signed", "@exec", {"level": "executive_deputy"}),
            article="20.1",
            subject="minutes",
        ),
        decided_papers.issued_late("20.2"),
        Flaw.done_late(
            *("decisions made known late", "publicity.information_published"),
            article="20.3",
            subject="meeting",
            due=Due(5, "meeting.closed"),
        ),
    ),
)
PLENARY_AGENDA: Final = [{"item": 1, "matter": "@decided_topic", "kind": "report", "lead": "@office"}]
MEETINGS: Final = (
    EXECUTIVE_MEETING,
    plenary("17.1", before=(step("meeting.agenda_approved", "meeting", "@head", -3, agenda=PLENARY_AGENDA),)),
    special_meeting(
        before=(approval("consent", "@head", -3, "hold_meeting", "#meeting", "district_head", covers=["#matter"]),),
        flaws=(
            Flaw.left_out("held without the head's consent", "consent", article="22.2", subject="meeting"),
            Flaw(
                name="chaired past the division of work",
                change={"meeting.opened": {"chair": "@strange_leader", "convener": "@strange_leader"}},
                by={"minutes.signed": "@strange_leader"},
                breaks=(Break(article="22.2", subject="meeting"),),
            ),
            Flaw.by_another(
                *("minutes signed by the office", "minutes.signed", "@odir", {"level": "office_director"}),
                article="22.3",
                subject="minutes",
            ),
        ),
    ),
    study_session(article="45.1"),
)
