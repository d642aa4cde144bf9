"""What needs the whole ledger of a district, for inspectors: recomputation, and a view as it stood on any day."""

from contextlib import ExitStack, suppress
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from msgspec.structs import replace
from starlette.responses import Response

from events.moment import datetime_of
from projections.databases.views_database import ViewsMissingError
from projections.replay.question import Question, Reach
from projections.replay.recomputation import Recomputation
from projections.view_rows.history import ViewHistory
from projections.views.query import LARGEST_PAGE, USUAL_PAGE, QueryError
from projections.views.query import Query as Asked
from services.http import problems
from services.http.answers import answer
from services.http.asking_views import asked_by
from services.http.describing import answers, schema_of
from services.http.guard import Guard
from services.http.known_parameters import TAKES_FILTERS
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.http.routes.replay import KnownAt, TrueAt, moment_of
from services.identity.caller import Caller
from services.replay.basis import basis_by, shipped_basis
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.recomputing import ran_so_far, recomputed
from services.replay.view_as_of import ViewAsOf
from services.views.asking import ViewPage

MOST_FACTS: Final = 50_000
"""Facts up to which a request may have the whole ledger judged; beyond it there is the command line."""
_NO_FILTERS: Final = frozenset({"known_at", "true_at", "limit", "order", "after"})


def ledger_replay_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["views"])

    @router.get("/v1/districts/{district}/recomputation", responses=answers({200: schema_of(Recomputation)}, 422))
    def recomputation(district: str, _caller: Annotated[Caller, guard.may("ledger.replay")]) -> Response:
        """全程重新判定，与入账的预警比较。The whole history judged again and compared with the alerts recorded."""
        reach = _bounded(reach_of(parts.ledger, district, parts.clock()))
        basis = basis_by(shipped_basis(district).rulebooks, parts.find_policy)
        with parts.views() as views:
            ran = ran_so_far(views, district, basis.judging)
            return answer(recomputed(parts.ledger, basis, district, reach, ran))

    @router.get(
        "/v1/districts/{district}/views/{view}/replay",
        responses=answers({200: schema_of(ViewPage)}, 422),
        openapi_extra=TAKES_FILTERS,
    )
    def view_as_of(  # noqa: PLR0913, PLR0917  each is a part of the address
        district: str,
        view: str,
        request: Request,
        caller: Annotated[Caller, guard.may("ledger.replay")],
        known_at: KnownAt = None,
        true_at: TrueAt = None,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE,
        order: Annotated[str | None, Query(max_length=100)] = None,
        after: Annotated[str | None, Query(max_length=4_000)] = None,
    ) -> Response:
        """整个视图在某日的样子；人员岗位、外出、文号亦可按实情。A whole view as known on a day, some also as true."""
        reach = reach_of(parts.ledger, district, parts.clock())
        as_of = Question(moment_of("known_at", known_at), moment_of("true_at", true_at)).as_of(reach)
        asked = Asked(filters=_filters(request), order=order, after=after, limit=limit)
        by = replace(asked_by(parts, district, caller), now=datetime_of(as_of.hour))
        try:
            with ExitStack() as opened:
                history, sources = _history(parts, opened), _sources(parts, opened)
                basis = shipped_basis(district)
                asking = ViewAsOf(parts.ledger, basis, district, as_of, history=history, sources=sources)
                found = asking.page_of_history(view, asked, by)
                if found is None:
                    _bounded(reach._replace(head=as_of.through))
                    found = asking.page(view, asked, by)
                return answer(found)
        except QueryError as error:
            if error.field == "view":
                raise problems.not_found() from None
            raise ProblemError(422, error.code, error.zh, error.en, field=error.field) from None

    return router


def _history(parts: Parts, opened: ExitStack) -> ViewHistory | None:
    """Open the history of the views; None where none is kept."""
    if parts.view_history is not None:
        with suppress(ViewsMissingError):
            return opened.enter_context(parts.view_history())
    return None


def _sources(parts: Parts, opened: ExitStack) -> Sources | None:
    """Open what is saved for replays; None where this process keeps no views."""
    if parts.view_rows is None:
        return None
    return Sources(parts.ledger, opened.enter_context(parts.views()), opened.enter_context(parts.view_rows()))


def _bounded(reach: Reach) -> Reach:
    """Return how far a ledger goes; raise ProblemError when a request cannot have all of it judged."""
    if reach.head > MOST_FACTS:
        raise ProblemError(
            422,
            "replay.too_long_here",
            f"至此账册有 {reach.head} 个事实，通读须时过长，不经网络进行；请在服务器上用 taizhang replay。",
            f"The ledger has {reach.head} facts up to then, too many to be read whole for a request; use taizhang "
            "replay on the server.",
        )
    return reach


def _filters(request: Request) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in request.query_params.multi_items():
        if name not in _NO_FILTERS:
            found[name] = (*found.get(name, ()), value)
    return found
