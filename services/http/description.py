"""The OpenAPI description: FastAPI's own, with the schemas of our types and how one shows a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi

from services.http.describing import components
from services.http.documents import DOCUMENTS
from services.http.problems import ProblemBody

if TYPE_CHECKING:
    from fastapi import FastAPI

_BEARER: Final = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
_ABOUT: Final = (
    "区县政府办公事实的台账：录入、预演、查看、预警。The ledger of a district government's office work. "
    "中文在前，英文在旁。Every problem is application/problem+json with a stable `code`."
)


def described(app: FastAPI) -> dict[str, Any]:
    """Return the description of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
        known = made.setdefault("components", {})
        known["schemas"] = components([ProblemBody, *DOCUMENTS])
        known["securitySchemes"] = {"bearer": _BEARER}
        made["security"] = [{"bearer": []}]
        app.openapi_schema = made
    return app.openapi_schema
