"""Spans are asked for by a setting; they belong together by the ids of facts, and name nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from msgspec.structs import replace

from services.http import problems
from services.http.problems import ProblemError
from services.settings.service import Settings, settings_from
from services.settings.sources import SettingError
from services.tracing.collecting import collected_spans
from services.tracing.spans import NO_SPANS
from tests.services.watching.scene import asked

FIRST = replace(asked("countersign/a", "2026-09-28"), id=UUID("11111111-1111-4111-8111-111111111111"))
SECOND = replace(FIRST, id=UUID("22222222-2222-4222-8222-222222222222"))


def tracing(folder: Path) -> Settings:
    return settings_from({"TAIZHANG_DATA": str(folder), "TAIZHANG_TRACES": str(folder / "spans.jsonl")})


def written(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the spans by name, and by the fact they are of."""
    lines = (folder / "spans.jsonl").read_bytes().splitlines()
    spans = [orjson.loads(line) for line in lines]
    return {f"{one['name']} {one['attributes'].get('taizhang.fact.id', '')[:1]}".strip(): one for one in spans}


def test_none_are_made_unless_a_file_is_named(tmp_path: Path) -> None:
    with collected_spans(settings_from({"TAIZHANG_DATA": str(tmp_path)}), "serve") as spans:
        assert spans is NO_SPANS
        answered = spans.asked([(b"traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")])
        with spans.recording([FIRST]), spans.judging(FIRST):
            spans.alerting([FIRST])()
        answered("POST", "/", 201)
    assert list(tmp_path.iterdir()) == []


def test_a_request_is_in_the_trace_of_its_first_fact_and_the_others_lead_back_to_it(tmp_path: Path) -> None:
    with collected_spans(tracing(tmp_path), "serve") as spans:
        answered = spans.asked([])
        with spans.recording([FIRST, SECOND]):
            pass
        answered("POST", "/facts", 201)
    found = written(tmp_path)
    request, first, second = found["POST /facts"], found["fact.record 1"], found["fact.record 2"]
    assert request["context"]["trace_id"] == first["context"]["trace_id"] == f"0x{FIRST.id.hex}"
    assert (first["parent_id"], second["parent_id"]) == (request["context"]["span_id"], None)
    assert second["context"]["trace_id"] == f"0x{SECOND.id.hex}"
    assert second["links"][0]["context"]["span_id"] == request["context"]["span_id"]


def test_a_caller_who_wants_no_spans_gets_none(tmp_path: Path) -> None:
    unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    with collected_spans(tracing(tmp_path), "serve") as spans:
        answered = spans.asked([(b"traceparent", unsampled.encode())])
        with spans.recording([replace(FIRST, correlation=unsampled)]):
            pass
        answered("POST", "/facts", 201)
    assert written(tmp_path) == {}


def test_a_refusal_is_told_by_its_code_alone(tmp_path: Path) -> None:
    with (
        collected_spans(tracing(tmp_path), "serve") as spans,
        pytest.raises(ProblemError),
        spans.recording([FIRST]),
    ):
        raise problems.not_found()
    (span,) = written(tmp_path).values()
    assert (span["status"], span["events"]) == (
        {"status_code": "ERROR", "description": problems.not_found().code},
        [],
    )


def test_a_file_that_cannot_be_written_is_named_before_anything_begins(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingError, match="traces_unusable"),
        collected_spans(settings_from({"TAIZHANG_TRACES": str(tmp_path)}), "serve"),
    ):
        pytest.fail("it began")
