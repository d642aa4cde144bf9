"""信州区人民政府工作规则（饶信府发〔2023〕5号）: what the simulation takes from it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.xinzhou_meetings import MEETINGS
from services.simulation.roster import Shape
from services.simulation.story import Break, Due, Flaw
from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.incoming import joint_requests, reports, requests, superior_papers
from services.simulation.stories.leaves import ACTING_HEAD, APPROVED, CONSENTED, FILED, REQUESTED, leave
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, EXECUTIVE, HEAD, LEADER, Route, outgoing
from services.simulation.stories.tasks import problems, tasks

LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REQUESTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="away without asking",
                leave_out=("absence.requested", "absence.approved"),
                breaks=(Break(article="42.1", subject="absence"),),
            ),
            Flaw(name="not filed", leave_out=("absence.filed",), breaks=(Break(article="42.1", subject="absence"),)),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(CONSENTED, APPROVED, FILED),
        flaws=(
            Flaw(
                name="leader in charge not asked",
                leave_out=("absence.consented",),
                breaks=(Break(article="42.1", subject="absence"),),
            ),
            Flaw(
                name="district head not asked",
                leave_out=("absence.approved",),
                breaks=(Break(article="42.1", subject="absence"),),
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
    suggestions(article="12.2", publish=20),
    letters(article="15.1"),
    press_concerns(checked="14.1", answered="14.1", days=5),
    dated("inquiry", "interpellation", article="12.1"),
    dated("application", "disclosure_application", article="14.1"),
    dated("judgment", "judgment", article="13.1", answer="performed"),
    tasks(feedback="35.1"),
    problems(article="13.1"),
)
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
XINZHOU: Final = District(
    name="xinzhou",
    rhythm="half_month",
    shape=Shape(party_member=True, director_sits=True, invited=("u-cppcc", "u-discipline")),
    stories=(*countersigns(article="28.2", days=5), *LEAVES, *MATTERS, *PAPERS, *MEETINGS),
)
