"""A problem as a page: who is not signed in is sent to sign in, everybody else reads what happened and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import RedirectResponse, Response

from services.pages.drawing import page

if TYPE_CHECKING:
    from starlette.requests import Request

    from services.http.problems import ProblemError


def wants_page(request: Request) -> bool:
    """Tell whether a browser asked for one of the pages."""
    return request.url.path.startswith("/pages") and "text/html" in request.headers.get("accept", "")


def problem_page(problem: ProblemError) -> Response:
    """Return a problem as a page."""
    if problem.status_code == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse("/pages", 303)
    details = problem.body.problems
    return page(
        "problem.html",
        problem.status_code,
        problem.headers,
        district=None,
        here=None,
        problem=problem.body,
        details=() if details is msgspec.UNSET else details,
    )
