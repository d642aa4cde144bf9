"""重庆市黔江区人民政府工作规则（2022年11月）: the extraordinary plenary and the head's office meeting."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.head_office_meetings import head_office_meeting
from services.simulation.stories.meetings import approval, attended, consulted
from services.simulation.story import Break, Flaw, Step, Story

PLENARY_DAYS: Final = ("2025-04-10", "2026-04-09")


def _plenary(which: str, day: int, *, extraordinary: bool) -> tuple[Step, ...]:
    """Return a plenary so many working days after the story's day, approved for printing by the head."""
    meeting = f"meeting:{which}"
    return (
        Step(
            fact="meeting.planned",
            case=meeting,
            by="@office",
            day=day - 3,
            data={
                "kind": "plenary",
                "title": "区政府全体会议",
                "starts_at": f"@in_{day}",
                "host": "@office",
                "in_name_of": "government",
                "convener": "@head",
                "chair": "@head",
                "mode": "in_person",
                "extraordinary": extraordinary,
            },
            label=f"planned-{which}",
        ),
        approval(f"printed-{which}", "@head", day - 2, "print", f"#{meeting}", "district_head"),
        Step(
            fact="meeting.opened",
            case=meeting,
            by="@office",
            day=day,
            data={"chair": "@head", "convener": "@head"},
            label=f"opened-{which}",
        ),
        Step(
            fact="meeting.attendance_recorded",
            case=meeting,
            by="@office",
            day=day,
            data={"person": "@each", "present": True, "capacity": "member"},
            each="@plenary",
            label=f"came-{which}",
        ),
        Step(
            fact="meeting.closed",
            case=meeting,
            by="@office",
            day=day,
            data={"minutes_need": "none"},
            label=f"closed-{which}",
        ),
    )


GOVERNMENT_MEETINGS: Final = (
    Story(
        name="extraordinary-plenary",
        setting="meeting",
        on_days=PLENARY_DAYS,
        steps=_plenary("first", 3, extraordinary=True),
        flaws=(
            Flaw(
                name="three ordinary plenaries in a year",
                change={"planned-first": {"extraordinary": False}},
                add=(*_plenary("second", 8, extraordinary=False), *_plenary("third", 15, extraordinary=False)),
                breaks=(Break(article="44.2", subject="unit/@gov"),),
            ),
        ),
    ),
    head_office_meeting(
        Flaw(
            name="chaired by a deputy",
            change={"meeting.opened": {"chair": "@leader", "convener": "@leader"}},
            breaks=(Break(article="46.1", subject="meeting"), Break(article="6.1", subject="meeting")),
        ),
        Flaw.left_out("leader did not check the topic", "leader-checked", article="48.1", subject="meeting"),
        before=(
            *consulted("opinion", -6, matter="#matter", sponsor="@unit"),
            approval("leader-checked", "@leader", -4, "review", "#matter", "leader_in_charge"),
            approval("determined", "@head", -3, "determine", "#matter", "district_head"),
            approval("printed", "@head", -2, "print", "#meeting", "district_head"),
        ),
        besides=(attended("members-came", "@leaders"),),
    ),
)
