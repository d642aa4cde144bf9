"""taizhang preview as a clerk types it: while the service runs, after it ran, and before there is a ledger."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from services.cli import main
from services.commands.clock import now
from services.processes.turns import Turns
from services.recording.embedded import local_principal
from services.recording.request import Request
from services.serving import Service, open_service
from services.settings.service import current_settings
from services.stores.views_places import VIEWS_FILE
from tests.at_another_time import TOLD_AT, clock_moved, seconds_until
from tests.rulebooks.kinds.histories import fact

REPLY = "xinzhou/28.2-reply"
ONE_FACT = Path(__file__).parents[3] / "services" / "sample" / "one-fact"


@pytest.fixture(autouse=True)
def time_is_set() -> Iterator[None]:
    with clock_moved(seconds_until(TOLD_AT)):
        yield


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def form(tmp_path: Path) -> str:
    """Return a file with one fact: an opinion asked of two departments, yesterday."""
    path = tmp_path / "form.jsonl"
    given = {
        "type": "countersign.requested.v1",
        "subject": {"kind": "countersign", "id": "cs-9"},
        "occurred_at": (now() - dt.timedelta(days=1)).date().isoformat(),
        "actor": {"unit": "u-housing"},
        "data": {
            "kind": "opinion",
            "about": "matter/m-1",
            "sponsor": "u-housing",
            "departments": ["u-land", "u-water"],
            "form": "online",
        },
    }
    path.write_text("\n" + json.dumps(given) + "\n", encoding="utf-8")
    return str(path)


def previewed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["preview", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def opened(shown: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["what"], one["rule"], one["party"]) for one in shown["preview"]["changes"] if one["rule"] == REPLY]


TWO_OPENED = [("opened", REPLY, "u-land"), ("opened", REPLY, "u-water")]


def test_before_there_is_a_ledger_facts_can_be_previewed_and_none_is_made(
    form: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown = previewed(capsys, form, "--district", "xinzhou")
    assert (code, shown["lines"], shown["preview"]["through"], opened(shown)) == (0, [2], 0, TWO_OPENED)
    assert not data.exists()


def test_the_service_and_the_files_say_the_same(form: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked, replied = str(ONE_FACT / "asked.jsonl"), str(ONE_FACT / "replied-late.jsonl")
    assert main(["record", asked]) == 0
    with open_service(current_settings(), now) as service:
        service.watching.catch_up()
        with service.answering():
            through_service = [previewed(capsys, one, "--district", "xinzhou") for one in (form, replied)]
    from_files = [previewed(capsys, one, "--district", "xinzhou") for one in (form, replied)]
    (data / VIEWS_FILE).unlink()
    from_scratch = [previewed(capsys, one, "--district", "xinzhou") for one in (form, replied)]
    for _, shown in (*through_service, *from_files, *from_scratch):
        del shown["preview"]["at"]
    assert through_service == from_files == from_scratch
    (_, new), (_, late) = from_files
    assert opened(new) == TWO_OPENED
    assert [(one["what"], one["alert_steps"]) for one in late["preview"]["changes"]] == [("made_good", ["resolved"])]


def test_what_would_be_broken_is_told_in_both_languages_and_by_the_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["preview", str(ONE_FACT / "asked.jsonl")]) == 1
    shown = capsys.readouterr().out
    assert "会违反 would break（1）" in shown
    assert "预警 raised（较低 low）" in shown
    assert "逾期不回复视为无不同意见" in shown
    assert "silence counts as no objection" in shown
    assert "开始计时 would set in motion（1）" in shown


def test_what_would_be_refused_is_named_by_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(ONE_FACT / "replied-late.jsonl")]) == 2
    assert "会被拒绝 would be refused 第2行 line 2 字段 subject.id" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nothing.jsonl"
    path.write_text('{"type": "no.such.v1"}\n', encoding="utf-8")
    assert main(["preview", str(path), "--district", "xinzhou"]) == 2
    assert main(["preview", str(tmp_path / "none.jsonl")]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert (str(path) in first, "none.jsonl" in second) == (True, True)


def test_previews_go_on_while_facts_are_recorded_and_judged() -> None:
    """What is judged as of a sequence is decided on as of it too, wherever the watch stands meanwhile."""
    principal = local_principal(frozenset({"xinzhou"}))

    def request(number: int) -> Request:
        given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
        day = (now() - dt.timedelta(days=1)).date().isoformat()
        asked = fact("countersign.requested", f"countersign/cs-{number}", day, departments=["u-land"], **given)
        return Request(facts=(asked,), principal=principal)

    def record(service: Service) -> None:
        for number in range(200):
            service.recorder.record(request(number))

    with open_service(current_settings(), now) as service, service.answering():
        recording = Thread(target=record, args=(service,))
        recording.start()
        seen = []
        while recording.is_alive():
            seen.append(service.preview(request(1_000)))
        recording.join()
    throughs = [one.through for one in seen]
    assert throughs == sorted(throughs)
    assert {tuple(one.what for one in preview.changes if one.rule == REPLY) for preview in seen} == {("opened",)}


def test_who_waits_comes_in_before_a_busy_thread_takes_its_next_turn() -> None:
    turns = Turns()
    order: list[str] = []
    waiting = Thread(target=lambda: _enter(turns, order))
    with turns.turn():
        order.append("busy")
        waiting.start()
        while not turns.awaited:
            pass
    with turns.turn():
        order.append("busy again")
    waiting.join()
    assert order == ["busy", "waiting", "busy again"]


def _enter(turns: Turns, order: list[str]) -> None:
    with turns.turn():
        order.append("waiting")


def test_a_file_of_another_district_than_the_one_named_is_refused_whole_and_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["preview", str(ONE_FACT / "asked.jsonl"), "--district", "yuanzhou"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("recording.foreign_district"), "第1行 字段 district" in err) == ("", 1, True)
