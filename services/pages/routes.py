"""The pages: signing in, the desk, the alerts, the rules, a case, and a form to preview and record."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from events.ledger.errors import KEY_REUSED
from projections.views.query import Query as Asked
from services.access.access_book import actor_of
from services.http.actions import Action, is_allowed
from services.http.asking_views import own_desk
from services.http.guard import TOKEN_COOKIE, Guard
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.http.routes.alerts import life_of
from services.http.routes.cases import timeline_of
from services.http.routes.replay import Moments
from services.identity import token_errors
from services.identity.caller import Caller
from services.identity.token_errors import TokenError
from services.pages.attendance import add_attendance
from services.pages.drawing import page, style_sheet
from services.pages.forms import asked, fact_asked, form_of, key_of
from services.pages.reading import ROWS_A_PAGE, following, parties_named, persons_told, proof_of, rows_of, steps_of
from services.pages.recording import foreseen, recorded, told
from services.pages.replay_page import replay_page
from services.pages.rules import add_rules
from services.policy.explaining import explained
from services.recording.authorisation import recordable_types

ACTS: Final[dict[str, tuple[Action, str, Sequence[str]]]] = {
    "acknowledgements": ("alert.acknowledge", "alert.acknowledged.v1", ("until", "note")),
    "answers": ("alert.answer", "alert.answered.v1", ("account",)),
    "waivers": ("alert.waive", "alert.waived.v1", ("reason",)),
}
"""What people do about an alert by a form: the action, the fact, and the fields of the form."""

After = Annotated[str | None, Query(max_length=4_000)]
HOME: Final = "/pages/{district}"


def page_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["pages"], include_in_schema=False)
    _add_session(router, parts, guard)
    _add_lists(router, parts, guard)
    _add_policy(router, parts, guard)
    add_rules(router, parts, guard)
    _add_alert(router, parts, guard)
    for name in ACTS:
        _add_act(router, parts, guard, name)
    _add_case(router, parts, guard)
    _add_recording(router, parts, guard)
    add_attendance(router, parts, guard)
    return router


def _add_session(router: APIRouter, parts: Parts, guard: Guard) -> None:
    anybody = [guard.may("service.probe")]

    @router.get("/pages/style.css", dependencies=anybody)
    async def style() -> Response:
        """样式。The style sheet."""
        return style_sheet()

    @router.get("/", dependencies=anybody)
    async def home() -> Response:
        """首页。Where somebody begins who knows the address alone."""
        return RedirectResponse("/pages")

    @router.get("/pages", dependencies=anybody)
    def start(request: Request) -> Response:
        """登录，或选择区县。Sign in, or choose a district."""
        try:
            caller = _bearer(request.cookies.get(TOKEN_COOKIE))
        except TokenError as error:
            gone = None if error.code == token_errors.MISSING else error
            return page("sign_in.html", district=None, here=None, caller=None, problem=gone)
        return page("sign_in.html", district=None, here=None, caller=caller, problem=None)

    @router.post("/pages/session", dependencies=anybody)
    async def sign_in(request: Request) -> Response:
        """登录。Sign in with a token."""
        token = (await form_of(request)).get("token", "")
        try:
            await run_in_threadpool(_bearer, token)
        except TokenError as error:
            guard.metrics.unrecognised(error.code)
            return page("sign_in.html", 401, district=None, here=None, caller=None, problem=error)
        answer = RedirectResponse("/pages", 303)
        answer.set_cookie(
            TOKEN_COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/pages"
        )
        return answer

    @router.post("/pages/session/end", dependencies=anybody)
    async def sign_out() -> Response:
        """退出。Sign out."""
        answer = RedirectResponse("/pages", 303)
        answer.delete_cookie(TOKEN_COOKIE, path="/pages")
        return answer

    def _bearer(token: str | None) -> Caller:
        if not token:
            raise TokenError(token_errors.MISSING)
        return parts.tokens.read(token)


def _add_lists(router: APIRouter, parts: Parts, guard: Guard) -> None:
    @router.get(f"{HOME}/desk")
    def desk(
        district: str,
        caller: Annotated[Caller, guard.may("view.read", by_cookie=True)],
        holder: Annotated[str | None, Query(max_length=200)] = None,
        after: After = None,
    ) -> Response:
        """待办。The desk: one's own, or that of somebody named."""
        filters = {"holder": (holder,)} if holder else own_desk(caller)
        rows = rows_of(parts, "desk", district, Asked(filters=filters, after=after, limit=ROWS_A_PAGE), caller)
        next_page = following(rows, holder=holder)
        return page("desk.html", district=district, here="desk", rows=rows, holder=holder, following=next_page)

    @router.get(f"{HOME}/alerts")
    def alerts(
        district: str,
        caller: Annotated[Caller, guard.may("alert.read", by_cookie=True)],
        standing: Annotated[str, Query(max_length=20)] = "raised",
        after: After = None,
    ) -> Response:
        """预警。The alerts inbox."""
        asked_for = Asked(filters={"standing": (standing,)}, after=after, limit=ROWS_A_PAGE)
        rows = rows_of(parts, "alerts", district, asked_for, caller)
        next_page = following(rows, standing=standing)
        shown: dict[str, Any] = {"rows": rows, "standing": standing, "following": next_page}
        return page("alerts.html", district=district, here="alerts", **shown)


