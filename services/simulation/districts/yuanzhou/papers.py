"""袁州区人民政府工作规则（袁府发〔2023〕3号）: papers that come in and go out."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import joint_requests, reports, requests, superior_papers
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, HEAD, LEADER, Route, outgoing
from services.simulation.story import Due

PAPERS: Final = (
    requests(
        {
            "two matters in one request": ("24.1",),
            "several addressees": ("24.1",),
            "sent to a leader in person": ("24.1",),
            "sent by an institution": ("24.1",),
            "no opinion of the office": ("28.1",),
            "presented past the division of work": ("28.2",),
        },
        forwarded=False,
    ),
    reports("24.1"),
    joint_requests(("27.1", "@other1"), due=Due(-4, "document.received"), forwarded=False),
    superior_papers("28.3"),
    outgoing(
        Route(
            name="government-document",
            in_name_of="government",
            reviews=((DIRECTOR, "29.2"), (LEADER, "29.2")),
            signer=HEAD,
            signer_article="29.2",
            wrong_signer=LEADER,
            published=("14.1", 20),
        ),
        2,
    ),
    outgoing(
        Route(
            name="office-document",
            in_name_of="government_office",
            reviews=((DEPUTY_DIRECTOR, "29.3"), (DIRECTOR, "29.3")),
            signer=LEADER,
            signer_article="29.3",
            wrong_signer=DIRECTOR,
            published=("14.1", 20),
        ),
        1.5,
    ),
)
