"""Answers in JSON, written by msgspec from the project's own types."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from events.fact import encode_moment

_ENCODE = msgspec.json.Encoder(enc_hook=encode_moment).encode


def answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return something as JSON."""
    return Response(_ENCODE(content), status, headers, media_type="application/json")
