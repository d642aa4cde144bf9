"""袁州区人民政府工作规则（袁府发〔2023〕3号）: its meetings."""

from __future__ import annotations

from typing import Final

from services.simulation.stories import decided_papers
from services.simulation.stories.attending import (
    ANSWERED,
    ASKED,
    REPORTED,
    chaired_by_another_deputy,
    leave_asked,
    leave_granted,
    roll_call,
    stayed_away,
)
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
EXECUTIVE_MEETING: Final = Story(
    name="executive",
    setting="executive",
    steps=(
        *proposed("a", "other", -8, by="@leader_a", flags=("routine",), concerned=True),
        *proposed("b", "work_briefing", -8, by="@leader_b", flags=("routine",)),
        *consulted("opinion", -8),
        *reviewed(
            "legality-a",
            "legality",
            -7,
            about="#matter:a",
            asked_by="@unit_a",
            reviewer="@u_justice",
            by="@p_justice",
            aspects=["legality"],
        ),
        *reviewed(
            "legality-b",
            "legality",
            -7,
            about="#matter:b",
            asked_by="@unit_b",
            reviewer="@u_justice",
            by="@p_justice",
            aspects=["legality"],
        ),
        papers(
            "a", -5, by="@head_a", held=("main_paper", "consultation_summary", "legality_opinion"), signers=["@head_a"]
        ),
        papers("b", -5, by="@head_b", held=("main_paper", "legality_opinion"), signers=["@head_b"]),
        decided_papers.DRAFTED,
        *reviewed("check-a", "office_check", -5, about="#matter:a", asked_by="@office", reviewer="@office", by="@odir"),
        *reviewed("check-b", "office_check", -5, about="#matter:b", asked_by="@office", reviewer="@office", by="@odir"),
        approval("head-a", "@head", -4, "determine", "#matter:a", "district_head"),
        approval("head-b", "@head", -4, "determine", "#matter:b", "district_head"),
        planned("executive", -3, "区政府常务会议", expected="@expected"),
        step("meeting.agenda_approved", "meeting", "@head", -3, agenda=AGENDA),
        approval("print", "@head", -3, "print", "#meeting", "district_head", covers=["#matter:a", "#matter:b"]),
        step("meeting.notice_sent", "meeting", "@office", -2, invitees="@invitees", form="online"),
        leave_asked(to_unit="@office"),
        Step(
            fact="meeting.leave_reported",
            case="meeting",
            by="@office",
            day=-2,
            each="@excused",
            data={"persons": ["@each"], "to": "@head"},
        ),
        leave_granted(),
        step(
            "meeting.materials_distributed",
            "meeting",
            "@office",
            -1,
            items=[1, 2],
            to_persons="@members",
            return_after=True,
        ),
        opened(),
        *roll_call(),
        *item(1, "a", to_issue=True, document="#document", disclosure="active"),
        *item(2, "b", "heard", disclosure="none", disclosure_ground="内部工作"),
        closed(),
        *minutes(
            (("@odir", "office_director"),),
            ("@head", "district_head"),
            decisions=("1.1", "2.1"),
            to_persons=["@secretary", "@head", "@exec", "@dep1", "@dep2", "@dep3"],
        ),
        *decided_papers.signed_after("office_director", "leader_in_charge"),
        made_known(3),
        decided_papers.ISSUED,
        step("document.published", "document", "@office", 22, channels=["portal"]),
    ),
    flaws=(
        chaired_by_another_deputy(Break(article="18.1", subject="meeting"), leaves=(ASKED, REPORTED, ANSWERED)),
        Flaw.by_another(*("proposed by a department", "proposed-b", "@head_b", {}), article="19.1", subject="matter:b"),
        Flaw(
            name="topic not determined",
            leave_out=("head-b",),
            by={"meeting.agenda_approved": "@odir"},
            breaks=(Break(article="19.1", subject="meeting"),),
        ),
        Flaw.left_out("papers not approved for printing", "print", article="19.1", subject="meeting"),
        Flaw.left_out(
            "papers not reviewed for legality", "legality-b-asked", "legality-b", article="19.2", subject="meeting"
        ),
        Flaw.left_out(
            "papers not checked by the office", "check-b-asked", "check-b", article="19.2", subject="meeting"
        ),
        Flaw.changed(
            *("a member got no papers", "meeting.materials_distributed", {"to_persons": "@members_but_one"}),
            article="19.1",
            subject="meeting",
            party="@absent",
            due=Due(-1, "@starts_at", "day"),
        ),
        stayed_away("22.1"),
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
            due=Due(20, "meeting.closed"),
        ),
    ),
)
MEETINGS: Final = (
    EXECUTIVE_MEETING,
    plenary("17.1", before=(approval("printed", "@head", -3, "print", "#meeting", "district_head"),)),
    special_meeting(
        reviews=(("@odir", "office_director"),),
        to_persons=["@secretary", "@head", "@exec", "@dep1", "@dep2", "@dep3", "@pgm"],
        flaws=(
            Flaw(
                name="chaired past the division of work",
                change={"meeting.opened": {"chair": "@strange_leader", "convener": "@strange_leader"}},
                by={"minutes.signed": "@strange_leader"},
                breaks=(Break(article="21.3", subject="meeting"),),
            ),
            Flaw.by_another(
                *("minutes signed by the office", "minutes.signed", "@odir", {"level": "office_director"}),
                article="21.3",
                subject="minutes",
            ),
            Flaw.changed(
                *("minutes not copied to the secretary", "minutes.issued", {"to_persons": ["@head", "@leader"]}),
                article="21.3",
                subject="minutes",
            ),
        ),
    ),
    study_session(article="42.1"),
)
