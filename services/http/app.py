"""The application: every route under one guard, every fault a problem, and a description of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from events.errors import FactError
from events.ledger_errors import LedgerError
from projections.views_database import ViewsError
from services.http import faults
from services.http.description import described
from services.http.edge import Edge
from services.http.guard import Guard
from services.http.metrics import Metrics
from services.http.problems import ProblemError
from services.http.routes import ROUTES

if TYPE_CHECKING:
    from services.http.parts import Parts

VERSION: Final = "1"


def http_app(parts: Parts) -> FastAPI:
    """Return the application over some parts."""
    app = FastAPI(
        title="taizhang 台账",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    metrics = Metrics()
    guard = Guard(parts, metrics)
    for routes in ROUTES:
        # One flat list, so that whoever looks at an application sees each route with its guard.
        app.router.routes.extend(routes(parts, guard).routes)
    app.add_exception_handler(ProblemError, faults.on_problem)
    app.add_exception_handler(HTTPException, faults.on_http)
    app.add_exception_handler(RequestValidationError, faults.on_invalid)
    app.add_exception_handler(FactError, faults.on_fact)
    app.add_exception_handler(LedgerError, faults.on_ledger)
    app.add_exception_handler(ViewsError, faults.on_views)
    app.add_middleware(Edge, limits=parts.limits, metrics=metrics, spans=parts.spans)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend the description
    return app
