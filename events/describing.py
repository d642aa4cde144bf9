"""The vocabulary described for programs: the shape in which it is published, and JSON Schema; both from the classes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

import msgspec

from events.field_types import FieldType
from events.fields import DECIMAL, LONGEST_LIST, ExactDecimal
from events.moment import DATE_TIME_PATTERN, DAY_PATTERN, Moment
from events.parsing import model
from events.vocabulary import FACTS, enums, envelope_types, field_types, sentence, subject_kind

Json = dict[str, Any]
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_WORD_IN_PYTHON: Final = r"\w"
_WORD_IN_JSON_SCHEMA: Final = r"\p{L}\p{N}_"
"""JSON Schema reads patterns as ECMAScript does, where `\\w` is ASCII only."""


def examples() -> dict[str, Json]:
    """Return the example data of each type of fact, from the file beside the classes."""
    lines = resources.files("events").joinpath("examples.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["type"]: one["data"] for one in map(json.loads, lines)}


def vocabulary_as_json() -> Json:
    """Return the vocabulary in force as `taizhang facts --json` prints it: envelope, enums and facts."""
    example = examples()
    return {
        "envelope": {
            "fields": {
                name: {"given_by": "caller", **_field_as_json(field)} for name, field in envelope_types().items()
            }
        },
        "enums": {
            name: {"zh": one.zh, "en": one.en, "values": {value: list(labels) for value, labels in one.values.items()}}
            for name, one in enums().items()
        },
        "facts": {
            type_: {
                "zh": fact.TYPE.zh,
                "en": sentence(fact),
                "subject": fact.TYPE.subject,
                "opens": fact.TYPE.opens,
                "fields": _fields(field_types(type_)),
                "example": example[type_],
            }
            for type_, fact in FACTS.items()
        },
    }


def json_schema(type_: str) -> Json:
    """Return the JSON Schema (2020-12) of a whole fact of one type, as the feeds hand it out."""
    (written,), parts = msgspec.json.schema_components(
        [model(type_)], schema_hook=_schema_of_own_type, ref_template="#/$defs/{name}"
    )
    name = written["$ref"].removeprefix("#/$defs/")
    parts = _with_bounded_lists(_for_json_schema(parts))
    whole: Json = parts.pop(name)
    properties: Json = whole["properties"]
    properties["type"] = {**properties["type"], "const": type_}
    kind = parts["Case"]["properties"]["kind"]
    parts["Case"]["properties"]["kind"] = {**kind, "const": subject_kind(type_)}
    parts["Actor"]["anyOf"] = [
        {"required": [one], "properties": {one: {"type": "string"}}} for one in ("person", "post", "unit")
    ]
    labels = {"title": FACTS[type_].TYPE.zh, "description": sentence(FACTS[type_])}
    return {"$schema": _DIALECT, "$id": f"urn:taizhang:fact:{type_}", **whole, **labels, "$defs": parts}


def shared_schemas(place: str) -> tuple[dict[str, Json], Json]:
    """Return the schema of a whole fact of each type, and by name the parts they refer to under `place` (`#/.../`).

    Unlike `json_schema` parts that several facts have stand there once, and nothing is said of a type's case kind.
    """
    written, parts = msgspec.json.schema_components(
        [model(type_) for type_ in FACTS], schema_hook=_schema_of_own_type, ref_template=f"{place}{{name}}"
    )
    parts = _with_bounded_lists(_for_json_schema(parts))
    wholes = {type_: parts.pop(one["$ref"].removeprefix(place)) for type_, one in zip(FACTS, written, strict=True)}
    return wholes, parts


def _fields(fields: Mapping[str, FieldType]) -> Json:
    return {name: _field_as_json(field) for name, field in fields.items()}


def _field_as_json(field: FieldType) -> Json:
    described: Json = {"type": f"list:{field.type}" if field.is_list else field.type, "required": field.required}
    if field.given_by is not None:
        described["given_by"] = field.given_by
    if field.personal:
        described["personal"] = True
    described |= {"zh": field.zh, "en": field.en}
    if field.fields:
        described["fields"] = _fields(field.fields)
    return described


def _schema_of_own_type(wanted: type) -> Json:
    if wanted is Moment:
        return {
            "anyOf": [
                {"type": "string", "format": "date", "pattern": f"^{DAY_PATTERN}$"},
                {"type": "string", "format": "date-time", "pattern": f"^{DATE_TIME_PATTERN}$"},
            ]
        }
    if wanted is ExactDecimal:
        return {"type": "string", "pattern": DECIMAL}
    raise NotImplementedError  # msgspec takes this for: no such type of ours


def _for_json_schema(part: Any) -> Any:  # noqa: ANN401  a JSON value of any shape goes in, the same shape comes out
    if isinstance(part, dict):
        return {
            name: value.replace(_WORD_IN_PYTHON, _WORD_IN_JSON_SCHEMA)
            if name == "pattern" and isinstance(value, str)
            else _for_json_schema(value)
            for name, value in part.items()
        }
    return [_for_json_schema(one) for one in part] if isinstance(part, list) else part


def _with_bounded_lists(parts: Mapping[str, Json]) -> dict[str, Json]:
    """Return the parts of schemas with the bound that lists have where they come in.

    What the watch says of an alert comes in nowhere, and may rest on more facts than a person may list.
    """
    of_watch = {fact.__name__ for type_, fact in FACTS.items() if type_.startswith("alert.")}
    return {name: part if name in of_watch else _bounded(part) for name, part in parts.items()}


def _bounded(part: Any) -> Any:  # noqa: ANN401  a JSON value of any shape goes in, the same shape comes out
    if isinstance(part, list):
        return [_bounded(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _bounded(value) for name, value in part.items()}
    return {"maxItems": LONGEST_LIST, **inner} if inner.get("type") == "array" else inner
