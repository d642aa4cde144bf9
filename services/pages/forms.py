"""From a form of a page to the fact that it asks to record."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import orjson

from events.errors import FactError
from events.strict_json import read_object
from services.http import problems
from services.http.faults import of_fact
from services.http.requests import request_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from services.http.parts import Parts
    from services.identity.caller import Caller
    from services.recording import request as recording

FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 20


async def form_of(request: Request, most_fields: int = _MOST_FIELDS) -> dict[str, str]:
    """Return the fields of a form, trimmed; raise ProblemError for another body."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != FORM:
        raise problems.wrong_media_type(given[:100])
    async with request.form(max_files=0, max_fields=most_fields) as form:
        return {name: str(value).strip() for name, value in form.items()}


def fact_asked(form: Mapping[str, str], district: str, caller: Caller, parts: Parts) -> recording.Request:
    """Read the form of a fact; raise ProblemError naming what is wrong."""
    kind, _, identity = form.get("case", "").partition("/")
    actor = {name: form[name] for name in ("person", "unit") if form.get(name)}
    try:
        data = read_object(form.get("data", "").encode() or b"{}")
    except FactError as error:
        raise of_fact(error) from None
    given = {
        "type": form.get("type", ""),
        "subject": {"kind": kind, "id": identity},
        "occurred_at": form.get("occurred_at", ""),
        "actor": actor,
        "data": data,
    }
    return asked(given, district, caller, parts)


def asked(
    given: Mapping[str, Any], district: str, caller: Caller, parts: Parts, key: str | None = None
) -> recording.Request:
    """Return the request to record one fact, once under its key; raise ProblemError naming what is wrong with it."""
    body = orjson.dumps(given)
    return request_of(body, district, caller, key=key, version=None, most_facts=parts.limits.facts)


def key_of(drawn: str, name: str, data: Mapping[str, str]) -> str:
    """Return the key under which a form of a page is recorded once; in other words it is another request.

    `drawn` is the id that the page got when it was drawn, which all forms of the page share.
    """
    return f"{drawn} {name} {sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()}"
