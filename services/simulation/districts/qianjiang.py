"""重庆市黔江区人民政府工作规则（2022年11月）: what the simulation takes from it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.qianjiang_meetings import MEETINGS
from services.simulation.roster import Shape
from services.simulation.story import Break, Due, Flaw, Step, Story, step
from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.leaves import ACTING_HEAD, APPROVED, REPORTED, RETURN_REPORTED, leave, registered, taken
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, LEADER, Route, outgoing
from services.simulation.stories.tasks import problems, tasks

COVERED: Final = step(
    *("entrustment.given", "entrustment", "@person", 1),
    kind="portfolio",
    by="@person",
    to="@partner",
    from_="@first_day",
    until="@last_day",
    absence="#absence",
    urgent=False,
)
TOLD: Final = step("absence.notified", "absence", "@office", 1, to_persons="@others", form="online")
LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, APPROVED, TOLD, COVERED),
        stand_in="@partner",
        handover="@partner",
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(
                name="not reported",
                leave_out=("absence.reported", "absence.approved"),
                breaks=(Break(article="61.1", subject="absence"),),
            ),
            Flaw(
                name="a colleague not told",
                change={"absence.notified": {"to_persons": "@others_but_one"}},
                breaks=(Break(article="61.1", subject="absence", party="@one_other"),),
            ),
            Flaw(
                name="entrusted to another than the partner",
                change={"entrustment.given": {"to": "@not_partner"}},
                breaks=(Break(article="8.1", subject="entrustment"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(REPORTED,),
        flaws=(
            Flaw(name="not reported", leave_out=("absence.reported",), breaks=(Break(article="61.2", subject="absence"),)),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD,),
        flaws=(
            Flaw(
                name="nobody presides",
                leave_out=("entrustment.given",),
                breaks=(Break(article="5.1", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
MATTERS: Final = (
    suggestions(article="34.2", publish=None),
    letters(article="38.1"),
    press_concerns(checked="37.1", answered=None),
    dated("inquiry", "interpellation", article="34.1"),
    dated("judgment", "judgment", article="35.1", answer="performed"),
    tasks(),
    problems(article="35.1"),
)
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
)
QIANJIANG: Final = District(
    name="qianjiang",
    rhythm="two_weeks",
    shape=Shape(party_member=True, pairs=(("dep1", "dep2"), ("exec", "dep3")), office_member=True, invited=("u-congress", "u-cppcc", "u-armed")),
    stories=(*countersigns(article="53.3", days=7), *LEAVES, *MATTERS, *PAPERS, *MEETINGS),
)
