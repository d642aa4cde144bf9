"""威海市环翠区人民政府工作规则（威环政发〔2022〕4号）: what the simulation takes from it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.huancui_meetings import MEETINGS
from services.simulation.roster import Shape
from services.simulation.story import Break, Due, Flaw, Step, Story, step
from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.leaves import ACTING_HEAD, APPROVED, REPORTED, RETURN_REPORTED, leave, registered, taken
from services.simulation.stories.outgoing import DEPUTY_DIRECTOR, DIRECTOR, LEADER, UNIT_HEAD, Route, outgoing
from services.simulation.stories.tasks import problems, tasks

RETURN = Due(1, "absence.returned")
LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, APPROVED),
        stand_in="@partner",
        handover="@partner",
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(
                name="not reported",
                leave_out=("absence.reported", "absence.approved"),
                breaks=(Break(article="75.1", subject="absence"),),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(
            step("absence.reported", "absence", "@person", 0, to="@own_leader", form="oral"),
            step("absence.notified", "absence", "@person", 0, to_persons=["@odir"], form="phone"),
            step("absence.filed", "absence", "@person", 0, with_unit="@office", form="leave_form"),
        ),
        after=(RETURN_REPORTED,),
        flaws=(
            Flaw(name="not reported", leave_out=("absence.reported",), breaks=(Break(article="75.2", subject="absence"),)),
            Flaw(name="director not told", leave_out=("absence.notified",), breaks=(Break(article="75.2", subject="absence"),)),
            Flaw(name="leave not asked", leave_out=("absence.filed",), breaks=(Break(article="75.2", subject="absence"),)),
        ),
    ),
    leave(
        *("head-leave", "head_leave", 0.5),
        before=(ACTING_HEAD,),
        flaws=(
            Flaw(
                name="another than the first deputy presides",
                leave_out=("entrustment.given",),
                change={"absence.registered": {"stand_in": "@dep2"}},
                breaks=(Break(article="5.2", subject="absence", due=Due(0, "@first_day", "day")),),
            ),
        ),
    ),
)
MATTERS: Final = (
    suggestions(article="35.2", publish=20),
    letters(article="39.1"),
    press_concerns(checked="38.1", answered="38.1", days=20),
    dated("inquiry", "interpellation", article="35.1"),
    dated("judgment", "judgment", article="36.1", answer="performed"),
    tasks(),
    problems(article="36.1"),
)
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
HUANCUI: Final = District(
    name="huancui",
    rhythm="two_weeks",
    shape=Shape(party_member=True, pairs=(("exec", "dep1"), ("dep2", "dep3")), director_is_member=True, director_sits=True),
    stories=(*LEAVES, *MATTERS, *PAPERS, *MEETINGS),
)
