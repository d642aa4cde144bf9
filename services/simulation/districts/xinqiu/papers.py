"""新邱区人民政府工作规则（新政发〔2022〕5号）: papers that come in and go out."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.outgoing import DIRECTOR, LEADER, Route, outgoing
from services.simulation.story import Due

PAPERS: Final = (
    requests(
        {
            "two matters in one request": ("48.1",),
            "signed by a deputy": ("49.1",),
            "several addressees": ("48.1",),
            "sent to a leader in person": ("48.1",),
            "sent by an institution": ("48.1",),
            "no opinion of the office": ("48.1",),
            "presented past the division of work": ("49.1 @leader",),
        },
        forwarded=True,
        presented_with=("document.presented",),
    ),
    reports("48.1"),
    joint_requests(("50.1", "@other1"), due=Due(-3, "document.received"), forwarded=True),
    outgoing(
        Route(
            name="government-document",
            in_name_of="government",
            reviews=((DIRECTOR, None),),
            signer=LEADER,
            signer_article="51.1(4)",
            party_of_wrong_signer="@leader",
            wrong_signer=("@strange_leader", "leader_in_charge"),
        ),
        2,
    ),
    outgoing(
        Route(
            name="office-document",
            in_name_of="government_office",
            reviews=((DIRECTOR, "51.1(5)"),),
            signer=LEADER,
            signer_article="51.1(5)",
            party_of_wrong_signer="@leader",
            wrong_signer=DIRECTOR,
        ),
        1.5,
    ),
)
