"""What the program logs, and what never gets into a log."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import structlog

from events.fact import Actor, AnyFact, Case, Fact
from events.moment import Moment
from events.roster import RosterPersonRegistered
from services.logs.logging import about_fact, set_up_logging

PERSONAL = "name-of-a-person"
ONE_FACT = Path(__file__).parents[3] / "services" / "sample" / "one-fact" / "asked.jsonl"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def registered() -> AnyFact:
    return Fact(
        id=UUID("00000000-0000-0000-0000-000000000007"),
        district="xinzhou",
        type="roster.person_registered.v1",
        subject=Case("person", "p-li"),
        occurred_at=Moment("2026-09-28"),
        recorded_at=dt.datetime(2026, 9, 28, tzinfo=dt.UTC),
        origin="recorded",
        actor=Actor(unit="u-office"),
        classification="internal",
        data=RosterPersonRegistered(name=PERSONAL),
    )


def logged(stream: io.StringIO) -> list[dict[str, object]]:
    entries = [json.loads(line) for line in stream.getvalue().splitlines()]
    for entry in entries:
        dt.datetime.fromisoformat(entry.pop("timestamp"))
    return entries


def test_in_service_a_line_is_one_json_object_with_fact_case_and_district(registered: AnyFact) -> None:
    stream = io.StringIO()
    set_up_logging(stream)
    log = structlog.get_logger()
    with about_fact(registered):
        log.info("已入账 recorded", sequence=3)
    log.info("空闲 idle", due=Moment("2026-10-10"), batch=registered.id)
    log.debug("不写 not written")
    assert logged(stream) == [
        {
            "event": "已入账 recorded",
            "level": "info",
            "fact": str(registered.id),
            "case": "person/p-li",
            "district": "xinzhou",
            "sequence": 3,
        },
        {"event": "空闲 idle", "level": "info", "due": "2026-10-10", "batch": str(registered.id)},
    ]


@dataclass
class Request:
    """Anything that carries a fact along."""

    fact: AnyFact


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_no_object_that_is_logged_whole_brings_a_name_into_the_log(registered: AnyFact, form: str) -> None:
    stream = io.StringIO()
    set_up_logging(stream, form="json" if form == "json" else "terminal")
    structlog.get_logger().warning(
        "拒绝 refused",
        fact=registered,
        data=registered.data,
        batch=[registered, {"one": registered}],
        request=Request(registered),
    )
    assert "roster.person_registered.v1" in stream.getvalue()
    assert "Request" in stream.getvalue()
    assert PERSONAL not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_a_fault_is_logged_without_the_values_it_was_working_on(registered: AnyFact, form: str) -> None:
    stream = io.StringIO()
    set_up_logging(stream, form="json" if form == "json" else "terminal")
    at_hand = str(registered.data)
    try:
        len(at_hand) / 0
    except ZeroDivisionError:
        structlog.get_logger().exception("故障 fault")
    assert "ZeroDivisionError" in stream.getvalue()
    assert PERSONAL in at_hand
    assert PERSONAL not in stream.getvalue()


def test_a_command_prints_its_answer_alone_and_logs_beside_it(tmp_path: Path) -> None:
    environment = {**os.environ, "TAIZHANG_DATA": str(tmp_path), "TAIZHANG_LOG": "info"}
    command = [sys.executable, "-m", "services.cli"]
    subprocess.run([*command, "record", str(ONE_FACT)], check=True, capture_output=True, env=environment)
    rebuild = [*command, "views", "rebuild", "--view", "overview"]
    first, done = (
        subprocess.run(rebuild, check=True, capture_output=True, text=True, env=environment) for _ in range(2)
    )
    assert done.stdout == first.stdout
    assert done.stdout == "已重建 1 个视图 / 1 views rebuilt: overview\n"
    assert "view.switched" in done.stderr
