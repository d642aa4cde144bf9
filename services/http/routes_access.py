"""The access ledger, for the auditor alone: who read, exported or was refused."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.documents import AccessPage
from services.http.guard import Guard
from services.http.pages import USUAL_PAGE, AfterSequence, Limit
from services.http.parts import Parts
from services.http.visibility import shown
from services.identity.caller import Caller


def access_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["access"])

    @router.get("/v1/districts/{district}/access", responses=answers({200: schema_of(AccessPage)}))
    def access(
        district: str,
        _caller: Annotated[Caller, guard.may("access.read")],
        after: AfterSequence = 0,
        limit: Limit = USUAL_PAGE,
    ) -> Response:
        """查阅、导出与被拒绝的尝试，按序号。Readings, exports and refused attempts, in their sequence."""
        parts.notes.settle()
        found = parts.access.read(district, after, limit + 1)
        page = found[:limit]
        return answer(
            AccessPage(facts=tuple(shown(one) for one in page), next=page[-1].sequence if len(found) > limit else None)
        )

    return router
