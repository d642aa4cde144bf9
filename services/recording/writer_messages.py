"""What goes over the writer's socket: requests one way, answers the other, each message one line of JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct

from events.errors import FactError
from events.fact import AnyFact
from events.ledger.errors import LedgerUnavailableError, Reason
from events.parsing import parse
from events.printing import history_line
from projections.effects import Effect
from services.file_faults import file_reason
from services.recording.authorisation import Principal
from services.recording.preview import Preview
from services.recording.request import Answer, Problem, Request, problem_from

LONGEST_MESSAGE: Final = 32_000_000
"""Bytes of one line; a caller sends larger batches in several."""
MOST_REQUESTS: Final = 512
"""Requests of one message."""
_ENVELOPE: Final = 1_000


class AskedRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request as it is sent: whole facts as JSON, without the sequence that the ledger assigns."""

    facts: list[dict[str, Any]]
    key: str | None = None
    expected: Mapping[str, int] = {}
    recorded_at: dt.datetime | None = None


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch of requests, and the districts in which the caller means to record.

    With `preview` nothing is recorded, and it is told what would come of each request.
    """

    requests: list[AskedRequest]
    districts: list[str] | None = None
    preview: bool = False


class Replied(Struct, frozen=True, kw_only=True):
    """One answer or preview a request, or why there is none."""

    answers: tuple[Answer, ...] = ()
    previews: tuple[Preview[Effect], ...] = ()
    error: Reason | None = None


_ASKED: Final = msgspec.json.Decoder(Asked)
REPLIED: Final = msgspec.json.Decoder(Replied)


def message_of(reply: Replied) -> bytes:
    """Return a reply as one line."""
    return msgspec.json.encode(reply) + b"\n"


def asked_of(requests: Sequence[Request], *, preview: bool = False) -> bytes:
    """Return a batch as one line; its requests have one principal."""
    districts = requests[0].principal.districts
    asked = {
        "requests": [
            {
                "facts": [orjson.Fragment(history_line(fact)) for fact in request.facts],
                "key": request.key,
                "expected": dict(request.expected),
                "recorded_at": request.recorded_at,
            }
            for request in requests
        ],
        "districts": None if districts is None else sorted(districts),
        "preview": preview,
    }
    return orjson.dumps(asked) + b"\n"


def chunks(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """Cut a batch into messages of a size that is taken; a request that is too large stands alone."""
    chunk: list[Request] = []
    size = _ENVELOPE
    for request in requests:
        own = _size(request)
        other = bool(chunk) and chunk[0].principal != request.principal
        if chunk and (other or size + own > LONGEST_MESSAGE or len(chunk) == MOST_REQUESTS):
            yield chunk
            chunk, size = [], _ENVELOPE
        chunk.append(request)
        size += own
    if chunk:
        yield chunk


def refused_here(chunk: Sequence[Request]) -> Answer | None:
    """Return the answer to a single request that no message can hold, else None."""
    if len(chunk) > 1 or _size(chunk[0]) + _ENVELOPE <= LONGEST_MESSAGE:
        return None
    return Answer(status="refused", problems=(problem_from(is_too_long()),))


def read_asked(line: bytes) -> Asked:
    """Read a batch; raise LedgerUnavailableError with what is wrong with it."""
    try:
        return _ASKED.decode(line)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise LedgerUnavailableError(_malformed(str(fault))) from fault


def requests_of(asked: Asked, principal: Principal) -> tuple[list[Answer | None], list[Request]]:
    """Return the requests that can be read, and for each request asked its answer if it cannot, else None."""
    answers: list[Answer | None] = []
    requests: list[Request] = []
    for one in asked.requests:
        try:
            facts = tuple(_fact(given, place) for place, given in enumerate(one.facts))
        except _UnreadableError as error:
            answers.append(Answer(status="refused", problems=(error.problem,)))
            continue
        answers.append(None)
        stated = one.recorded_at if one.recorded_at is None or one.recorded_at.tzinfo else None
        requests.append(
            Request(facts=facts, principal=principal, key=one.key, expected=one.expected, recorded_at=stated)
        )
    return answers, requests


class _UnreadableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def _fact(given: Mapping[str, Any], place: int) -> AnyFact:
    try:
        return parse(given)
    except FactError as error:
        raise _UnreadableError(
            Problem(code=error.code, zh=error.reason_zh, en=error.reason_en, field=error.field, fact=place)
        ) from None


def _size(request: Request) -> int:
    keys = len(request.key or "") * 4 + sum(len(case) * 4 + 24 for case in request.expected)
    return sum(len(history_line(fact)) + 1 for fact in request.facts) + keys + 200


def is_too_long() -> Reason:
    """Say that a message is longer than is taken."""
    return Reason(
        "writer_socket.too_long",
        f"一次提交超过 {LONGEST_MESSAGE:,} 字节，未入账；请分次提交。",
        f"One request has more than {LONGEST_MESSAGE:,} bytes and was not recorded; send it in parts.",
    )


def _malformed(why: str) -> Reason:
    return Reason(
        "writer_socket.malformed",
        f"本行不是有效的入账请求（{why[:200]}），未入账；请使用同一版本的 taizhang。",
        f"This line is no valid request ({why[:200]}), nothing was recorded; use the same version of taizhang.",
    )


def cannot_listen(folder: Path, fault: OSError) -> Reason:
    """Say that the socket could not be opened."""
    zh, en = file_reason(fault)
    return Reason(
        "writer_socket.cannot_listen",
        f"不能在 {folder} 建立套接字（{zh}），其他命令将无法入账；请检查该文件夹的权限与所在文件系统。",
        f"No socket can be opened in {folder} ({en}), so other commands could not record; check "
        "the folder's permissions and file system.",
    )


def broken_off() -> Reason:
    """Say that the connection broke off."""
    return Reason(
        "writer_socket.broken_off",
        "与正在运行的台账服务的连接中断，最后一批是否入账不明；请重试，已入账者会如实答复为重复。",
        "The connection to the running ledger broke off, and whether the last batch was recorded is not known. Try "
        "again: what had gone in is answered as repeated.",
    )


def no_previews() -> Reason:
    """Say that this process cannot preview."""
    return Reason(
        "writer_socket.no_previews",
        "持有账册的程序不提供预演；请在 taizhang serve 运行时预演，或待其结束后再试。",
        "The process that holds the ledger gives no previews; preview while taizhang serve runs, or once it has ended.",
    )


def foreign_user() -> Reason:
    """Say that the other side runs as another user."""
    return Reason(
        "writer_socket.foreign_user",
        "台账服务由另一用户运行，不接受本用户入账；请以运行服务的用户执行，或使用 HTTP 接口。",
        "The ledger is served by another user and takes nothing from this one; run the command as that user, or use "
        "the HTTP interface.",
    )


def failed() -> Reason:
    """Say that the service failed."""
    return Reason(
        "writer_socket.fault",
        "台账服务处理本批时出错，是否入账不明；请重试，并将服务的日志交运维人员。",
        "The ledger service failed on this batch, and whether it was recorded is not known; try again, and give its "
        "log to the operator.",
    )
