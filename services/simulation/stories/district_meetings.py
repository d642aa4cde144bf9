"""Meetings of a department for the whole district: planned for the year, asked for in time, approved."""

from __future__ import annotations

from typing import Final

from services.simulation.roster import DEPARTMENTS
from services.simulation.story import Break, Due, Flaw, Step, Story, step

PLAN: Final = Story(
    name="meeting-plan",
    on_days=("2025-01-06", "2026-01-05"),
    steps=(
        step(
            *("plan.adopted", "plan", "@office", 0),
            kind="meetings",
            year="@year",
            unit="@office",
            entries=[{"entry": one.unit, "title": f"{one.name}年度会议", "unit": one.unit} for one in DEPARTMENTS],
        ),
    ),
)
HELD_DAYS: Final = tuple(f"{year}-{month:02}-19" for year in (2025, 2026) for month in range(2, 12))
"""One department a month holds its yearly meeting."""


CALLED: Final = [{"unit": "@u_town", "role": "unit_deputy", "capacity": "required"}]


def _planned(meeting: str, day: int, starts_at: str) -> Step:
    return step(
        *("meeting.planned", meeting, "@unit_head", day),
        kind="district_wide",
        title="@title",
        starts_at=starts_at,
        host="@unit",
        in_name_of="unit",
        convener="@unit_head",
        chair="@unit_head",
        mode="video",
        district_wide=True,
        annual_work=True,
        plan="@plan",
        plan_entry="@unit",
        fields="@fields",
        expected=CALLED,
    )


def _asked(approval: str, meeting: str, day: int, reason: str) -> Step:
    return step(
        *("approval.requested", approval, "@unit_head", day),
        kind="hold_meeting",
        about=f"#{meeting}",
        to_person="@leader",
        to_unit="@gov",
        via_unit="@office",
        reason=reason,
    )


def _noticed(meeting: str, day: int) -> Step:
    return step(*("meeting.notice_sent", meeting, "@unit", day), invitees=CALLED, form="online")


def district_meetings(*flaws: Flaw) -> tuple[Story, ...]:
    """Return the yearly meeting of each department, and the plan in which it stands."""
    checked = Step(
        fact="approval.given",
        case="approval:office",
        by="@odir",
        day=-5,
        data={"kind": "review", "about": "#meeting", "level": "office_director"},
        label="checked",
    )
    approved = Step(
        fact="approval.given",
        case="approval",
        by="@leader",
        day=-4,
        data={"kind": "hold_meeting", "about": "#meeting", "level": "leader_in_charge"},
        label="approved",
    )
    return (
        PLAN,
        Story(
            name="district-meeting",
            setting="department_of_the_month",
            on_days=HELD_DAYS,
            steps=(
                _planned("meeting", -16, "@starts_at"),
                _asked("approval", "meeting", -14, "年度计划内"),
                checked,
                approved,
                _noticed("meeting", -3),
                Step(
                    fact="meeting.opened",
                    case="meeting",
                    by="@unit",
                    data={"chair": "@unit_head", "convener": "@unit_head"},
                    at="@starts_at",
                ),
                Step(
                    fact="meeting.attendance_recorded",
                    case="meeting",
                    by="@unit",
                    data={
                        "person": "@unit_head",
                        "present": True,
                        "capacity": "required",
                        "post": "@unit_post",
                        "unit": "@unit",
                    },
                    at="@starts_at",
                ),
                Step(
                    fact="meeting.closed",
                    case="meeting",
                    by="@unit",
                    data={"minutes_need": "none", "reason": "视频部署会"},
                    at="@closes_at",
                ),
            ),
            flaws=flaws,
        ),
    )


def once_too_often(article: str) -> Flaw:
    """Return the flaw of a second such meeting of the department in the year, though it was asked for and approved."""
    second = "meeting:second"
    return Flaw(
        name="a second meeting in the year",
        add=(
            _planned(second, 1, "@in_30"),
            _asked("approval:second", second, 2, "另有部署"),
            step(
                *("approval.given", "approval:second-office", "@odir", 3),
                kind="review",
                about=f"#{second}",
                level="office_director",
            ),
            step(
                *("approval.given", "approval:second", "@leader", 4),
                kind="hold_meeting",
                about=f"#{second}",
                level="leader_in_charge",
            ),
            _noticed(second, 20),
            step("meeting.opened", second, "@unit", 30, chair="@unit_head", convener="@unit_head"),
            step("meeting.closed", second, "@unit", 30, minutes_need="none", reason="视频部署会"),
        ),
        breaks=(Break(article=article, subject="unit/@unit", party="@unit"),),
    )


def asked_late(article: str, days: int) -> Flaw:
    """Return the flaw of asking for the meeting less than so many working days before."""
    due = Due(-days, "@starts_at")
    return Flaw(
        name="asked for too late",
        late="approval.requested",
        breaks=(Break(article=article, subject="meeting", due=due),),
    )


def not_approved(article: str, party: str | None = None) -> Flaw:
    """Return the flaw of a meeting that no leader approved."""
    return Flaw(
        name="not approved by a leader",
        leave_out=("approved",),
        breaks=(Break(article=article, subject="meeting", party=party),),
    )


def heads_invited(article: str, party: str | None = None) -> Flaw:
    """Return the flaw of calling the heads of towns in."""
    invitees = [{"unit": "@u_town", "role": "town_head", "capacity": "required"}]
    return Flaw.changed(
        *("heads of towns invited", "meeting.notice_sent", {"invitees": invitees}),
        article=article,
        subject="meeting",
        party=party,
    )
