"""The vocabulary in force: the whole, and the JSON Schema of one type of fact."""

from functools import cache
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from events.describing import json_schema, vocabulary_as_json
from events.vocabulary import FACTS
from services.http import problems
from services.http.answers import answer
from services.http.describing import answers
from services.http.guard import Guard
from services.http.parts import Parts


def vocabulary_routes(_parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["vocabulary"], dependencies=[guard.may("vocabulary.read")])
    whole = cache(vocabulary_as_json)
    described = answers({200: {"type": "object"}}, bound=False)

    @router.get("/v1/vocabulary", responses=described)
    def vocabulary() -> Response:
        """事实词汇全文，形如 taizhang facts --json。The whole vocabulary, as `taizhang facts --json` prints it."""
        return answer(whole())

    @router.get("/v1/vocabulary/{type}/schema", responses=answers({200: {"type": "object"}}, 404, bound=False))
    def schema(type: str) -> Response:  # noqa: A002  the word of the vocabulary
        """一种事实的 JSON Schema。The JSON Schema of one type of fact."""
        if type not in FACTS:
            raise problems.not_found()
        found: dict[str, Any] = json_schema(type)
        return answer(found)

    return router