def _add_policy(router: APIRouter, parts: Parts, guard: Guard) -> None:
    @router.get(f"{HOME}/policy")
    def policy(district: str, _caller: Annotated[Caller, guard.may("rule.read", by_cookie=True)]) -> Response:
        """内部设置的说明。The house settings in force, explained."""
        return page("policy.html", district=district, here="policy", policy=explained(parts.policy_of(district)))


def _add_alert(router: APIRouter, parts: Parts, guard: Guard) -> None:
    @router.get(f"{HOME}/alerts/{{alert}}")
    def alert(
        district: str, alert: str, caller: Annotated[Caller, guard.may("alert.read", by_cookie=True)]
    ) -> Response:
        """一条预警：说明、证据、经过。One alert: its explanation, its proof, what became of it."""
        life = life_of(parts, district, alert, caller)
        names = parties_named(parts, district, caller, [life.alert.party, *persons_told(life.facts)])
        return page(
            "alert.html",
            district=district,
            here="alerts",
            alert=life.alert,
            proof=proof_of(parts, district, life.alert.facts, caller),
            facts=steps_of(life.facts, names),
            names=names,
            form=str(uuid4()),
            may={action for action, _, _ in ACTS.values() if is_allowed(action, caller.roles)},
        )


def _add_act(router: APIRouter, parts: Parts, guard: Guard, name: str) -> None:
    action, fact, fields = ACTS[name]

    @router.post(f"{HOME}/alerts/{{alert}}/{name}", name=f"page of {name}")
    async def act(
        district: str, alert: str, request: Request, caller: Annotated[Caller, guard.may(action, by_cookie=True)]
    ) -> Response:
        """办理一条预警。Act on an alert."""
        life = await run_in_threadpool(life_of, parts, district, alert, caller)
        form = await form_of(request)
        data = {field: form[field] for field in fields if form.get(field)}
        given = {
            "type": fact,
            "subject": {"kind": "alert", "id": life.alert.alert},
            "occurred_at": parts.clock().isoformat(),
            "classification": life.classification,
            "actor": msgspec.to_builtins(actor_of(caller)),
            "data": data,
        }
        key = key_of(form["form"], name, data) if form.get("form") else None
        try:
            await recorded(parts, asked(given, district, caller, parts, key), caller, district)
        except ProblemError as problem:
            # The same words came twice, as from a double click: what they ask for is done, though at another moment.
            if problem.code != KEY_REUSED:
                raise
        return RedirectResponse(f"/pages/{district}/alerts/{life.alert.alert}", 303)


def _add_case(router: APIRouter, parts: Parts, guard: Guard) -> None:
    @router.get(f"{HOME}/cases/{{kind}}/{{case_id}}")
    def case(
        district: str,
        kind: str,
        case_id: str,
        caller: Annotated[Caller, guard.may("case.read", by_cookie=True)],
        moments: Annotated[Moments, Depends()],
        after: After = None,
    ) -> Response:
        """案卷的时间线，或某日所知、实情。A case's timeline, or the case as known or true on a day."""
        if moments and is_allowed("case.replay", caller.roles):
            return replay_page(parts, district, f"{kind}/{case_id}", caller, moments)
        found = timeline_of(parts, district, f"{kind}/{case_id}", caller)
        asked_for = Asked(filters={"case": (found.case,)}, after=after, limit=ROWS_A_PAGE)
        rows = rows_of(parts, "timeline", district, asked_for, caller)
        shown: dict[str, Any] = {"alerts": found.alerts, "running": found.running, "following": following(rows)}
        shown["names"] = parties_named(parts, district, caller, [one.party for one in found.running])
        shown["asked"] = moments.given
        return page("case.html", district=district, here="case", case=found.case, rows=rows, **shown)


def _add_recording(router: APIRouter, parts: Parts, guard: Guard) -> None:
    def drawn(district: str, caller: Caller, form: dict[str, str], status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  what the template takes
        who = {"person": caller.person or "", "unit": caller.unit or ""}
        given = {"type": "", "case": "", "occurred_at": parts.clock().date().isoformat(), "data": "{}", **who, **form}
        blank: dict[str, Any] = {"preview": None, "names": {}, "problem": None, "details": (), "receipt": None}
        types = recordable_types(caller.roles)
        return page("record.html", status, district=district, here="record", given=given, types=types, **blank | shown)

    @router.get(f"{HOME}/record")
    def blank_form(
        district: str,
        caller: Annotated[Caller, guard.may("fact.preview", by_cookie=True)],
        case: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """记录与预演的表单。The form of a fact."""
        return drawn(district, caller, {"case": case})

    @router.post(f"{HOME}/previews")
    async def preview(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.preview", by_cookie=True)]
    ) -> Response:
        """预演，不入账。Preview without recording."""
        form = await form_of(request)
        try:
            found = await foreseen(parts, fact_asked(form, district, caller, parts), caller, district)
        except ProblemError as problem:
            return drawn(district, caller, form, problem.status_code, **told(problem))
        return drawn(district, caller, form, **found)

    @router.post(f"{HOME}/facts")
    async def record(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record", by_cookie=True)]
    ) -> Response:
        """入账。Record a fact."""
        form = await form_of(request)
        try:
            (receipt,) = await recorded(parts, fact_asked(form, district, caller, parts), caller, district)
        except ProblemError as problem:
            return drawn(district, caller, form, problem.status_code, **told(problem))
        return drawn(district, caller, form, receipt=receipt)
