"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: papers that come in and go out."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, LEADER, UNIT_HEAD, Route, outgoing

PAPERS: Final = (
    requests(
        {
            "several addressees": ("57.1",),
            "sent to a leader in person": ("57.1",),
            "sent by an institution": ("57.1", "59.1"),
            "no opinion of the office": ("60.1",),
            "presented past the division of work": ("60.1",),
        },
        forwarded=True,
    ),
    reports(None),
    joint_requests(("58.1", "@other1"), forwarded=True),
    outgoing(
        Route(
            name="government-document",
            in_name_of="government",
            reviews=((UNIT_HEAD, "61.2"), (DIRECTOR, "61.1")),
            signer=LEADER,
            signer_article="62.1(5)",
            wrong_signer=("@strange_leader", "leader_in_charge"),
            published=("66.1", 20),
            channels=("portal", "gazette"),
        ),
        2,
    ),
    outgoing(
        Route(
            name="office-document",
            in_name_of="government_office",
            reviews=((UNIT_HEAD, "61.2"), (DEPUTY_DIRECTOR, "61.1")),
            signer=DIRECTOR,
            signer_article="62.1(7)",
            wrong_signer=DEPUTY_DIRECTOR,
            published=("66.1", 20),
            channels=("portal", "gazette"),
        ),
        1.5,
    ),
)
