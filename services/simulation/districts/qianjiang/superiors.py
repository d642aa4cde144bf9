"""重庆市黔江区人民政府工作规则（2022年11月）: papers of superiors, great requests and great press concerns."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import FORWARDED, PROPOSED, marked, received
from services.simulation.story import Break, Due, Flaw, Step, Story, step


def _from_the_city(*flags: str) -> Step:
    return step(
        *("document.received", "document", "@office", 0),
        title="@title",
        kind="notice",
        from_unit="@u_citydept",
        number="@number",
        received_by="@office",
        register_no="@number",
        fields="@fields",
        concerned_units=[],
        contains_request=False,
        flags=list(flags),
    )


SUPERIORS: Final = (
    Story(
        name="urgent-superior-paper",
        monthly=0.6,
        steps=(
            _from_the_city("urgent"),
            step("document.forwarded", "document", "@office", 0, to_unit="@unit", purpose="handle"),
        ),
        flaws=(
            Flaw.done_late(
                *("urgent paper handled late", "document.forwarded"),
                article="58.1",
                subject="document",
                due=Due(1, "document.received", "day"),
            ),
        ),
    ),
    Story(
        name="studied-superior-paper",
        monthly=0.6,
        steps=(
            _from_the_city(),
            step(
                *("document.handling_proposed", "document", "@odir", 0),
                opinion="请开会研究",
                present_to=["@leader"],
                needs_study=True,
            ),
            step("document.forwarded", "document", "@office", 4, to_unit="@unit", purpose="handle"),
        ),
        flaws=(
            Flaw.done_late(
                *("paper to be studied handled late", "document.forwarded"),
                article="58.1",
                subject="document",
                due=Due(7, "document.received"),
            ),
        ),
    ),
    Story(
        name="great-request",
        setting="deputys_department",
        monthly=0.7,
        steps=(
            received("request", flags=["major"]),
            PROPOSED,
            step("document.presented", "document", "@office", 0, to="@head", parallel=False),
            marked("@head", "district_head"),
            FORWARDED,
        ),
        flaws=(
            Flaw.by_another(
                *("great request approved by a deputy", "document.marked_by_leader", "@leader"),
                {"level": "leader_in_charge"},
                article="55.1",
                subject="document",
            ),
        ),
    ),
    Story(
        name="great-press-concern",
        monthly=0.6,
        steps=(
            step(
                *("concern.registered", "concern", "@office", 0),
                kind="press_concern",
                title="@title",
                against_unit="@unit",
                important=True,
                major=True,
            ),
            step("concern.checked", "concern", "@unit", 1, unit="@unit", content="情况属实"),
            step("concern.answered", "concern", "@unit", 2, unit="@unit", answer="explained"),
            step(
                *("publicity.information_published", "publicity", "@unit", 3),
                kind="result",
                about="#concern",
                unit="@unit",
                channels=["portal"],
            ),
            step("concern.closed", "concern", "@office", 5, solved=True),
        ),
        flaws=(
            Flaw(
                name="result on a great concern not published",
                leave_out=("publicity.information_published",),
                breaks=(Break(article="37.1", subject="concern"),),
            ),
        ),
    ),
)
