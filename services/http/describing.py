"""What the OpenAPI description says of bodies and answers: the schemas of the project's own types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from services.http.problems import MEDIA_TYPE, TITLES, ProblemBody

REFERENCE: Final = "#/components/schemas/{name}"
JSON: Final = "application/json"
_ALWAYS: Final = (400, 408, 413, 422, 429, 503)
"""What any route behind a token may answer beside what it says itself: HTTP and the limits come before it."""

Described = dict[int | str, dict[str, Any]]


def answers(good: Mapping[int, Any], *others: int, open_to_anybody: bool = False, bound: bool = True) -> Described:
    """Describe the answers of a route: the good ones by status with their schema, and which problems may come.

    `bound` routes have a district in their address, and answer 404 for one that is not the caller's.
    """
    problems = {*_ALWAYS, *others} | (set() if open_to_anybody else {401, 403}) | ({404} if bound else set())
    described: Described = {
        status: {"description": _WELL[status], "content": {JSON: {"schema": schema}}} for status, schema in good.items()
    }
    problem = {MEDIA_TYPE: {"schema": schema_of(ProblemBody)}}
    for status in sorted(problems - set(good)):
        zh, en = TITLES[status]
        described[status] = {"description": f"{zh} {en}", "content": problem}
    return described


_WELL: Final = {200: "好 OK", 201: "已入账 Recorded", 503: "尚未就绪 Not ready"}


def schema_of(wanted: Any) -> dict[str, Any]:  # noqa: ANN401  any type that msgspec knows
    """Return the schema of a type of ours, as a reference into the description."""
    (schema,), _ = msgspec.json.schema_components([wanted], schema_hook=_own, ref_template=REFERENCE)
    return schema


def body(schema: Mapping[str, Any], *, example: object = None) -> dict[str, Any]:
    """Describe the JSON body that a route reads itself."""
    content: dict[str, Any] = {"schema": dict(schema)}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": True, "content": {JSON: content}}}


def components(types: Iterable[Any]) -> dict[str, Any]:
    """Return the schemas of types of ours, by name."""
    _, found = msgspec.json.schema_components(types, schema_hook=_own, ref_template=REFERENCE)
    return found


def _own(wanted: type) -> dict[str, Any]:
    raise NotImplementedError(wanted)  # msgspec takes this for: no such type of ours
