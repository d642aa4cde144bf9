"""Answers in JSON, written by msgspec from the project's own types."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from events.fact import encode_moment
from rulebooks.judgement import Say

_ENCODE = msgspec.json.Encoder(enc_hook=encode_moment).encode


def answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return something as JSON."""
    return Response(_ENCODE(content), status, headers, media_type="application/json")


def spelled_out(given: object) -> object:
    """Return our own types as plain objects, a sentence in two languages as `{"zh", "en"}`."""
    match given:
        case msgspec.Struct():
            return {name: spelled_out(getattr(given, name)) for name in given.__struct_fields__}
        case Say(zh, en):
            return {"zh": zh, "en": en}
        case dict():
            return {name: spelled_out(one) for name, one in given.items()}
        case tuple() | list():
            return [spelled_out(one) for one in given]
        case _:
            return given
