"""The subjects on which the rules of the districts are set side by side."""

from fastapi import APIRouter
from starlette.responses import Response

from rulebooks.subjects import SUBJECTS
from services.http import problems
from services.http.answers import answer, spelled_out
from services.http.describing import answers, schema_of
from services.http.documents import Subjects, SubjectShown
from services.http.guard import Guard
from services.http.parts import Parts


def comparison_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["rules"], dependencies=[guard.may("rule.read")])

    @router.get("/v1/comparisons", responses=answers({200: schema_of(Subjects)}, bound=False))
    def subjects() -> Response:
        """可以并列比较的事项。The subjects on which the districts can be set side by side."""
        return answer(Subjects(tuple(SubjectShown(name, one.say.zh, one.say.en) for name, one in SUBJECTS.items())))

    @router.get("/v1/comparisons/{subject}", responses=answers({200: {"type": "object"}}, 404, bound=False))
    def comparison(subject: str) -> Response:
        """各区县在一个事项上的规则并列。The districts side by side on one subject."""
        found = parts.papers.comparison(subject)
        if found is None:
            raise problems.not_found()
        return answer(spelled_out(found))

    return router
