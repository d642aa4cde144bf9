#!/usr/bin/env python3
"""订阅台账事实的示例，供其他单位照用：只需 kafka-python。An example for other agencies: it needs kafka-python alone.

    python subscribe.py --kafka HOST:PORT --state state.json > facts.jsonl

Each fact is written as one line of JSON, once and in the order of its district, whatever is sent again: taken is only
the fact that comes next in its district. A fact that came before is a repeat; one that comes too early will be sent
again after those that are missing. What was taken, and how far the topic was read, stand in the file of states, which
is replaced after the lines are written: after a crash the last lines may be written again, known by their sequence.

每行一个事实，逐区县按序、不重不漏：只收序号恰好接续的那一个；已收过的是重发，来早了的会随缺号一起重发。
位置存于状态文件，写出之后才更新；崩溃后最后几行可能重写，凭序号可辨。
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from kafka import KafkaConsumer, TopicPartition

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = 60.0
"""Seconds that a missing fact may take to be sent again before somebody is told."""


class Received:
    """What was taken of each district, and where each partition goes on; kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.sequences: dict[str, int] = kept.get("sequences", {})
        self.offsets: dict[str, int] = kept.get("offsets", {})
        self.waiting: dict[str, float] = {}

    def take(self, district: str, sequence: int) -> bool:
        """Tell whether a fact is the next of its district; note since when one is missing."""
        last = self.sequences.get(district, 0)
        if sequence == last + 1:
            self.sequences[district] = sequence
            self.waiting.pop(district, None)
            return True
        if sequence > last:
            self.waiting.setdefault(district, time.monotonic())
        return False

    def keep(self) -> None:
        """Replace the file, whole."""
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"sequences": self.sequences, "offsets": self.offsets}), encoding="utf-8")
        new.replace(self.path)


def read(records: Iterable[Any], received: Received, out: TextIO) -> None:
    """Write what comes next, pass over the rest."""
    for record in records:
        headers = dict(record.headers)
        if headers.get("ce_specversion") != b"1.0":
            continue
        if received.take(headers["ce_partitionkey"].decode(), int(headers["ce_sequence"])):
            out.write(record.value.decode() + "\n")
        received.offsets[str(record.partition)] = record.offset + 1


def missing(received: Received) -> list[str]:
    """Return a line for each district in which a fact has been missing for too long."""
    return [
        f"{district}: 缺第 {received.sequences.get(district, 0) + 1} 号，可能已过保留期；请向台账索取导出 / number "
        f"{received.sequences.get(district, 0) + 1} is missing, perhaps past its retention; ask for an export\n"
        for district, since in received.waiting.items()
        if time.monotonic() - since > PATIENCE
    ]


def main() -> int:
    """Read until nothing new came for a while, or for ever."""
    parser = argparse.ArgumentParser(description="订阅台账事实 / receive the facts of the ledger")
    parser.add_argument("--kafka", required=True, metavar="HOST:PORT")
    parser.add_argument("--topic", default="taizhang.facts")
    parser.add_argument("--state", required=True, type=Path, help="状态文件 / the file of states")
    parser.add_argument("--options", type=Path, help="kafka-python 的其他选项（JSON）/ more options of kafka-python")
    parser.add_argument("--until-idle", type=float, metavar="SECONDS", help="无新消息即停 / stop when nothing comes")
    given = parser.parse_args()
    options = json.loads(given.options.read_text(encoding="utf-8")) if given.options else {}
    received = Received(given.state)

    consumer = KafkaConsumer(bootstrap_servers=given.kafka, enable_auto_commit=False, **options)
    partitions = [TopicPartition(given.topic, one) for one in sorted(consumer.partitions_for_topic(given.topic) or ())]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    for partition in partitions:
        if str(partition.partition) in received.offsets:
            consumer.seek(partition, received.offsets[str(partition.partition)])

    last_came = time.monotonic()
    while given.until_idle is None or time.monotonic() - last_came < given.until_idle:
        batches = consumer.poll(timeout_ms=200)
        for records in batches.values():
            read(records, received, sys.stdout)
            last_came = time.monotonic()
        if batches:
            sys.stdout.flush()
            received.keep()
        for line in missing(received):
            sys.stderr.write(line)
            return 1
    consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
