"""Recording through another process: real sockets, half lines, big lines, callers that hang up."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from msgspec.structs import replace

from events.ledger.errors import LedgerError, LedgerUnavailableError
from events.ledger.memory import MemoryLedger
from events.printing import history_line
from events.sqlite.faults import disk_full
from projections.effects import Effect
from services.recording import writer_messages, writer_socket
from services.recording.embedded import SOCKET_FILE
from services.recording.preview import Preview
from services.recording.request import Answer, Problem, Request
from services.recording.writer_socket import WriterClient, WriterServer
from tests.services.recording.acts import (
    XINZHOU,
    Given,
    act,
    asked,
    planned,
    problem_codes,
    recorder,
    replied,
    requested,
)


@contextmanager
def served(folder: Path) -> Iterator[MemoryLedger]:
    with recorder() as (records, ledger), WriterServer(records, folder):
        yield ledger


@contextmanager
def calling(folder: Path) -> Iterator[WriterClient]:
    client = WriterClient.connect(folder)
    assert client is not None
    with client:
        yield client


@contextmanager
def raw(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(folder / SOCKET_FILE))
        yield connection


def answered(connection: socket.socket, sent: bytes) -> Given:
    connection.sendall(sent)
    with connection.makefile("rb") as lines:
        return json.loads(lines.readline())


def message(*requests: Request) -> bytes:
    return writer_messages.asked_of(requests)


def test_requests_are_answered_as_the_recorder_answers_them(tmp_path: Path) -> None:
    with recorder() as (records, _):
        here = records.record_all([asked(requested()), asked(replied("u-water")), asked(replied(), key="k")])
    with served(tmp_path) as ledger, calling(tmp_path) as client:
        there = client.record_all([asked(requested()), asked(replied("u-water")), asked(replied(), key="k")])
        conflict = client.record(asked(replied("u-finance"), expected={"countersign/cs-1": 1}))
        again = client.record(asked(requested()))
        recorders = {fact.recorded_by for fact in ledger.read(XINZHOU)}
    assert [(answer.status, answer.problems) for answer in there] == [
        (answer.status, answer.problems) for answer in here
    ]
    assert [receipt.sequence for answer in there for receipt in answer.receipts] == [1, 2]
    assert (conflict.status, again.status, again.receipts) == ("conflict", "repeated", there[0].receipts)
    assert [str(one).partition(":")[0] for one in recorders] == ["local"]


def test_the_caller_records_in_no_other_district_than_he_named(tmp_path: Path) -> None:
    with served(tmp_path), calling(tmp_path) as client:
        request = asked(requested())
        elsewhere = replace(request, principal=replace(request.principal, districts=frozenset({"yuanzhou"})))
        assert problem_codes(client.record(elsewhere)) == ["foreign_district"]


def test_a_batch_larger_than_a_message_goes_in_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [act("concern.registered", f"c-{number}", kind="letter", title="来信") for number in range(40)]
    monkeypatch.setattr(writer_messages, "LONGEST_MESSAGE", 4_000)
    assert len(list(writer_messages.chunks([asked(fact) for fact in facts]))) > 5
    with served(tmp_path) as ledger, calling(tmp_path) as client:
        answers = client.record_all([asked(fact) for fact in facts])
        assert [receipt.sequence for answer in answers for receipt in answer.receipts] == list(range(1, 41))
        assert [fact.id for fact in ledger.read(XINZHOU)] == [fact.id for fact in facts]


def test_a_request_larger_than_a_message_is_refused_and_the_next_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_messages, "LONGEST_MESSAGE", 4_000)
    large = asked(*(act("concern.registered", f"c-{number}", kind="letter", title="来信") for number in range(40)))
    with served(tmp_path), calling(tmp_path) as client:
        answers = client.record_all([large, asked(requested())])
    assert [(answer.status, [one.code for one in answer.problems]) for answer in answers] == [
        ("refused", ["writer_socket.too_long"]),
        ("recorded", []),
    ]


def test_a_line_that_comes_in_pieces_is_one_line(tmp_path: Path) -> None:
    with served(tmp_path), raw(tmp_path) as connection:
        whole = message(asked(requested()))
        for place in range(0, len(whole) - 1, 100):
            connection.sendall(whole[place : min(place + 100, len(whole) - 1)])
        assert [one["status"] for one in answered(connection, b"\n")["answers"]] == ["recorded"]


def test_half_a_line_records_nothing_and_the_server_goes_on(tmp_path: Path) -> None:
    with served(tmp_path) as ledger:
        for part in (1, 40, 400):
            with raw(tmp_path) as connection:
                connection.sendall(message(asked(requested()))[:part])
        with calling(tmp_path) as client:
            assert client.record(asked(planned())).status == "recorded"
        assert ledger.head(XINZHOU).sequence == 1


def test_a_caller_that_hangs_up_before_the_answer_can_ask_again(tmp_path: Path) -> None:
    with served(tmp_path) as ledger:
        with raw(tmp_path) as connection:
            connection.sendall(message(asked(requested())) * 3)
        with calling(tmp_path) as client:
            assert client.record(asked(requested())).is_in_the_ledger
        assert ledger.head(XINZHOU).sequence == 1


def test_a_line_without_end_is_cut_off_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_socket, "LONGEST_MESSAGE", 100_000)
    with served(tmp_path), raw(tmp_path) as connection:
        reply = answered(connection, b"x" * 200_000)
        assert reply["error"]["code"] == "writer_socket.too_long"


BROKEN = [
    b"\n",
    b"{}\n",
    b"null\n",
    b"\xff\xfe\n",
    b'{"requests": 1}\n',
    b"[" * 5_000 + b"\n",
    b'{"requests": [{"facts": [1]}]}\n',
]


@pytest.mark.parametrize("line", BROKEN)
def test_a_line_that_is_no_request_is_answered_and_the_connection_stays(tmp_path: Path, line: bytes) -> None:
    with served(tmp_path), raw(tmp_path) as connection:
        assert answered(connection, line)["error"]["code"] == "writer_socket.malformed"
        assert answered(connection, message(asked(requested())))["error"] is None


def test_a_fact_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    good = json.loads(history_line(requested()))
    bad = {**good, "occurred_at": "2026-09-31"}
    asked_for = {"requests": [{"facts": [bad]}, {"facts": []}, {"facts": [good]}], "districts": None}
    with served(tmp_path), raw(tmp_path) as connection:
        answers = answered(connection, json.dumps(asked_for).encode() + b"\n")["answers"]
    assert isinstance(answers, list)
    assert [(one["status"], [problem["code"] for problem in one["problems"]]) for one in answers] == [
        ("refused", ["impossible_date"]),
        ("refused", ["ledger.empty_proposal"]),
        ("recorded", []),
    ]


def test_many_callers_are_served_at_once(tmp_path: Path) -> None:
    def call(number: int) -> Answer:
        with calling(tmp_path) as client:
            return client.record(asked(act("concern.registered", f"c-{number}", kind="letter", title="来信")))

    with served(tmp_path) as ledger, ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(call, range(48)))
        assert {answer.status for answer in answers} == {"recorded"}
        assert ledger.head(XINZHOU).sequence == 48


class Full:
    """A recorder whose disk is full."""

    def record(self, request: Request) -> Answer:
        return self.record_all([request])[0]

    def record_all(self, _requests: Sequence[Request]) -> list[Answer]:
        raise disk_full(Path("ledger.sqlite"))


class Faulty(Full):
    """A recorder with a bug."""

    def record_all(self, _requests: Sequence[Request]) -> list[Answer]:
        raise ZeroDivisionError


@pytest.mark.parametrize(("writer", "code"), [(Full(), "ledger.disk_full"), (Faulty(), "writer_socket.fault")])
def test_what_kept_the_ledger_from_recording_reaches_the_caller(tmp_path: Path, writer: Full, code: str) -> None:
    with WriterServer(writer, tmp_path), calling(tmp_path) as client, pytest.raises(LedgerError) as caught:
        client.record(asked(requested()))
    assert caught.value.code == code


def test_a_server_that_goes_away_is_told_of(tmp_path: Path) -> None:
    with recorder() as (records, _):
        server = WriterServer(records, tmp_path)
        with calling(tmp_path) as client:
            server.close()
            with pytest.raises(LedgerUnavailableError, match=r"writer_socket\.broken_off"):
                client.record(asked(requested()))
        assert WriterClient.connect(tmp_path) is None
        assert not (tmp_path / SOCKET_FILE).exists()


def test_closing_twice_does_nothing_more(tmp_path: Path) -> None:
    with recorder() as (records, _), WriterServer(records, tmp_path) as server:
        server.close()


def test_a_caller_that_takes_no_answer_does_not_keep_a_server_from_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_socket, "LONGEST_FAREWELL", 0.2)
    with recorder() as (records, ledger), WriterServer(records, tmp_path) as server, raw(tmp_path) as caller:
        caller.settimeout(0.5)
        with suppress(TimeoutError):
            while True:
                caller.sendall(message(asked(requested())))
        closing = Thread(target=server.close, daemon=True)
        closing.start()
        closing.join(60)
        assert (closing.is_alive(), ledger.head(XINZHOU).sequence) == (False, 1)


def test_the_socket_of_a_killed_process_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as killed:
        killed.bind(str(tmp_path / SOCKET_FILE))
    assert WriterClient.connect(tmp_path) is None
    with served(tmp_path), calling(tmp_path) as client:
        assert client.record(asked(requested())).status == "recorded"


def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    with served(tmp_path):
        assert (tmp_path / SOCKET_FILE).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / SOCKET_FILE).stat().st_uid == os.getuid()


def test_a_folder_with_a_path_too_long_for_a_socket_serves_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["很长的文件夹名字" * 2] * 4)
    folder.mkdir(parents=True)
    with served(folder), calling(folder) as client:
        assert client.record(asked(requested())).status == "recorded"


def test_a_folder_that_is_not_there_cannot_be_served(tmp_path: Path) -> None:
    with recorder() as (records, _), pytest.raises(LedgerUnavailableError, match=r"writer_socket\.cannot_listen"):
        WriterServer(records, tmp_path / "none")


def test_a_process_that_cannot_preview_says_so(tmp_path: Path) -> None:
    with served(tmp_path), calling(tmp_path) as client, pytest.raises(LedgerError) as caught:
        client.preview(asked(requested()))
    assert caught.value.code == "writer_socket.no_previews"


def test_a_preview_goes_over_the_socket_whole(tmp_path: Path) -> None:
    problem = Problem(code="c", zh="中", en="e", field="data.x", fact=0)
    told = Preview[Effect](through=7, problems=(problem,))
    with (
        recorder() as (records, ledger),
        WriterServer(records, tmp_path, lambda _request: told),
        calling(tmp_path) as client,
    ):
        assert client.preview(asked(requested())) == told
        assert ledger.head(XINZHOU).sequence == 0
