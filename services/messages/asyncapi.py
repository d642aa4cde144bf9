"""What goes over Kafka, described in AsyncAPI 3 for those who listen; made of the classes of the facts."""

from __future__ import annotations

from typing import Any, Final

import orjson

from events.describing import examples, shared_schemas
from events.vocabulary import FACTS, sentence, subject_kind
from services.messages.cloud_event import CONTENT_TYPE, SEQUENCE_DIGITS, SOURCE, SPECIFICATION
from services.messages.topic_configuration import wanted_configuration
from services.settings.kafka import KafkaSettings

Json = dict[str, Any]
_VERSION: Final = "3.0.0"
_BINDING: Final = "0.5.0"
_DIALECT: Final = "application/schema+json;version=draft-2020-12"
_SCHEMAS: Final = "#/components/schemas/"
_ENVELOPE: Final = "Fact"
_HEADERS: Final = "CloudEvent"
_DISTRICT: Final = "District"

_ABOUT: Final = f"""\
账册中的每个事实按入账次序发到所属区县的分区，一个事实一条消息，CloudEvents {SPECIFICATION} 的 Kafka 二进制模式：
属性在消息头，值为账册所存的事实原文。以 ce_partitionkey 加 ce_sequence 认消息：序号逐区县自 1 起连续；
只收恰好接续的一个：不大于已收到的是重发，来早了的会随缺号一起重发。个人信息以密文传送；
不认识的类型和字段请忽略，以便将来增加。示例见 deploy/kafka/subscribe.py。

Every fact of the ledger is sent in the order of recording to the partition of its district, one message each, in
Kafka's binary mode of CloudEvents {SPECIFICATION}: the attributes are headers, the value is the fact as the ledger
stores it. A message is known by ce_partitionkey and ce_sequence, which counts from 1 in each district without a gap:
take the one alone that comes next. One that is not greater than what was received is a repeat, one that comes too
early is sent again after those that are missing. Personal texts are sent sealed; pass over types and fields that you
do not know, so that more can come. An example is deploy/kafka/subscribe.py.
"""


def asyncapi() -> Json:
    """Return the document, with the topic as the default settings name it."""
    settings = KafkaSettings()
    wholes, parts = shared_schemas(_SCHEMAS)
    example = examples()
    for type_, fact in FACTS.items():
        parts[fact.__name__] = {**parts[fact.__name__], "examples": [example[type_]]}
    parts |= {
        _DISTRICT: next(iter(wholes.values()))["properties"]["district"],
        _ENVELOPE: _envelope(next(iter(wholes.values()))),
        _HEADERS: _headers(),
    }
    return {
        "asyncapi": _VERSION,
        "info": {
            "title": "台账事实消息 taizhang facts",
            "version": "1.0.0",
            "description": _ABOUT,
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "facts": {
                "address": settings.kafka_topic,
                "title": "事实 Facts",
                "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in FACTS},
                "bindings": {"kafka": _topic(settings)},
            }
        },
        "operations": {
            "publishFacts": {
                "action": "send",
                "channel": {"$ref": "#/channels/facts"},
                "summary": "taizhang relay 发送每个事实 publishes every fact",
            }
        },
        "components": {
            "messages": {type_: _message(type_) for type_ in FACTS},
            "messageTraits": {_HEADERS: _trait()},
            "schemas": parts,
        },
    }


def asyncapi_text() -> str:
    """Return the document as it is published."""
    return orjson.dumps(asyncapi(), option=orjson.OPT_INDENT_2).decode() + "\n"


def _message(type_: str) -> Json:
    fact = FACTS[type_]
    return {
        "name": type_,
        "title": fact.TYPE.zh,
        "summary": sentence(fact),
        "traits": [{"$ref": f"#/components/messageTraits/{_HEADERS}"}],
        "payload": {
            "schemaFormat": _DIALECT,
            "schema": {
                "allOf": [{"$ref": f"{_SCHEMAS}{_ENVELOPE}"}],
                "properties": {
                    "type": {"const": type_},
                    "subject": {"properties": {"kind": {"const": subject_kind(type_)}}},
                    "data": {"$ref": f"{_SCHEMAS}{fact.__name__}"},
                },
            },
        },
    }


def _trait() -> Json:
    return {
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": f"{_SCHEMAS}{_HEADERS}"},
        "bindings": {"kafka": {"key": {"$ref": f"{_SCHEMAS}{_DISTRICT}"}, "bindingVersion": _BINDING}},
    }


def _topic(settings: KafkaSettings) -> Json:
    configuration = wanted_configuration(settings)
    return {
        "topic": settings.kafka_topic,
        "partitions": settings.kafka_partitions,
        "topicConfiguration": {
            "cleanup.policy": [configuration["cleanup.policy"]],
            "retention.ms": int(configuration["retention.ms"]),
            "max.message.bytes": int(configuration["max.message.bytes"]),
        },
        "bindingVersion": _BINDING,
    }


def _envelope(whole: Json) -> Json:
    """Return what facts of all types have; further fields are let pass, since a reader may be older than the writer."""
    properties: Json = dict(whole["properties"])
    del properties["data"]
    properties["sequence"] = {
        "title": "序号",
        "description": "Counts from 1 in each district, without a gap.",
        "type": "integer",
        "minimum": 1,
    }
    return {
        "title": "事实",
        "description": "One fact as the ledger holds it.",
        "type": "object",
        "properties": properties,
        "required": [*whole["required"], "sequence"],
    }


def _headers() -> Json:
    def text(description: str, **more: object) -> Json:
        return {"type": "string", "description": description, **more}

    properties = {
        "ce_specversion": text("The version of CloudEvents.", const=SPECIFICATION),
        "ce_id": text("The id of the fact; the same on every repeat.", format="uuid"),
        "ce_source": text("The district's ledger.", pattern=f"^{SOURCE}"),
        "ce_type": text("The type of the fact.", enum=list(FACTS)),
        "ce_subject": text("The case, kind/id.", pattern="^[a-z_]+/"),
        "ce_time": text(
            "When it happened; of a day the end, in +08:00. The value says which it is.", format="date-time"
        ),
        "ce_recordedtime": text("When the ledger learned it.", format="date-time"),
        "ce_sequence": text(
            "The number of the fact in its district, with leading zeros.", pattern=f"^[0-9]{{{SEQUENCE_DIGITS},}}$"
        ),
        "ce_partitionkey": text("The district, which is the key of the message too."),
        "traceparent": text("W3C trace context.", pattern="^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
        "content-type": text("How the value is written.", const=CONTENT_TYPE),
    }
    return {"type": "object", "properties": properties, "required": [*properties]}
