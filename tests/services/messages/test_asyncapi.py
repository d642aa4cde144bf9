"""The published description of the messages: as the classes say, whole, and true of real messages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from events.vocabulary import FACTS
from services.cli import main
from services.messages.asyncapi import asyncapi, asyncapi_text
from services.messages.cloud_event import message_of
from tests.events.facts_to_try import example

PAGE = Path(__file__).parents[3] / "deploy" / "asyncapi.json"
DOCUMENT = asyncapi()
SURROGATES = r"\\ud800-\\udfff"
MESSAGES = DOCUMENT["components"]["messages"]


@cache
def validator() -> jsonschema_rs.Validator:
    """Return what checks values by type and headers against the document.

    The library knows no surrogates in patterns, of which a message in UTF-8 has none.
    """
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": DOCUMENT["components"],
        "properties": {
            "values": {"properties": {type_: one["payload"]["schema"] for type_, one in MESSAGES.items()}},
            "headers": {"items": DOCUMENT["components"]["messageTraits"]["CloudEvent"]["headers"]},
        },
    }
    return jsonschema_rs.validator_for(json.loads(json.dumps(whole).replace(SURROGATES, "")), validate_formats=True)


def references(part: object) -> set[str]:
    match part:
        case dict():
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        case list():
            return set().union(*map(references, part))
        case _:
            return set()


def test_the_published_document_says_what_the_classes_say(capsys: pytest.CaptureFixture[str]) -> None:
    """Write it anew with `taizhang facts --asyncapi > deploy/asyncapi.json`."""
    assert main(["facts", "--asyncapi"]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8") == asyncapi_text()


def test_every_reference_leads_somewhere_and_every_fact_has_its_message() -> None:
    def found(reference: str) -> object:
        part: Any = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        return part

    assert [one for one in references(DOCUMENT) if not found(one)] == []
    assert list(MESSAGES) == list(DOCUMENT["channels"]["facts"]["messages"]) == list(FACTS)


def test_real_messages_of_every_type_fit_their_description() -> None:
    messages = {type_: message_of(msgspec.structs.replace(example(type_), sequence=1)) for type_ in FACTS}
    values = {type_: json.loads(message.value) for type_, message in messages.items()}
    headers = [{name: value.decode() for name, value in message.headers} for message in messages.values()]

    assert [(one.instance_path, one.message) for one in validator().iter_errors({"values": values})] == []
    assert [one.message for one in validator().iter_errors({"headers": headers})] == []


def test_a_changed_message_does_not_fit() -> None:
    type_ = "countersign.requested.v1"
    message = message_of(msgspec.structs.replace(example(type_), sequence=1))
    given = json.loads(message.value)
    headers = {name: value.decode() for name, value in message.headers}

    def fits(**fields: object) -> bool:
        return validator().is_valid({"values": {type_: given | fields}})

    assert fits(added_later=True)
    assert not fits(sequence=0)
    assert not fits(type="countersign.replied.v1")
    assert not fits(subject={"kind": "matter", "id": "m-1"})
    assert not fits(data={**given["data"], "departments": []})
    assert not fits(recorded_at="yesterday")
    assert not validator().is_valid({"values": {type_: {"type": type_}}})
    assert not validator().is_valid({"headers": [headers | {"ce_sequence": "7"}]})
