"""新邱区人民政府工作规则（新政发〔2022〕5号）: its meetings."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.attending import chaired_by_another_deputy
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
from services.simulation.stories.special_meetings import AGENDA as ONE_TOPIC
from services.simulation.stories.special_meetings import came, plenary, sitting, topic
from services.simulation.story import Break, Due, Flaw, Step, Story, step

AGENDA: Final = [entry(1, "a"), entry(2, "b")]


def _spoke(label: str, person: str, post: str, order: int, minute: str) -> Step:
    return Step(
        fact="meeting.statement_made",
        case="meeting",
        by=person,
        data={"item": 1, "person": person, "post": post, "order": order, "stance": "agree", "opinion": "同意"},
        at=minute,
        label=label,
        anywhere=True,
    )


EXECUTIVE_MEETING: Final = Story(
    name="executive",
    setting="executive",
    steps=(
        *proposed("a", "other", -8, by="@head_a", flags=("important",), concerned=True),
        *proposed("b", "work_briefing", -8, by="@head_b", flags=("important",)),
        *consulted("preliminary", -8),
        approval("text-a", "@leader_a", -6, "text_settled", "#matter:a", "leader_in_charge"),
        approval("text-b", "@leader_b", -6, "text_settled", "#matter:b", "leader_in_charge"),
        papers(
            "a",
            -5,
            by="@deputy_a",
            held=("main_paper", "topic_form"),
            signers=["@head_a"],
            elements=("background", "proposal"),
        ),
        papers(
            "b", -5, by="@deputy_b", held=("main_paper", "topic_form"), signers=["@head_b"], elements=("background",)
        ),
        planned("executive", -4, "区政府常务会议"),
        step("meeting.agenda_proposed", "meeting", "@office", -4, agenda=AGENDA),
        approval("director", "@odir", -4, "approve", "#meeting", "office_director", covers=["#matter:a", "#matter:b"]),
        step("meeting.agenda_approved", "meeting", "@head", -3, agenda=AGENDA),
        step("meeting.notice_sent", "meeting", "@office", -2, invitees="@invitees", form="online"),
        opened(),
        attended("came", "@came"),
        attended("excused", "@excused", present=False),
        Step(
            fact="meeting.attendance_recorded",
            case="meeting",
            by="@office",
            data={"person": "@head_a", "present": True, "capacity": "sit_in", "post": "@post_a", "unit": "@unit_a"},
            at="@starts_at",
            label="came-a",
        ),
        Step(
            fact="meeting.attendance_recorded",
            case="meeting",
            by="@office",
            data={"person": "@head_b", "present": True, "capacity": "sit_in", "post": "@post_b", "unit": "@unit_b"},
            at="@starts_at",
            label="came-b",
        ),
        *item(1, "a", disclosure="active")[:1],
        _spoke("spoke-unit", "@other1_head", "@other1_post", 1, "@item1_at"),
        _spoke("spoke-leader", "@leader_a", "@leader_post_a", 2, "@item1_at"),
        _spoke("spoke-head", "@head", "post-head", 3, "@item1_at"),
        *item(1, "a", disclosure="active")[1:],
        *item(2, "b", "heard", disclosure="active"),
        closed(),
        step(
            *("minutes.drafted", "minutes", "@office", 1),
            meeting="#meeting",
            drafter="@office",
            decisions=["1.1", "2.1"],
            subjects=["other"],
        ),
        Step(
            fact="minutes.reviewed",
            case="minutes",
            by="@each",
            day=1,
            each="@deputies_all",
            data={"level": "leader_in_charge", "result": "pass"},
            label="minutes-checked-deputies",
        ),
        Step(
            fact="minutes.reviewed",
            case="minutes",
            by="@exec",
            day=2,
            data={"level": "executive_deputy", "result": "pass"},
            label="minutes-checked-exec",
        ),
        step("minutes.signed", "minutes", "@head", 2, level="district_head"),
        step("minutes.issued", "minutes", "@office", 3, number="@number", to_units=["@unit_a", "@unit_b"]),
        made_known(5),
    ),
    flaws=(
        chaired_by_another_deputy(Break(article="38.1", subject="meeting")),
        Flaw.left_out("agenda not approved by the director", "director", article="38.1", subject="meeting"),
        Flaw.left_out(
            *("others not consulted", "countersign.requested", "countersign.received", "countersign.replied"),
            article="38.2",
            subject="meeting",
            party="@other1",
        ),
        Flaw.left_out(
            "text not settled by the leader", "text-b", article="38.3", subject="matter:b", party="@leader_b"
        ),
        Flaw.changed(
            *("presented by a clerk", "item-2", {"presenter": "@staff_b", "presenter_post": "@staff_post_b"}),
            article="38.4",
            subject="meeting",
        ),
        Flaw(
            name="head spoke before the deputies",
            change={"spoke-leader": {"order": 3}, "spoke-head": {"order": 2}},
            breaks=(Break(article="38.4", subject="meeting"),),
        ),
        Flaw.left_out(
            "minutes not read by the executive deputy", "minutes-checked-exec", article="38.5", subject="minutes"
        ),
        Flaw.by_another(
            *("minutes signed by another", "minutes.signed", "@exec", {"level": "executive_deputy"}),
            article="38.5",
            subject="minutes",
        ),
        Flaw.done_late(
            *("minutes issued late", "minutes.issued"),
            article="38.5",
            subject="meeting",
            due=Due(5, "meeting.closed"),
        ),
        Flaw.done_late(
            *("decisions made known late", "publicity.information_published"),
            article="27.1",
            subject="meeting",
            due=Due(20, "meeting.closed"),
        ),
    ),
)
BUSINESS_MEETING: Final = Story(
    name="business-meeting",
    setting="meeting",
    monthly=1.5,
    steps=(
        topic("business", concerned=True),
        step("matter.classified", "matter", "@office", -6, flags=[]),
        *consulted("opinion", -6, matter="#matter", sponsor="@unit"),
        Step(
            fact="matter.papers_submitted",
            case="matter",
            by="@unit_deputy",
            day=-4,
            data={
                "to_unit": "@office",
                "version": "1",
                "papers": ["main_paper", "draft_decision", "consultation_summary"],
                "elements": ["background", "problems", "requested", "plan", "proposal"],
                "signers": ["@unit_head"],
            },
        ),
        planned("business", -3, "区政府业务会议", chair="@leader", host="@unit", fields="@fields"),
        step("meeting.agenda_approved", "meeting", "@leader", -2, agenda=ONE_TOPIC),
        step(
            *("meeting.notice_sent", "meeting", "@office", -2),
            invitees=[
                {"unit": "@unit", "role": "unit_deputy", "capacity": "required"},
                {"unit": "@other1", "role": "unit_deputy", "capacity": "required"},
            ],
            form="online",
        ),
        opened("@leader"),
        came("leader-came", "@leader", "@leader_post", "@gov", "member"),
        came("unit-came", "@unit_deputy", "@unit_deputy_post", "@unit"),
        came("other-came", "@other1_deputy", "@other1_deputy_post", "@other1"),
        sitting("@unit_deputy", "@unit_deputy_post")[0],
        _spoke("spoke-1", "@unit_deputy", "@unit_deputy_post", 1, "@item1_at"),
        _spoke("spoke-2", "@other1_deputy", "@other1_deputy_post", 2, "@item1_at"),
        sitting(outcome="adopted", needs_opinion_round=False)[1],
        closed(),
        *minutes((), ("@leader", "leader_in_charge"), decisions=("1.1",), drafter="@unit", issue_day=2),
    ),
    flaws=(
        Flaw(
            name="chaired past the division of work",
            change={"meeting.opened": {"chair": "@strange_leader", "convener": "@strange_leader"}},
            by={"minutes.signed": "@strange_leader"},
            breaks=(Break(article="40.1", subject="meeting", party="@leader"),),
        ),
        Flaw.changed(
            *(
                "no draft of the decision",
                "matter.papers_submitted",
                {"papers": ["main_paper", "consultation_summary"]},
            ),
            article="40.2",
            subject="meeting",
        ),
        Flaw.left_out(
            *("others not asked before", "countersign.requested", "countersign.received", "countersign.replied"),
            article="40.2",
            subject="meeting",
            party="@other1",
        ),
        Flaw.by_another(
            *("minutes signed by the office", "minutes.signed", "@odir", {"level": "office_director"}),
            article="40.3",
            subject="minutes",
        ),
        Flaw.done_late(
            *("minutes issued late", "minutes.issued"), article="40.3", subject="meeting", due=Due(3, "meeting.closed")
        ),
    ),
)
PLENARY_AGENDA: Final = [{"item": 1, "matter": "@decided_topic", "kind": "report", "lead": "@office"}]
MEETINGS: Final = (
    EXECUTIVE_MEETING,
    BUSINESS_MEETING,
    plenary(
        "37.1",
        before=(
            approval("director", "@odir", -3, "approve", "#meeting", "office_director"),
            step("meeting.agenda_approved", "meeting", "@head", -3, agenda=PLENARY_AGENDA),
        ),
    ),
)
