"""新邱区人民政府工作规则（新政发〔2022〕5号）: what can go wrong with the head's office meeting."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.head_office_meetings import head_office_meeting
from services.simulation.story import Break, Due, Flaw

HEAD_OFFICE_MEETING: Final = head_office_meeting(
    Flaw.changed(
        *("chaired by a deputy", "meeting.opened", {"chair": "@exec", "convener": "@exec"}),
        article="39.1",
        subject="meeting",
    ),
    Flaw.changed(
        *(
            "papers without a plan",
            "matter.papers_submitted",
            {"elements": ["background", "problems"]},
        ),
        article="39.2",
        subject="matter",
    ),
    Flaw.left_out("the other department silent", "spoke-other", article="39.2", subject="meeting", party="@other1"),
    Flaw(
        name="the other department away without leave",
        leave_out=("spoke-other",),
        change={"other-came": {"present": False}},
        breaks=(
            Break(article="39.1", subject="meeting", party="@other1"),
            Break(article="42.1", subject="meeting", party="@other1_head"),
        ),
    ),
    Flaw(
        name="minutes not read by the deputy",
        leave_out=("read-leader",),
        breaks=(
            Break(article="39.3", subject="minutes"),
            Break(article="39.3", subject="minutes", party="@leader"),
        ),
    ),
    Flaw.done_late(
        *("minutes issued late", "minutes.issued"), article="39.3", subject="meeting", due=Due(5, "meeting.closed")
    ),
    Flaw.left_out("the justice bureau away", "justice-came", article="41.1", subject="meeting", party="@u_justice"),
)
