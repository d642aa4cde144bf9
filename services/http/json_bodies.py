"""Headers and bodies of requests as they came, read without a framework in between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from services.http import problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.types import Scope

_ACCEPTED: Final = re.compile(r"application/json(\s*;\s*charset=(utf-8|\"utf-8\"))?", re.IGNORECASE).fullmatch
_TELLING: Final = frozenset({b"content-type", b"content-encoding", b"idempotency-key", b"if-match"})


def header_of(scope: Scope, name: bytes, otherwise: bytes = b"") -> bytes:
    """Return the first header of a name in small letters, or what is given for a missing one."""
    for given, value in scope["headers"]:
        if given == name:
            return bytes(value)
    return otherwise


def headers_of(request: Request) -> Mapping[str, str]:
    """Return the headers that tell about a body, by their name in small letters; of one that came twice the last."""
    given = request.scope["headers"]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in given if name in _TELLING}


async def json_body(request: Request, headers: Mapping[str, str]) -> bytes:
    """Return the body of a request that says it is JSON; raise ProblemError for another one."""
    given = headers.get("content-type", "")
    packed = headers.get("content-encoding", "identity")
    if packed.lower() != "identity":
        raise problems.packed_body(packed[:100])
    if _ACCEPTED(given.strip()) is None:
        raise problems.wrong_media_type(given[:100])
    parts: list[bytes] = []
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)
