"""The application of a process that only tells how it is: what it does not answer is a problem, as with the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from services.http import problems
from services.http.problems import problem_response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

_WRONG_METHOD: Final = 405


def probing(routes: Sequence[BaseRoute]) -> Starlette:
    """Return an application with these routes."""
    return Starlette(routes=routes, exception_handlers={HTTPException: _refused})


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == _WRONG_METHOD:
        return problem_response(problems.method_not_allowed(request.scope, request.app.routes))
    return problem_response(problems.not_found())
