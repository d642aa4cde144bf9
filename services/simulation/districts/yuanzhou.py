"""袁州区人民政府工作规则（袁府发〔2023〕3号）: what the simulation takes from it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.yuanzhou_meetings import MEETINGS
from services.simulation.roster import Shape
from services.simulation.story import Break, Due, Flaw
from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.incoming import joint_requests, reports, requests, superior_papers
from services.simulation.stories.leaves import ACTING_HEAD, APPROVED, CONSENTED, FILED, REQUESTED, leave
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, HEAD, LEADER, Route, outgoing
from services.simulation.stories.tasks import problems, tasks

LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REQUESTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="away without asking",
                leave_out=("absence.requested", "absence.approved"),
                breaks=(Break(article="39.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(CONSENTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="leader in charge not asked",
                leave_out=("absence.consented",),
                breaks=(Break(article="39.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD, FILED),
        flaws=(
            Flaw(
                name="nobody presides",
                leave_out=("entrustment.given",),
                breaks=(Break(article="9.2", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
MATTERS: Final = (
    suggestions(article="12.3", publish=20),
    letters(article="15.1", days=10),
    press_concerns(checked="14.1", answered="14.1", days=10),
    dated("inquiry", "interpellation", article="12.2"),
    dated("hotline", "hotline", article="15.1", answer="solved"),
    dated("reconsideration", "reconsideration", article="14.1", answer="performed"),
    tasks(feedback="32.1", party="@unit"),
    problems(article="13.1"),
)
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
YUANZHOU: Final = District(
    name="yuanzhou",
    rhythm="half_month",
    shape=Shape(party_member=True),
    stories=(*countersigns(article="27.2", days=3), *LEAVES, *MATTERS, *PAPERS, *MEETINGS),
)
