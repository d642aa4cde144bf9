"""Opinions asked of departments, and answered in time."""

from __future__ import annotations

from services.simulation.stories.carrying_out import own_matter
from services.simulation.story import Break, Due, Flaw, Step, Story, step

TEXT = {"kind": "opinion", "about": "#matter", "sponsor": "@unit", "form": "online", "version": "1"}


def countersigns(*, article: str, days: int) -> tuple[Story, ...]:
    """Return the stories of asking for opinions, where an article has departments answer within some working days."""
    asked = _proposed(["@other1", "@other2"])
    answers = (
        _received("other1"),
        _received("other2"),
        _replied("other1", max(1, days - 2)),
        _replied("other2", max(1, days - 1)),
    )
    by_date = Due(0, "@in_10", "day")
    due = Due(days, "received-other2")
    return (
        Story(
            name="opinion",
            monthly=5,
            steps=(*asked, *answers, step("countersign.closed", "countersign", "@unit", days, summary="意见已采纳")),
            flaws=(
                Flaw(name="reply late", late="replied-other2", breaks=(_late(article, "@other2", due),)),
                Flaw(
                    name="reply never given",
                    leave_out=("replied-other2", "countersign.closed"),
                    breaks=(_late(article, "@other2", due),),
                ),
            ),
        ),
        Story(
            name="opinion-by-date",
            monthly=1.5,
            steps=(
                *_proposed(["@other1"], reply_by="@in_10"),
                _received("other1"),
                _replied("other1", 8),
            ),
            flaws=(Flaw(name="set day missed", late="replied-other1", breaks=(_late(article, "@other1", by_date),)),),
        ),
    )


def _late(article: str, party: str, due: Due) -> Break:
    return Break(article=article, subject="countersign", party=party, due=due)


def _proposed(departments: list[str], **more: object) -> tuple[Step, ...]:
    return (
        own_matter(concerned=departments),
        step("countersign.requested", "countersign", "@unit", 0, **TEXT, departments=departments, **more),
    )


def _received(which: str) -> Step:
    return Step(
        fact="countersign.received",
        case="countersign",
        by=f"@{which}",
        data={"department": f"@{which}", "complete": True},
        label=f"received-{which}",
    )


def _replied(which: str, day: int) -> Step:
    return Step(
        fact="countersign.replied",
        case="countersign",
        by=f"@{which}_head",
        data={
            "department": f"@{which}",
            "stance": "agree",
            "signed_by": f"@{which}_head",
            "signer_post": f"@{which}_post",
            "sealed": True,
        },
        day=day,
        label=f"replied-{which}",
    )
