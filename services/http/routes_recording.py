"""Recording facts: one, or a form of many, all or none."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.http.answers import answer
from services.http.describing import answers, body, schema_of
from services.http.documents import ReceiptShown, RecordedShown
from services.http.guard import Guard
from services.http.json_bodies import json_body
from services.http.parts import Parts
from services.http.refusals import refused
from services.http.requests import request_of
from services.identity.caller import Caller
from services.recording.request import Answer

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
_FACTS: Final[dict[str, Any]] = {
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
    router = APIRouter(tags=["recording"])

    @router.post(
        "/v1/districts/{district}/facts",
        status_code=201,
        responses=answers({200: schema_of(RecordedShown), 201: schema_of(RecordedShown)}, 409, 415, 422),
        openapi_extra=body(_FACTS),
    )
    async def record(district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record")]) -> Response:
        """录入一个事实，或一张表的多个事实：全部入账，或全不入账。Record one fact, or many: all or none."""
        asked = request_of(
            await json_body(request),
            district,
            caller,
            key=request.headers.get("idempotency-key"),
            version=request.headers.get("if-match"),
            most_facts=parts.limits.facts,
        )
        result = await parts.recorder.record_soon(asked)
        if not result.is_in_the_ledger:
            raise refused(result, caller, parts.notes)
        return answer(_shown(result), 201 if result.status == "recorded" else 200)

    return router


def _shown(result: Answer) -> RecordedShown:
    return RecordedShown(
        status="recorded" if result.status == "recorded" else "repeated",
        receipts=tuple(
            ReceiptShown(
                id=str(one.fact_id),
                sequence=one.sequence,
                recorded_at=one.recorded_at,
                leaf=one.leaf.hex(),
                root=one.root.hex(),
            )
            for one in result.receipts
        ),
    )
