"""Which parameters a route takes in its address: one it does not know is refused, as an unknown field of a body is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi.routing import APIRoute

from services.http.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.dependencies.models import Dependant
    from starlette.requests import Request


TAKES_FILTERS: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "filters",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": "视图所列的筛选条件，可重复。The filters that the view offers; each may be repeated.",
            "schema": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        }
    ]
}
"""What the description of a route says that takes the filters of a view beside its own parameters."""


def refuse_unknown_parameters(request: Request) -> None:
    """Raise ProblemError for a parameter that the route does not take.

    Passed over, `known-at` for `known_at` would answer with today what was asked as of a day. A route that takes the
    filters of a view looks at them itself.
    """
    route = request.scope.get("route")
    if not request.scope["query_string"] or not isinstance(route, APIRoute):
        return
    known = _parameters_of(route)
    if known is None:
        return
    unknown = next((name for name in request.query_params if name not in known), None)
    if unknown is not None:
        name, there_are = unknown[:100], sorted(known)
        raise ProblemError(
            422,
            "http.unknown_parameter",
            f"此地址没有参数 {name}，未予办理；可用：{'、'.join(there_are) or '无'}。",
            f"This address takes no parameter {name}, so nothing was done; it takes: {', '.join(there_are) or 'none'}.",
            field=name,
        )


def _parameters_of(route: APIRoute) -> frozenset[str] | None:
    return None if route.openapi_extra == TAKES_FILTERS else frozenset(_of(route.dependant))


def _of(dependant: Dependant) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _of(inner)
