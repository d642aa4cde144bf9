"""A case: its facts in both times, the alerts about it, and what is still running."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from events.fact import AnyFact
from events.moment import Moment, day_of
from projections.saved.saved_shelf import SavedShelf
from projections.watch.shelf import Kept
from services.alerts.listing import listed
from services.http import problems
from services.http.actions import classes_seen
from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.documents import RunningShown, Timeline
from services.http.guard import Guard
from services.http.pages import USUAL_PAGE, AfterSequence, Limit
from services.http.parts import Parts
from services.http.visibility import seen, shown
from services.identity.caller import Caller

Times = Annotated[
    Literal["recorded", "occurred"], Query(description="按入账或发生时间排序 by the time of recording or of happening")
]


def case_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["cases"])

    @router.get("/v1/districts/{district}/cases/{kind}/{case_id}", responses=answers({200: schema_of(Timeline)}))
    def timeline(
        district: str,
        kind: str,
        case_id: str,
        caller: Annotated[Caller, guard.may("case.read")],
        order: Times = "recorded",
        after: AfterSequence = 0,
        limit: Limit = USUAL_PAGE,
    ) -> Response:
        """案卷的来龙去脉：事实（发生与入账两个时间）、预警、进行中的事项。A case: facts, alerts, what is running."""
        return answer(timeline_of(parts, district, f"{kind}/{case_id}", caller, order, after, limit))

    return router


def timeline_of(
    parts: Parts,
    district: str,
    case: str,
    caller: Caller,
    order: Times = "recorded",
    after: int = 0,
    limit: int = USUAL_PAGE,
) -> Timeline:
    """Return a case as a caller may see it; raise ProblemError when he may see nothing of it."""
    every = parts.ledger.read_case(district, case)
    facts = list(seen(every, caller, parts.keys))
    if not facts:
        raise problems.not_found()
    page = [fact for fact in facts if fact.sequence > after][:limit]
    with parts.views() as views:
        shelf = SavedShelf(views, parts.ledger, district)
        classes = classes_seen(caller.roles)
        about = [one for one in shelf.alerts.about(case) if one.classification in classes]
        alerts = listed(district, about, parts.ledger)
        # What runs follows from every fact of the case, and may tell of those that the caller must not see.
        running = shelf.standing_of(case) if len(facts) == len(every) else []
    more = bool(page) and page[-1].sequence != facts[-1].sequence
    return Timeline(
        district=district,
        case=case,
        version=len(every) if len(facts) == len(every) else None,
        facts=tuple(shown(one) for one in _ordered(page, order)),
        next=page[-1].sequence if more else None,
        alerts=tuple(alerts),
        running=tuple(_running(one) for one in running if one.state in {"open", "paused"}),
    )


def _ordered(facts: list[AnyFact], order: str) -> list[AnyFact]:
    if order == "recorded":
        return facts
    return sorted(facts, key=lambda fact: (fact.occurred_at.earliest, fact.sequence))


def _running(one: Kept) -> RunningShown:
    due = None
    if one.due is not None:
        due = day_of(one.due).isoformat() if one.due_is_day else Moment.at(one.due).text
    return RunningShown(
        rule=one.rule,
        state=one.state,
        party=one.party,
        period=one.period,
        opened_at=one.opened,
        due_at=due,
        provisional=one.provisional,
        facts=tuple(map(str, one.facts)),
    )
