"""The paper on which an executive meeting decides: drafted before it, passed and signed after it, then issued."""

from __future__ import annotations

from typing import Final

from services.simulation.story import Due, Flaw, Step, step

DRAFTED: Final = step(
    *("document.drafted", "document", "@head_a", -4),
    title="@title_a",
    kind="notice",
    in_name_of="government",
    issuers=["@gov"],
    drafter="@unit_a",
    direction="down",
    fields="@fields_a",
    concerned_units=["@other1"],
    flags=["meeting_decided"],
    version="1",
    matters=["#matter:a"],
    disclosure="active",
    papers=[],
)
ISSUED: Final = step(
    *("document.issued", "document", "@office", 4),
    number="@number",
    dated="@in_2",
    printed_on="@in_3",
    channel="platform",
)
_CHECKS: Final = {
    "office_director": ("@odir", "paper-odir"),
    "leader_in_charge": ("@leader_a", "paper-leader"),
    "executive_deputy": ("@exec", "paper-exec"),
}


def signed_after(*levels: str) -> tuple[Step, ...]:
    """Return the checks of these levels on the day after the meeting, and the head's signature on the next."""
    checks = (
        Step(
            fact="document.reviewed",
            case="document",
            by=_CHECKS[level][0],
            day=1,
            data={"level": level, "result": "pass", "version": "1"},
            label=_CHECKS[level][1],
        )
        for level in levels
    )
    return *checks, step("document.signed", "document", "@head", 2, level="district_head", version="1")


def issued_late(article: str) -> Flaw:
    """Return the flaw of a decided paper that is issued after the five working days that an article gives."""
    return Flaw.done_late(
        *("decided paper issued late", "document.issued"),
        article=article,
        subject="meeting",
        due=Due(5, "meeting.closed"),
    )
