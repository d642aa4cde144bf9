"""Spans go to a collector that a setting names; whether it is there is nothing to those who record."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from msgspec.structs import replace
from opentelemetry.sdk.trace.export import SpanExportResult
from structlog.testing import capture_logs

from services.cli import main
from services.judging_process.judging import settings_of
from services.judging_process.messages import Begin
from services.settings.service import Settings, settings_from
from services.settings.sources import SettingError
from services.settings.traces import TraceSettings
from services.tracing.collecting import collected_spans
from services.tracing.sending import collector_at
from tests.services.streams.chaos import free_ports
from tests.services.tracing.collecting_server import PATH, collecting
from tests.services.tracing.test_fact_spans import FIRST

SECRET = "Bearer s3cret"  # noqa: S105  of no real collector
HEADERS = "Authorization=Bearer%20s3cret, x-tenant=xinzhou"


def sending(endpoint: str, **more: str) -> Settings:
    return settings_from({"TAIZHANG_TRACES_ENDPOINT": endpoint, **more})


def test_a_collector_gets_the_spans_that_the_file_gets_with_the_headers_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    with collecting() as collected:
        settings = sending(collected.endpoint, TAIZHANG_TRACES=str(file), TAIZHANG_TRACES_HEADERS=HEADERS)
        with collected_spans(settings, "serve") as spans:
            answered = spans.asked([])
            with spans.recording([FIRST]):
                pass
            answered("POST", "/facts", 201)
    written = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    expected = {(one["name"], one["context"]["trace_id"], one["context"]["span_id"]) for one in written}
    found = {(one.name, f"0x{one.trace_id.hex()}", f"0x{one.span_id.hex()}") for _, one in collected.spans()}
    assert (len(found), found) == (2, expected)
    assert {service for service, _ in collected.spans()} == {"taizhang.serve"}
    assert {(one["path"], one["authorization"], one["x-tenant"]) for one in collected.headers} == {
        (PATH, SECRET, "xinzhou")
    }


def test_a_collector_that_takes_and_does_not_answer_keeps_nobody_waiting() -> None:
    with collecting(answers=False) as collected, capture_logs() as logged:
        with collected_spans(sending(collected.endpoint), "serve") as spans:
            # More than are kept until they can be sent.
            for _ in range(5_000):
                with spans.recording([replace(FIRST, id=uuid4())]):
                    pass
        assert not collected.answers.is_set()
    # Whether the library's own line of dropped spans comes before depends on how soon they are too many.
    assert [one["event"] for one in logged if one["event"] != "library.warned"] == ["traces.not_sent"]


def test_a_collector_that_is_away_is_said_once_and_once_more_when_it_is_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (port,) = free_ports(1)
    endpoint = f"http://127.0.0.1:{port}{PATH}"
    with collector_at(endpoint, sending(endpoint), 0.2) as collector, capture_logs() as logged:
        assert [collector.export([]) for _ in range(3)] == [SpanExportResult.FAILURE] * 3
        with collecting(port):
            assert [collector.export([]) for _ in range(2)] == [SpanExportResult.SUCCESS] * 2
    assert [(one["event"], one["log_level"], one["endpoint"]) for one in logged] == [
        ("traces.not_sent", "warning", endpoint),
        ("traces.sent_again", "info", endpoint),
    ]
    assert "refused" in logged[0]["reason"]
    assert capsys.readouterr() == ("", "")


def test_a_collector_that_refuses_is_told_by_its_status() -> None:
    with collecting() as collected, collector_at(collected.endpoint, sending(collected.endpoint)) as collector:
        collected.status = 401
        with capture_logs() as logged:
            assert collector.export([]) is SpanExportResult.FAILURE
    assert "401" in logged[0]["reason"]


def test_who_ends_asks_a_collector_that_is_away_no_more() -> None:
    with collecting() as collected, collector_at(collected.endpoint, sending(collected.endpoint)) as collector:
        collected.status = 400
        assert collector.export([]) is SpanExportResult.FAILURE
        collector.end()
        assert [collector.export([]) for _ in range(3)] == [SpanExportResult.FAILURE] * 3
        collector.shutdown()
    assert len(collected.requests) == 1


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("TAIZHANG_TRACES_ENDPOINT", "collector:4318"),
        ("TAIZHANG_TRACES_ENDPOINT", "grpc://collector:4317"),
        ("TAIZHANG_TRACES_ENDPOINT", "http:///v1/traces"),
        ("TAIZHANG_TRACES_ENDPOINT", "https://user:s3cret@collector/v1/traces"),
        ("TAIZHANG_TRACES_ENDPOINT", "http://collector:port/v1/traces"),
        ("TAIZHANG_TRACES_HEADERS", "s3cret"),
        ("TAIZHANG_TRACES_HEADERS", "a b=s3cret"),
        ("TAIZHANG_TRACES_HEADERS", "a=s3cret%0d%0ab: c"),
    ],
)
def test_what_leads_to_no_collector_is_refused(variable: str, given: str) -> None:
    with pytest.raises(SettingError, match="not_allowed") as refusal:
        settings_from({variable: given})
    assert refusal.value.variable == variable
    assert variable == "TAIZHANG_TRACES_ENDPOINT" or "s3cret" not in str(refusal.value)


def test_certificates_that_cannot_be_read_are_named_before_anything_begins(tmp_path: Path) -> None:
    settings = sending("https://collector.example/v1/traces", TAIZHANG_TRACES_CA=str(tmp_path / "none.pem"))
    with pytest.raises(SettingError, match="not_usable") as refusal, collected_spans(settings, "serve"):
        pytest.fail("it began")
    assert refusal.value.variable == "TAIZHANG_TRACES_CA"


def test_the_headers_are_not_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_TRACES_HEADERS", HEADERS)
    assert main(["settings"]) == 0
    assert main(["settings", "--json"]) == 0
    shown = capsys.readouterr().out
    assert ("s3cret" in shown, json.loads(shown.splitlines()[-1])[-1]["secret"]) == (False, True)


def test_the_process_that_judges_sends_its_spans_to_the_same_place() -> None:
    traces = {
        "traces": Path("spans.jsonl"),
        "traces_endpoint": "https://collector.example/v1/traces",
        "traces_headers": (("authorization", SECRET),),
        "traces_ca": Path("ca.pem"),
    }
    told = {name: str(value) if isinstance(value, Path) else value for name, value in traces.items()}
    begin = Begin(data="var", log_level="info", log_format="json", **told)  # type: ignore[arg-type]  # by their names
    read = settings_of(begin)
    assert {name: getattr(read, name) for name in TraceSettings.__dataclass_fields__} == traces
