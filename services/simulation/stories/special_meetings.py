"""Meetings of one leader with departments on his own field, and study sessions of the leaders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.simulation.stories.meetings import attended, closed, minutes, opened, planned
from services.simulation.story import Break, Flaw, Step, Story, step

STUDY_DAYS: Final = (
    *("2025-02-20", "2025-04-17", "2025-06-19", "2025-08-21", "2025-10-23", "2025-12-18"),
    *("2026-02-05", "2026-04-16", "2026-06-11", "2026-08-20", "2026-10-22", "2026-12-17"),
)
"""One in every two months, from the first on."""
PLENARY_DAYS: Final = ("2025-03-06", "2026-03-05")


def topic(forum: str, *, concerned: bool = False) -> Step:
    """Return a department's topic for a meeting of its leader."""
    return step(
        *("matter.proposed", "matter", "@unit_head", -6),
        title="@title",
        kind="urban_project",
        sponsor="@unit",
        fields="@fields",
        concerned_units=["@other1"] if concerned else [],
        forum=forum,
        on_form=True,
    )


AGENDA: Final = [{"item": 1, "matter": "#matter", "kind": "ordinary", "lead": "@unit"}]


def sitting(item_by: str = "@unit_head", post: str = "@unit_post", **decision: object) -> tuple[Step, ...]:
    """Return the one item of such a meeting, taken up and decided."""
    return (
        Step(
            fact="meeting.item_opened",
            case="meeting",
            by="@office",
            data={"item": 1, "matter": "#matter", "presenter": item_by, "presenter_post": post},
            at="@item1_at",
        ),
        Step(
            fact="meeting.decision_made",
            case="meeting",
            by="@gov",
            data={
                "item": 1,
                "matter": "#matter",
                "decision": "1.1",
                "outcome": "agreed",
                "subjects": ["other"],
                "responsible": ["@unit"],
                **decision,
            },
            at="@item1_done",
        ),
    )


def came(label: str, person: str, post: str, unit: str, capacity: str = "required") -> Step:
    """Return one person's attendance at the opening."""
    return Step(
        fact="meeting.attendance_recorded",
        case="meeting",
        by="@office",
        data={"person": person, "present": True, "capacity": capacity, "post": post, "unit": unit},
        at="@starts_at",
        label=label,
    )


def special_meeting(
    *,
    before: tuple[Step, ...] = (),
    reviews: Sequence[tuple[str, str]] = (),
    to_persons: Sequence[str] | None = None,
    flaws: tuple[Flaw, ...],
) -> Story:
    """Return a special meeting of a leader; `before` is what the district demands before it is held."""
    return Story(
        name="special-meeting",
        setting="meeting",
        monthly=1.5,
        steps=(
            topic("special"),
            planned(
                "special",
                -4,
                "区政府专题会议",
                chair="@leader",
                fields="@fields",
                expected=[{"person": "@unit_head", "capacity": "required"}],
            ),
            *before,
            step("meeting.agenda_approved", "meeting", "@leader", -2, agenda=AGENDA),
            opened("@leader"),
            came("unit-came", "@unit_head", "@unit_post", "@unit"),
            *sitting(),
            closed(),
            *minutes(reviews, ("@leader", "leader_in_charge"), decisions=("1.1",), to_persons=to_persons),
        ),
        flaws=flaws,
    )


def plenary(*articles: str, before: tuple[Step, ...] = ()) -> Story:
    """Return the plenary of the year, led by the district head; `articles` are those that another chair breaks."""
    return Story(
        name="plenary",
        setting="meeting",
        on_days=PLENARY_DAYS,
        steps=(
            planned("plenary", -4, "区政府全体会议"),
            *before,
            step(
                *("meeting.notice_sent", "meeting", "@office", -3),
                invitees="@plenary_invitees",
                form="online",
            ),
            step(
                *("meeting.materials_distributed", "meeting", "@office", -2),
                items=[1],
                to_persons="@plenary",
                return_after=False,
            ),
            opened(),
            attended("came", "@plenary"),
            closed("none"),
        ),
        flaws=(
            Flaw(
                name="plenary chaired by another",
                change={"meeting.opened": {"chair": "@leader", "convener": "@leader"}},
                breaks=tuple(Break(article=article, subject="meeting") for article in articles),
            ),
        ),
    )


def study_session(*, article: str) -> Story:
    """Return a study session of the leaders, its theme settled and the session led by the district head."""
    return Story(
        name="study",
        setting="meeting",
        on_days=STUDY_DAYS,
        steps=(
            planned("study_session", -4, "专题学习会", theme="高质量发展", plan=None),
            step("approval.given", "approval", "@head", -3, kind="theme", about="#meeting", level="district_head"),
            opened(),
            attended("came", "@leaders"),
            closed("record_only"),
        ),
        flaws=(
            Flaw.left_out("theme not settled by the head", "approval.given", article=article, subject="meeting"),
            Flaw.changed(
                *("study led by another", "meeting.opened", {"chair": "@exec", "convener": "@exec"}),
                article=article,
                subject="meeting",
            ),
        ),
    )
