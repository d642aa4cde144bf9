"""重庆市黔江区人民政府工作规则（2022年11月）: papers that come in and go out."""

from __future__ import annotations

from typing import Final

from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, LEADER, Route, outgoing
from services.simulation.stories.upward import upward_requests

PAPERS: Final = (
    requests(
        {
            "two matters in one request": ("53.1",),
            "signed by a deputy": ("53.2",),
            "several addressees": ("53.1",),
            "sent to a leader in person": ("53.1",),
            "sent by an institution": ("53.4",),
            "no opinion of the office": ("55.1",),
            "presented past the division of work": ("55.1",),
        },
        forwarded=False,
    ),
    reports("53.1"),
    joint_requests(("53.2", "@other1"), forwarded=False),
    outgoing(
        Route(
            name="government-document",
            in_name_of="government",
            reviews=((DIRECTOR, None),),
            signer=LEADER,
            signer_article="56.1(2)",
            party_of_wrong_signer="@field",
            wrong_signer=("@strange_leader", "leader_in_charge"),
            secrecy="31.2",
        ),
        2,
    ),
    outgoing(
        Route(
            name="office-document",
            in_name_of="government_office",
            reviews=((DEPUTY_DIRECTOR, "56.1(3)"),),
            signer=DIRECTOR,
            signer_article="56.1(3)",
            wrong_signer=DEPUTY_DIRECTOR,
            secrecy="31.2",
        ),
        1.5,
    ),
    upward_requests(signer_article="56.1(1)", disclosure=None),
)
