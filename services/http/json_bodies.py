"""The bodies of requests as bytes of JSON, read without a framework in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.http import problems

if TYPE_CHECKING:
    from starlette.requests import Request

_ACCEPTED: Final = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})


async def json_body(request: Request) -> bytes:
    """Return the body of a request that says it is JSON; raise ProblemError for another one."""
    given = request.headers.get("content-type", "")
    if given.lower() not in _ACCEPTED or request.headers.get("content-encoding", "identity").lower() != "identity":
        raise problems.wrong_media_type(given[:100])
    return await request.body()
