"""Preview: what facts would set in motion and break, before they are recorded."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.fact import case_key
from services.http.actions import EVERY_CLASS, classes_seen
from services.http.answers import answer
from services.http.describing import answers, body, schema_of
from services.http.documents import PreviewShown
from services.http.guard import Guard
from services.http.parts import Parts
from services.http.recording import asked_to_record
from services.http.refusals import detail_of, sees_versions
from services.http.routes.recording import FACTS
from services.identity.caller import Caller
from services.recording.request import Request as Asked
from services.recording.weighing import version_not_told


def preview_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["recording"])

    @router.post(
        "/v1/districts/{district}/previews",
        responses=answers({200: schema_of(PreviewShown)}, 409, 415),
        openapi_extra=body(FACTS),
    )
    async def preview(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.preview")]
    ) -> Response:
        """预演：这些事实会引起什么、违反什么，不入账。What facts would set in motion and break, without recording."""
        asked = await asked_to_record(parts, district, request, caller)
        return answer(await preview_for(parts, asked, caller))

    return router


async def preview_for(parts: Parts, asked: Asked, caller: Caller) -> PreviewShown:
    """Return what facts would change, as far as the caller may learn of it."""
    if asked.expected:
        district = asked.facts[0].district
        if not await run_in_threadpool(sees_versions, parts, district, caller, asked.expected):
            head = await run_in_threadpool(parts.ledger.head, district)
            told = (detail_of(version_not_told()),)
            return PreviewShown(through=head.sequence, problems=told, changes=(), at=None, unjudged=())
    found = await run_in_threadpool(parts.recorder.preview, asked, parts.judge)
    # Facts reach into other cases, of which a caller who may not see every class must not learn.
    sees_all = classes_seen(caller.roles) == EVERY_CLASS
    own = {case_key(fact.subject) for fact in asked.facts}
    return PreviewShown(
        through=found.through,
        problems=tuple(detail_of(one) for one in found.problems),
        changes=tuple(one for one in found.changes if sees_all or one.subject in own),
        at=found.at,
        unjudged=found.unjudged,
    )
