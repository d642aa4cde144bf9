"""Recording facts: one, or a form of many, all or none."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.http.describing import answers, body, schema_of
from services.http.documents import RecordedShown
from services.http.guard import Guard
from services.http.parts import Parts
from services.http.quick_route import QuickRoute
from services.http.recording import recorded
from services.identity.caller import Caller

_FACT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "subject", "occurred_at", "actor", "data"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "type": {"type": "string"},
        "subject": {
            "type": "object",
            "required": ["kind", "id"],
            "properties": {"kind": {"type": "string"}, "id": {"type": "string"}},
        },
        "occurred_at": {"type": "string"},
        "actor": {"type": "object"},
        "data": {"type": "object"},
    },
}
FACTS: Final[dict[str, Any]] = {
    "anyOf": [
        _FACT,
        {
            "type": "object",
            "required": ["facts"],
            "additionalProperties": False,
            "properties": {
                "facts": {"type": "array", "minItems": 1, "items": _FACT},
                "expected": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
            },
        },
    ]
}


def recording_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["recording"], route_class=QuickRoute)

    @router.post(
        "/v1/districts/{district}/facts",
        status_code=201,
        responses=answers({200: schema_of(RecordedShown), 201: schema_of(RecordedShown)}, 409, 415),
        openapi_extra=body(FACTS),
    )
    async def record(district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record")]) -> Response:
        """录入一个事实，或一张表的多个事实：全部入账，或全不入账。Record one fact, or many: all or none."""
        return await recorded(parts, district, request, caller)

    return router
