"""The guard at each route: whose token it is, whether his role may, whether the district is his."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request

from events.cases import CASE_KINDS
from events.fields import CASE_ID
from events.moment import Moment
from services.http import problems
from services.http.actions import FOR_ANYBODY, READING, WATCHED_READERS, Action, is_allowed
from services.http.json_bodies import header_of
from services.http.known_parameters import refuse_unknown_parameters
from services.http.problems import ProblemError
from services.http.request_rate import RequestRate
from services.identity import token_errors
from services.identity.caller import NOBODY, Caller
from services.identity.token_errors import TokenError

if TYPE_CHECKING:
    from services.http.metrics import Metrics
    from services.http.parts import Parts

DISTRICT: Final = "district"
"""The part of an address that names the district whose records it is about; such a route is bound to it."""
TOKEN_COOKIE: Final = "taizhang_token"  # noqa: S105  the name of the cookie, no token
_BEARER: Final = "bearer "
_CHANGE_NOTHING: Final = frozenset({"GET", "HEAD"})
_is_case_id = re.compile(CASE_ID).match


class Guard:
    """Makes the permit of each route."""

    def __init__(self, parts: Parts, metrics: Metrics) -> None:
        self.metrics = metrics
        self._parts = parts
        self.rate = RequestRate(parts.limits.rate, parts.limits.burst)

    def may(self, action: Action, *, by_cookie: bool = False) -> Any:  # noqa: ANN401  as fastapi.Depends is typed
        """Return the dependency of a route that does an action; its value is the caller.

        `by_cookie` takes the token from a cookie too, for pages; what changes something has to come from one of ours.
        """
        return Depends(Permit(action, self._parts, self, by_cookie=by_cookie))


class Permit:
    """What stands before one route: nobody gets past whose token does not allow the route's action there."""

    def __init__(self, action: Action, parts: Parts, guard: Guard, *, by_cookie: bool) -> None:
        self.action = action
        self._parts = parts
        self._guard = guard
        self._by_cookie = by_cookie

    async def __call__(self, request: Request) -> Caller:
        """Return the caller; raise ProblemError when he may not."""
        if self.action in FOR_ANYBODY:
            return NOBODY
        try:
            caller = await self._caller(request)
        except TokenError as error:
            self._guard.metrics.unrecognised(error.code)
            raise _unrecognised(error) from None
        wait = self._guard.rate.wait_for(caller.subject)
        if wait:
            raise problems.too_many_requests(wait)
        district = request.path_params.get(DISTRICT)
        if not is_allowed(self.action, caller.roles):
            raise self._refused(caller, district, problems.role_may_not())
        if district is not None and district not in caller.districts:
            raise self._refused(caller, district, problems.not_found())
        if not self._by_cookie:
            refuse_unknown_parameters(request)
        if district is not None and self.action in READING and caller.roles & WATCHED_READERS:
            await self._parts.notes.viewed(caller, district, _about(request), _query(request), _known_at(request))
        return caller

    async def _caller(self, request: Request) -> Caller:
        token = _token(request, by_cookie=self._by_cookie)
        known = self._parts.tokens.known(token)
        if known is not None:
            return known
        if self._parts.tokens.may_wait:
            return await asyncio.to_thread(self._parts.tokens.read, token)
        return self._parts.tokens.read(token)

    def _refused(self, caller: Caller, district: str | None, problem: ProblemError) -> ProblemError:
        self._parts.notes.refused(caller, district, self.action, problem.code)
        return problem


def _token(request: Request, *, by_cookie: bool) -> str:
    given = header_of(request.scope, b"authorization").decode("latin-1")
    if given[: len(_BEARER)].lower() == _BEARER:
        return given[len(_BEARER) :].strip()
    cookie = request.cookies.get(TOKEN_COOKIE) if by_cookie else None
    if not cookie:
        raise TokenError(token_errors.MISSING)
    if request.method not in _CHANGE_NOTHING and not is_of_same_origin(request):
        raise problems.other_origin()
    return cookie


def is_of_same_origin(request: Request) -> bool:
    """Tell whether a browser sent a form from a page of this very address; the cookie alone does not show that."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def _unrecognised(error: TokenError) -> ProblemError:
    if error.code == token_errors.KEYS_UNAVAILABLE:
        return problems.unavailable(error.code, error.zh, error.en)
    challenge = (
        "Bearer"
        if error.code == token_errors.MISSING
        else f'Bearer error="invalid_token", error_description="{error.code}"'
    )
    return ProblemError(401, error.code, error.zh, error.en, headers={"www-authenticate": challenge})


def _about(request: Request) -> str | None:
    kind, case = request.path_params.get("kind"), request.path_params.get("case_id")
    return f"{kind}/{case}" if kind in CASE_KINDS and case and _is_case_id(case) else None


def _known_at(request: Request) -> Moment | None:
    """Return as of when records are asked for, in a replay; None for what is no moment, and is then refused."""
    with suppress(ValueError):
        return (
            Moment(request.query_params["known_at"].replace(" ", "+")) if "known_at" in request.query_params else None
        )
    return None


def _query(request: Request) -> str:
    asked = f"{request.method} {request.url.path}"
    return f"{asked}?{request.url.query}" if request.url.query else asked
