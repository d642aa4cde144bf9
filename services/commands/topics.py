"""taizhang topics: make the topic of the facts, or say how the one that is there differs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson

from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE
from services.messages.connection import BrokerError
from services.messages.topics import ensure_topics
from services.settings.service import SettingError, current_settings

if TYPE_CHECKING:
    import argparse

    from services.messages.topics import Topic

STATES = {"made": "已建立 made", "as_wanted": "已有，符合 there, as wanted", "differs": "已有，不符 there, differs"}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Make and look."""
    try:
        topics = ensure_topics(current_settings())
    except (BrokerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    if args.json:
        sys.stdout.write(orjson.dumps([_as_json(one) for one in topics]).decode() + "\n")
    else:
        _show(topics)
    return FOUND_WRONG if any(one.state == "differs" for one in topics) else FINE


def _show(topics: list[Topic]) -> None:
    for topic in topics:
        sys.stdout.write(f"{topic.name}：{STATES[topic.state]}，{topic.partitions} 个分区 partitions\n")
        for one in topic.differences:
            found = one.found or "—"
            sys.stdout.write(f"  {one.setting}：应为 wanted {one.wanted}，现为 found {found}\n  {one.zh}\n  {one.en}\n")


def _as_json(topic: Topic) -> dict[str, object]:
    return topic._asdict() | {"differences": [one._asdict() for one in topic.differences]}
