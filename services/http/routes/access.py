"""The access ledger, for the auditor alone: who read, exported or was refused."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.documents import AccessPage
from services.http.guard import Guard
from services.http.pages import USUAL_PAGE, AfterSequence, Limit
from services.http.parts import Parts
from services.http.visibility import shown
from services.identity.caller import Caller

By = Annotated[
    Literal["service", "commands"], Query(description="服务或本机命令 the service, or commands on the machine")
]


def access_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["access"])

    @router.get("/v1/districts/{district}/access", responses=answers({200: schema_of(AccessPage)}))
    def access(
        district: str,
        _caller: Annotated[Caller, guard.may("access.read")],
        after: AfterSequence = 0,
        limit: Limit = USUAL_PAGE,
        by: By = "service",
    ) -> Response:
        """查阅、导出与被拒绝的尝试，按序号。Readings, exports and refused attempts, in their sequence.

        by=commands 为本机命令的导出，另成一册。`by=commands`: what commands on the machine handed out, a book apart.
        """
        if by == "commands":
            found = parts.noted_by_commands(district, after, limit + 1)
        else:
            parts.notes.settle()
            found = parts.access.read(district, after, limit + 1)
        page = found[:limit]
        return answer(
            AccessPage(facts=tuple(shown(one) for one in page), next=page[-1].sequence if len(found) > limit else None)
        )

    return router
