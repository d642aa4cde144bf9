"""信州区人民政府工作规则（饶信府发〔2023〕5号）: papers that come in and go out."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import joint_requests, reports, requests, superior_papers
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, EXECUTIVE, HEAD, LEADER, Route, outgoing

PAPERS: Final = (
    requests(
        {
            "two matters in one request": ("25.1",),
            "signed by a deputy": ("25.1",),
            "several addressees": ("25.1",),
            "sent to a leader in person": ("25.1",),
            "sent by an institution": ("25.1",),
            "no opinion of the office": ("29.1",),
            "presented past the division of work": ("29.2",),
        },
        forwarded=False,
    ),
    reports("25.1"),
    joint_requests(("28.1", None), ("28.1", "@other1"), forwarded=False),
    superior_papers("29.3"),
    outgoing(
        Route(
            name="government-document",
            in_name_of="government",
            reviews=((DIRECTOR, "30.2"), (LEADER, "30.2"), (EXECUTIVE, "30.2")),
            signer=HEAD,
            signer_article="30.2",
            wrong_signer=LEADER,
            published=("14.1", 20),
        ),
        2,
    ),
    outgoing(
        Route(
            name="office-document",
            in_name_of="government_office",
            reviews=((DEPUTY_DIRECTOR, "30.3"), (DIRECTOR, "30.3")),
            signer=LEADER,
            signer_article="30.3",
            wrong_signer=DIRECTOR,
            published=("14.1", 20),
        ),
        1.5,
    ),
)
