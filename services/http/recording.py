"""From a request to what became of it in the ledger, the same for every route that records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.http.answers import answer
from services.http.documents import ReceiptShown, RecordedShown
from services.http.json_bodies import headers_of, json_body
from services.http.refusals import refusal_of
from services.http.requests import request_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from services.http.parts import Parts
    from services.identity.caller import Caller
    from services.recording import request as recording


async def recorded(
    parts: Parts, district: str, request: Request, caller: Caller, *, given: Mapping[str, Any] | None = None
) -> Response:
    """Record what the body of a request asks for; raise ProblemError when it is not in the ledger afterwards."""
    asked = await asked_to_record(parts, district, request, caller, given=given)
    return await recorded_request(parts, district, caller, asked)


async def recorded_request(parts: Parts, district: str, caller: Caller, asked: recording.Request) -> Response:
    """Record a request that was read; as above."""
    with parts.spans.recording(asked.facts):
        result = await parts.recorder.record_soon(asked)
        if not result.is_in_the_ledger:
            raise await refusal_of(parts, result, asked, caller, district)
    return answer(_shown(result), 201 if result.status == "recorded" else 200)


async def asked_to_record(
    parts: Parts, district: str, request: Request, caller: Caller, *, given: Mapping[str, Any] | None = None
) -> recording.Request:
    """Read the body of a request and its headers; `given` is what a route itself says of the one fact."""
    headers = headers_of(request)
    return request_of(
        await json_body(request, headers),
        district,
        caller,
        key=headers.get("idempotency-key"),
        version=headers.get("if-match"),
        most_facts=parts.limits.facts,
        own=given,
    )


def _shown(result: recording.Answer) -> RecordedShown:
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
