"""The views: which there are, and their rows, page by page."""

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from projections.view_rows.rows import ViewRows
from projections.views import query as questions
from projections.views.query import LARGEST_PAGE, USUAL_PAGE, QueryError
from services.http import problems
from services.http.actions import Action, is_allowed
from services.http.answers import answer
from services.http.asking_views import asked_by, open_rows, own_desk
from services.http.describing import answers, schema_of
from services.http.documents import ViewsShown
from services.http.guard import Guard
from services.http.known_parameters import TAKES_FILTERS
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.http.tables import DESCRIBED, Wanted, table_answer, wanted
from services.identity.caller import Caller
from services.views.asking import AskedBy, ViewPage, ask, described
from services.views.exporting import description_of, every_row, table_columns
from services.workbooks.tables import Format

_MORE_THAN_A_VIEW: Final[Mapping[str, Action]] = {
    "missing": "missing.read",
    "alerts": "alert.read",
    "timeline": "case.read",
}
"""Views that need an action of their own beside that of reading views."""
_NO_FILTERS: Final = frozenset({"limit", "order", "after", "mine", "format"})


_SHOWN: Final = answers({200: schema_of(ViewPage)}, 422)
_SHOWN[200]["content"].update(DESCRIBED)


class _Paging(NamedTuple):
    """Which page is asked for, in which order, whether of the caller's own desk only, and as what it is answered."""

    limit: int
    order: str | None
    after: str | None
    mine: bool
    form: Wanted


def _paging(
    request: Request,
    *,
    named: Annotated[Wanted | None, Query(alias="format")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE,
    order: Annotated[str | None, Query(max_length=100)] = None,
    after: Annotated[str | None, Query(max_length=4_000)] = None,
    mine: Annotated[bool, Query()] = False,
) -> _Paging:
    return _Paging(limit, order, after, mine, wanted(request, named))


def view_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["views"])

    @router.get("/v1/districts/{district}/views", responses=answers({200: schema_of(ViewsShown)}))
    def views(district: str, caller: Annotated[Caller, guard.may("view.read")]) -> Response:
        """有哪些视图：列、筛选、排序。Which views there are: their columns, filters and orders."""
        with open_rows(parts) as rows:
            known = tuple(one for one in described(rows) if _may_read(one.name, caller))
        return answer(ViewsShown(district=district, views=known))

    @router.get(
        "/v1/districts/{district}/views/{view}",
        responses=_SHOWN,
        openapi_extra=TAKES_FILTERS,
    )
    def view(
        district: str,
        view: str,
        request: Request,
        caller: Annotated[Caller, guard.may("view.read")],
        paging: Annotated[_Paging, Depends(_paging)],
    ) -> Response:
        """一个视图的一页；mine=true 只看本人的待办。One page; `mine=true` narrows the desk to the caller's own.

        `format=csv` 或 `xlsx`（或 Accept）给出全部行的文件。As `csv` or `xlsx` every row comes, in a file.
        """
        if not _may_read(view, caller):
            refusal = problems.role_may_not()
            parts.notes.refused(caller, district, "view.read", refusal.code)
            raise refusal
        asked = questions.Query(
            filters=_filters(request, caller, mine=paging.mine),
            order=paging.order,
            after=paging.after,
            limit=paging.limit,
        )
        by = asked_by(parts, district, caller)
        with open_rows(parts) as rows:
            try:
                if paging.form == "json":
                    return answer(ask(rows, parts.ledger, view, district, asked, by))
                return _exported(parts, rows, (view, district, asked, by), caller, paging.form)
            except QueryError as error:
                if error.field == "view":
                    raise problems.not_found() from None
                raise ProblemError(422, error.code, error.zh, error.en, field=error.field) from None

    return router


def _exported(
    parts: Parts, rows: ViewRows, asked: tuple[str, str, questions.Query, AskedBy], caller: Caller, form: Format
) -> Response:
    """Return every row as a file, which is noted before it goes out."""
    view, district, query, by = asked
    description = description_of(rows, view)
    every = every_row(rows, parts.ledger, view, district, query, by)
    until = parts.ledger.head(district).sequence
    file = table_answer(form, f"{description.name}-{district}", description.zh, table_columns(description), every)
    parts.notes.exported(caller, district, until, bytes(file.body))
    return file


def _may_read(view: str, caller: Caller) -> bool:
    return is_allowed(_MORE_THAN_A_VIEW.get(view, "view.read"), caller.roles)


def _filters(request: Request, caller: Caller, *, mine: bool) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in _NO_FILTERS:
            found.setdefault(name, []).append(value)
    asked = {name: tuple(values) for name, values in found.items()}
    return asked | own_desk(caller) if mine else asked
