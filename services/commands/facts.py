"""taizhang facts: the vocabulary in force."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson
from rich.console import Console
from rich.table import Table

from events.describing import json_schema, vocabulary_as_json
from events.vocabulary import FACTS, label, opens, subject_kind
from services.commands.refusing import refused
from services.exit_codes import FINE
from services.messages.asyncapi import asyncapi_text

if TYPE_CHECKING:
    import argparse

    from services.arguments import Arguments


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="供程序读取 / the whole vocabulary, for programs")
    parser.add_argument("--asyncapi", action="store_true", help="Kafka 消息的 AsyncAPI 文档 / AsyncAPI of the messages")
    parser.add_argument("--schema", metavar="TYPE", help="一种事实的 JSON Schema / the JSON Schema of one type")
    parser.goes_without("--schema", "--asyncapi")


def run(args: argparse.Namespace) -> int:
    """Print the vocabulary."""
    if args.schema:
        if args.schema not in FACTS:
            return refused(
                "facts.no_such_type",
                f"没有事实类型 {args.schema}，无可列出；全部类型见 taizhang facts。",
                f"There is no fact type {args.schema}, so there is nothing to show; taizhang facts lists them all.",
            )
        sys.stdout.write(orjson.dumps(json_schema(args.schema), option=orjson.OPT_INDENT_2).decode() + "\n")
    elif args.asyncapi:
        sys.stdout.write(asyncapi_text())
    elif args.json:
        sys.stdout.write(orjson.dumps(vocabulary_as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _print_table()
    return FINE


def _print_table() -> None:
    table = Table()
    for column in ("事实 fact", "案卷 case", "立卷 opens", "名称 name", "说明 what it says"):
        table.add_column(column)
    for name in FACTS:
        zh, en = label(name)
        table.add_row(name, subject_kind(name), "+" if opens(name) else "", zh, en)
    Console(highlight=False).print(table)
