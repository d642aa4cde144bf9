"""What is generated from the classes: JSON Schema, and the page, which must not drift from them."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from events.describing import json_schema
from events.fields import LONGEST_LIST
from events.vocabulary import FACTS, envelope_types, field_types
from events.vocabulary_page import vocabulary_page
from tests.events.facts_to_try import EXAMPLES

PAGE = Path(__file__).parents[2] / "deploy" / "vocabulary.md"


def test_the_page_says_what_the_classes_say() -> None:
    """Write it anew with `python -c "from events.vocabulary_page import *; print(vocabulary_page(), end='')"`."""
    assert PAGE.read_text(encoding="utf-8") == vocabulary_page()


def test_the_page_shows_every_fact_and_every_field() -> None:
    page = vocabulary_page()

    assert [type_ for type_ in FACTS if f"#### `{type_}` {FACTS[type_].TYPE.zh}\n" not in page] == []
    assert [
        (type_, name)
        for type_ in FACTS
        for name, field in field_types(type_).items()
        if f"| {field.zh} | {field.en} |" not in page
    ] == []


@pytest.mark.parametrize("type_", FACTS)
def test_the_schema_of_a_fact_names_its_fields_as_the_vocabulary_does(type_: str) -> None:
    schema = json_schema(type_)
    data = schema["$defs"][FACTS[type_].__name__]

    assert set(schema["properties"]) == {*envelope_types(), "sequence"}
    assert set(schema["required"]) == {name for name, one in envelope_types().items() if one.required}
    assert set(data["properties"]) == set(field_types(type_))
    assert set(data.get("required", [])) == {name for name, one in field_types(type_).items() if one.required}
    assert {name: (one["title"], one["description"]) for name, one in data["properties"].items()} == {
        name: (one.zh, one.en) for name, one in field_types(type_).items()
    }
    assert data["additionalProperties"] is schema["additionalProperties"] is False
    assert schema["properties"]["type"]["const"] == type_
    assert schema["$defs"]["Case"]["properties"]["kind"]["const"] == FACTS[type_].TYPE.subject


@pytest.mark.parametrize("type_", FACTS)
def test_the_example_of_a_fact_fits_its_schema(type_: str) -> None:
    schema = json_schema(type_)

    assert misfits(EXAMPLES[type_], schema, schema["$defs"]) == []


def test_a_wrong_fact_does_not_fit_the_schema() -> None:
    schema = json_schema("countersign.requested.v1")
    given = EXAMPLES["countersign.requested.v1"]
    wrong: list[dict[str, Any]] = [
        given | {"data": given["data"] | {"about": "meeting/zw-18"}},
        given | {"data": given["data"] | {"departments": []}},
        given | {"data": given["data"] | {"departments": ["u-land"] * (LONGEST_LIST + 1)}},
        given | {"data": given["data"] | {"kind": "signing"}},
        given | {"data": given["data"] | {"reply_by": "2026-10-10T09:00:00"}},
        given | {"data": given["data"] | {"reason": " "}},
        given | {"actor": {"person": None}},
        given | {"subject": {"kind": "matter", "id": "m-14"}},
        {name: value for name, value in given.items() if name != "district"},
        given | {"when": "now"},
    ]

    assert [bool(misfits(one, schema, schema["$defs"])) for one in wrong] == [True] * len(wrong)


@pytest.mark.parametrize("type_", FACTS)
def test_the_schema_bounds_every_list_that_people_give(type_: str) -> None:
    bound = None if type_.startswith("alert.") else LONGEST_LIST
    assert {one.get("maxItems") for one in lists_in(json_schema(type_))} <= {bound}


def lists_in(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  any JSON value
    """Give each list that a schema describes, at whatever depth."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and schema.get("type") == "array":
        yield schema
    for one in inner:
        yield from lists_in(one)


def misfits(value: Any, schema: dict[str, Any], parts: dict[str, Any]) -> list[str]:  # noqa: ANN401  any JSON value
    """Return the keywords of the schema that the value does not meet: those keywords that our schemas use."""
    if "$ref" in schema:
        return misfits(value, parts[schema["$ref"].removeprefix("#/$defs/")], parts)
    wrong = []
    if "anyOf" in schema and all(misfits(value, one, parts) for one in schema["anyOf"]):
        wrong.append("anyOf")
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        wrong.append("const or enum")
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [*wrong, f"type {schema['type']}"]
    if isinstance(value, str):
        return [*wrong, *text_misfits(value, schema)]
    if isinstance(value, list):
        inner = [misfits(entry, schema.get("items", {}), parts) for entry in value]
        return [*wrong, *chain(*inner), *counted(len(value), schema)]
    if isinstance(value, dict):
        return [*wrong, *object_misfits(value, schema, parts)]
    return wrong


def counted(entries: int, schema: dict[str, Any]) -> list[str]:
    return [] if schema.get("minItems", 0) <= entries <= schema.get("maxItems", entries) else ["number of entries"]


def text_misfits(value: str, schema: dict[str, Any]) -> list[str]:
    pattern = schema.get("pattern", "").replace(r"\p{L}\p{N}_", r"\w")
    fits = re.search(pattern, value) and len(value) <= schema.get("maxLength", len(value))
    return [] if fits else ["text"]


def object_misfits(value: dict[str, Any], schema: dict[str, Any], parts: dict[str, Any]) -> list[str]:
    known = schema.get("properties", {})
    missing = [name for name in schema.get("required", []) if name not in value]
    unknown = [name for name in value if name not in known and schema.get("additionalProperties") is False]
    inner = [misfits(value[name], known[name], parts) for name in value.keys() & known.keys()]
    return [*missing, *unknown, *chain(*inner)]


TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
