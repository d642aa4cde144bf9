"""The application: every route under one guard, every fault a problem, and a description of it all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from events.errors import FactError
from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.http import faults
from services.http.description import described
from services.http.edge import Edge
from services.http.guard import Guard
from services.http.metrics import Metrics
from services.http.problems import ProblemError
from services.http.quick_route import QuickWay
from services.http.routes.every_route import ROUTES

if TYPE_CHECKING:
    from services.http.parts import Parts
    from services.http.quick_route import OnError

VERSION: Final = "1"

ON_ERROR: Final[Mapping[type[Exception], OnError]] = MappingProxyType(
    {
        ProblemError: faults.on_problem,
        HTTPException: faults.on_http,
        RequestValidationError: faults.on_invalid,
        FactError: faults.on_fact,
        LedgerError: faults.on_ledger,
        ViewsError: faults.on_views,
    }
)
"""What answers an error that was raised below a route."""


def http_app(parts: Parts) -> QuickWay:
    """Return the application over some parts."""
    app = FastAPI(
        title="taizhang 台账",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        # Spans and figures are our own; the framework would look for its settings at each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    metrics = Metrics()
    guard = Guard(parts, metrics)
    for routes in ROUTES:
        # One flat list, so that whoever looks at an application sees each route with its guard.
        app.router.routes.extend(routes(parts, guard).routes)
    for error, on_error in ON_ERROR.items():
        app.add_exception_handler(error, on_error)
    app.add_middleware(Edge, limits=parts.limits, metrics=metrics, spans=parts.spans)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend the description
    edge = partial(Edge, limits=parts.limits, metrics=metrics, spans=parts.spans)
    return QuickWay(app, edge, ON_ERROR)
