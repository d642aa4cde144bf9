"""The head's office meeting on a question of law: asked for by a department, held, its minutes signed by the head."""

from __future__ import annotations

from services.simulation.stories.meetings import closed, opened, planned, reviewed
from services.simulation.stories.special_meetings import AGENDA, came, sitting, topic
from services.simulation.story import Flaw, Step, Story, step


def head_office_meeting(*flaws: Flaw, before: tuple[Step, ...] = (), besides: tuple[Step, ...] = ()) -> Story:
    """Return the meeting with two departments, the leader in charge and the justice bureau present.

    `before` is what the district demands before it is held, `besides` who else comes.
    """
    return Story(
        name="head-office-meeting",
        setting="heads_meeting",
        monthly=1.2,
        steps=(
            topic("head_office", concerned=True),
            step("matter.classified", "matter", "@office", -6, flags=["legal_question"]),
            *reviewed(
                *("legality", "legality", -5),
                about="#matter",
                asked_by="@unit",
                reviewer="@u_justice",
                by="@p_justice",
            ),
            Step(
                fact="matter.papers_submitted",
                case="matter",
                by="@unit_deputy",
                day=-4,
                data={
                    "to_unit": "@office",
                    "version": "1",
                    "papers": ["main_paper"],
                    "elements": ["background", "problems", "requested", "plan", "proposal"],
                    "signers": ["@unit_head"],
                },
            ),
            planned("head_office", -3, "区长办公会议"),
            *before,
            step("meeting.agenda_approved", "meeting", "@head", -2, agenda=AGENDA),
            step(
                *("meeting.notice_sent", "meeting", "@office", -2),
                invitees=[
                    {"unit": "@unit", "role": "unit_head", "capacity": "required"},
                    {"unit": "@other1", "role": "unit_head", "capacity": "required"},
                ],
                form="online",
            ),
            opened(),
            came("head-came", "@head", "post-head", "@gov", "member"),
            came("leader-came", "@leader", "@leader_post", "@gov", "member"),
            came("unit-came", "@unit_head", "@unit_post", "@unit"),
            came("other-came", "@other1_head", "@other1_post", "@other1"),
            came("justice-came", "@p_justice", "post-justice", "@u_justice"),
            *besides,
            sitting()[0],
            _spoke("spoke-unit", "@unit_head", "@unit_post", 1),
            _spoke("spoke-other", "@other1_head", "@other1_post", 2),
            sitting()[1],
            closed(),
            Step(
                fact="minutes.drafted",
                case="minutes",
                by="@unit",
                day=1,
                data={
                    "meeting": "#meeting",
                    "drafter": "@unit",
                    "decisions": ["1.1"],
                    "subjects": ["other"],
                    "major": False,
                    "attachments": [],
                },
            ),
            _read("checked-office", "@odir", "office_director", 1),
            _read("read-leader", "@leader", "leader_in_charge", 2),
            step("minutes.signed", "minutes", "@head", 3, level="district_head"),
            step("minutes.issued", "minutes", "@office", 3, number="@number", to_units=["@unit", "@other1"]),
        ),
        flaws=flaws,
    )


def _spoke(label: str, person: str, post: str, order: int) -> Step:
    return Step(
        fact="meeting.statement_made",
        case="meeting",
        by=person,
        data={"item": 1, "person": person, "post": post, "order": order, "stance": "agree", "opinion": "同意"},
        at="@item1_at",
        label=label,
        anywhere=True,
    )


def _read(label: str, by: str, level: str, day: int) -> Step:
    return Step(
        fact="minutes.reviewed",
        case="minutes",
        by=by,
        day=day,
        data={"level": level, "result": "pass"},
        label=label,
    )
