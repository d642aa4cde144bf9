"""新邱区人民政府工作规则（新政发〔2022〕5号）: what the simulation takes from it."""

from __future__ import annotations

from typing import Final

from services.simulation.district import District
from services.simulation.districts.xinqiu_meetings import MEETINGS
from services.simulation.roster import Shape
from services.simulation.story import Break, Due, Flaw, Step, Story, step
from services.simulation.stories.concerns import dated, letters, press_concerns, suggestions
from services.simulation.stories.countersigns import countersigns
from services.simulation.stories.incoming import joint_requests, reports, requests
from services.simulation.stories.leaves import REPORTED, leave, registered, taken
from services.simulation.stories.outgoing import DIRECTOR, LEADER, Route, outgoing
from services.simulation.stories.tasks import ASSIGNED, issued, problems, reported

TOLD: Final = step("absence.notified", "absence", "@office", 1, to_persons="@others", form="online")
FILED: Final = step("absence.filed", "absence", "@person", 0, with_unit="@office", form="online")
LEAVES: Final = (
    leave(
        *("deputy-leave", "deputy_leave", 1.5),
        before=(REPORTED, TOLD),
        flaws=(
            Flaw(
                name="a colleague not told",
                change={"absence.notified": {"to_persons": "@others_but_one"}},
                breaks=(Break(article="71.1", subject="absence", party="@one_other"),),
            ),
            Flaw(
                name="not reported",
                leave_out=("absence.reported",),
                breaks=(
                    Break(article="71.1", subject="absence"),
                    Break(article="71.1", subject="absence", due=Due(0, "@from", "day", as_moment=True)),
                ),
            ),
        ),
    ),
    leave(
        *("unit-head-leave", "unit_head_leave", 2),
        before=(REPORTED, step("absence.reported", "absence", "@person", 0, to="@own_leader", form="oral"), FILED),
        flaws=(
            Flaw(
                name="filed late",
                late="absence.filed",
                breaks=(Break(article="71.2", subject="absence", due=Due(-3, "@first_day", "day")),),
            ),
        ),
    ),
    leave(*("head-leave", "head_leave", 0.5), before=()),
    Story(
        name="head-and-executive-leave",
        setting="head_and_executive_leave",
        monthly=0.3,
        steps=(
            registered("absence:1", "@head"),
            registered("absence:2", "@exec"),
            step("absence.reported", "absence:2", "@exec", 0, to="@head", form="oral"),
            step("absence.notified", "absence:2", "@office", 1, to_persons="@deputies", form="online"),
            step(
                *("entrustment.given", "entrustment", "@head", 1),
                kind="acting_head",
                by="@head",
                to="@dep1",
                from_="@first_day",
                until="@last_day",
                absence="#absence:1",
                reason="区长、常务副区长均不在阜",
            ),
            *(one for both in zip(taken("absence:1", "@head"), taken("absence:2", "@exec"), strict=True) for one in both),
        ),
        flaws=(
            Flaw(
                name="nobody designated",
                leave_out=("entrustment.given",),
                breaks=(
                    Break(article="8.1", subject="absence:1", party="@exec"),
                    Break(article="8.1", subject="absence:2", party="@head"),
                ),
            ),
        ),
    ),
)
SEVEN_DAYS: Final = Due(7, "instruction.issued", "day", counts_start=True)
MATTERS: Final = (
    suggestions(article="31.3", publish=None),
    letters(article="79.1"),
    press_concerns(checked="35.1", answered="29.1", days=10),
    dated("inquiry", "interpellation", article="31.1"),
    dated("application", "disclosure_application", article="28.1"),
    dated("judgment", "judgment", article="32.1", answer="performed"),
    Story(
        name="ordinary-task",
        setting="full_week",
        monthly=2.5,
        steps=(issued(grade="ordinary"), ASSIGNED, *reported(2)),
        flaws=(
            Flaw(
                name="ordinary item not done in seven days",
                late="instruction.completed",
                breaks=(Break(article="58.2", subject="task", due=SEVEN_DAYS),),
            ),
            Flaw(
                name="nobody made responsible",
                change={"instruction.assigned": {"responsible_person": None}},
                breaks=(Break(article="56.1", subject="task"),),
            ),
            Flaw(
                name="report not sealed",
                change={"instruction.progress_reported": {"sealed": False}},
                breaks=(Break(article="56.3", subject="task"),),
            ),
        ),
    ),
    Story(
        name="complex-task",
        monthly=1,
        steps=(issued(grade="complex"), ASSIGNED, *reported(12)),
        flaws=(
            Flaw(
                name="complex item without result in a month",
                late="instruction.progress_reported",
                breaks=(Break(article="58.2", subject="task", due=Due(1, "instruction.issued", "month", counts_start=True)),),
            ),
        ),
    ),
    problems(article="32.1"),
)
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
XINQIU: Final = District(
    name="xinqiu",
    rhythm="two_weeks",
    shape=Shape(party_member=False, pairs=(("dep1", "dep2"), ("exec", "dep3")), director_sits=True),
    stories=(*countersigns(article="50.2", days=2), *LEAVES, *MATTERS, *PAPERS, *MEETINGS),
)
