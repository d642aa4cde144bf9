"""What else to record, case by case, so that the rules can be judged."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from projections.saved_shelf import SavedShelf
from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.documents import MissingPage
from services.http.guard import Guard
from services.http.pages import USUAL_PAGE, After, Limit, page_of
from services.http.parts import Parts
from services.identity.caller import Caller
from services.missing_records import Missing, what_is_missing


def missing_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["views"])

    @router.get("/v1/districts/{district}/missing", responses=answers({200: schema_of(MissingPage)}))
    def missing(
        district: str,
        _caller: Annotated[Caller, guard.may("missing.read")],
        after: After = None,
        limit: Limit = USUAL_PAGE,
    ) -> Response:
        """还须补录什么，以及哪些规则在等。What else to record, and which rules wait for it."""
        with parts.views() as views:
            undetermined = SavedShelf(views, parts.ledger, district).judgements("not_determinable")
        found = what_is_missing(district, undetermined)
        page, following = page_of(found, _name, after, limit)
        return answer(MissingPage(cases=tuple(page), total=len(found), next=following))

    return router


def _name(one: Missing) -> str:
    return one.subject
