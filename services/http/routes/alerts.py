"""Alerts: the list, one with its life, and what people do about one: take note, answer, waive."""

import dataclasses
from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.alert import AlertAcknowledged, AlertAnswered, AlertWaived
from events.fact import AnyFact, Classification, FactData
from projections.alerts.alert import Alert, AlertStanding
from projections.alerts.pages import AlertsWanted, MarkGoneError
from projections.saved.saved_alerts import SavedAlerts
from services.access.access_book import actor_of
from services.alerts.listing import Listed, listed
from services.http import problems
from services.http.actions import Action, classes_seen
from services.http.answers import answer
from services.http.describing import answers, body, schema_of
from services.http.documents import AlertLife, AlertPage, RecordedShown
from services.http.guard import Guard
from services.http.pages import USUAL_PAGE, After, Limit, page_gone
from services.http.parts import Parts
from services.http.recording import recorded
from services.http.visibility import seen, shown
from services.identity.caller import Caller

LISTED: Final = "/v1/districts/{district}/alerts"
ONE: Final = LISTED + "/{alert}"
OPEN: Final = ("raised", "forecast")
SeverityName = Literal["breach", "deviation", "notice"]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which alerts are asked for; each filter may be given several values."""

    standing: Annotated[list[AlertStanding] | None, Query(max_length=10, description="状态 standing")] = None
    rule: Annotated[list[str] | None, Query(max_length=50, description="规则 rule")] = None
    party: Annotated[list[str] | None, Query(max_length=50, description="当事方 party")] = None
    severity: Annotated[list[SeverityName] | None, Query(max_length=10, description="级别 severity")] = None
    about: Annotated[list[str] | None, Query(max_length=50, description="案卷 case, as kind/id")] = None

    def of(self, caller: Caller) -> AlertsWanted:
        """Return which alerts these are, as far as a caller may see them."""
        return AlertsWanted(
            standings=tuple(dict.fromkeys(self.standing or OPEN)),
            classes=classes_seen(caller.roles),
            rules=self.rule or None,
            parties=self.party or None,
            about=self.about or None,
            severities=self.severity or None,
        )


def alert_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["alerts"])
    _add_reading(router, parts, guard)
    _add_act(router, parts, guard, ("acknowledgements", "alert.acknowledge", AlertAcknowledged))
    _add_act(router, parts, guard, ("answers", "alert.answer", AlertAnswered))
    _add_act(router, parts, guard, ("waivers", "alert.waive", AlertWaived))
    return router


def _add_reading(router: APIRouter, parts: Parts, guard: Guard) -> None:
    @router.get(LISTED, responses=answers({200: schema_of(AlertPage)}))
    def alerts(
        district: str,
        caller: Annotated[Caller, guard.may("alert.read")],
        wanted: Annotated[Wanted, Depends(Wanted)],
        after: After = None,
        limit: Limit = USUAL_PAGE,
    ) -> Response:
        """预警列表，紧急者在前；默认只列待处理与预测。Alerts, the most pressing first; by default those still open."""
        with parts.views() as views:
            try:
                page = SavedAlerts(views, district).page(wanted.of(caller), after, limit)
            except MarkGoneError:
                raise page_gone() from None
        found = listed(district, page.alerts, parts.ledger)
        following = None if page.next is None else str(page.next)
        return answer(AlertPage(alerts=tuple(found), total=page.total, next=following))

    @router.get(ONE, responses=answers({200: schema_of(AlertLife)}))
    def alert(district: str, alert: str, caller: Annotated[Caller, guard.may("alert.read")]) -> Response:
        """一条预警及其经过。One alert and its life."""
        life = life_of(parts, district, alert, caller)
        return answer(AlertLife(alert=life.alert, facts=tuple(shown(one) for one in life.facts)))


class Life(NamedTuple):
    """An alert as it is listed, the facts of its life that the caller may see, and its class."""

    alert: Listed
    facts: list[AnyFact]
    classification: Classification


def life_of(parts: Parts, district: str, alert: str, caller: Caller) -> Life:
    """Return an alert with its life; raise ProblemError when there is none that the caller may see."""
    found = _visible(parts, district, alert, caller)
    history = parts.ledger.read_case(district, f"alert/{found.id}")
    (now,) = listed(district, [found], parts.ledger) or (None,)
    if now is None:
        raise problems.not_found()
    return Life(now, list(seen(history, caller, parts.keys)), found.classification)


def _add_act(router: APIRouter, parts: Parts, guard: Guard, act: tuple[str, Action, type[FactData]]) -> None:
    """Add the route of one thing that people do about an alert."""
    name, action, data = act
    zh = data.TYPE.zh
    en = (data.__doc__ or "").strip()

    @router.post(
        f"{ONE}/{name}",
        name=name,
        description=f"{zh}。{en} 请求体是事实，不含类型和案卷；未写行为人时取自令牌。The body is the fact without type "
        "and subject; without an actor, it is the bearer of the token.",
        status_code=201,
        responses=answers({200: schema_of(RecordedShown), 201: schema_of(RecordedShown)}, 409, 415),
        openapi_extra=body(_ACT),
    )
    async def record(
        district: str, alert: str, request: Request, caller: Annotated[Caller, guard.may(action)]
    ) -> Response:
        found = await run_in_threadpool(_visible, parts, district, alert, caller)
        given: dict[str, Any] = {
            "type": data.TYPE.name,
            "subject": {"kind": "alert", "id": str(found.id)},
            "classification": found.classification,
            "actor": msgspec.to_builtins(actor_of(caller)),
        }
        return await recorded(parts, district, request, caller, given=given)


def _visible(parts: Parts, district: str, alert: str, caller: Caller) -> Alert:
    """Return an alert that the caller may see; raise ProblemError as for one that does not exist."""
    try:
        identity = UUID(alert)
    except ValueError:
        raise problems.not_found() from None
    with parts.views() as views:
        found = SavedAlerts(views, district).alert(identity)
    if found is None or found.classification not in classes_seen(caller.roles):
        raise problems.not_found()
    return found


_ACT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["occurred_at", "data"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "occurred_at": {"type": "string"},
        "actor": {"type": "object"},
        "data": {"type": "object"},
    },
}
