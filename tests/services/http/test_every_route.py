"""Each route of the description, asked wrongly in every way: each refusal is one that is described, and a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from services.recording.authorisation import Role
from tests.services.http.api import Api

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES: tuple[Role, ...] = ("clerk", "inspector", "operator", "auditor")
KNOWN = {"district": "xinzhou", "kind": "countersign", "case_id": "cs-1", "view": "desk"}
MALFORMED = ("%00", "%FF", "%ED%A0%80", "%0A", "%2F", "%2e%2e", "信", "*", "-1", "9" * 20, "x" * 5_000)
HARMLESS = {"/v1/health", "/v1/serving", "/v1/ready", "/v1/openapi.json"}
"""Open to anybody, these answer alike whatever is asked beside; probes and balancers may add what they like."""
BODIES: tuple[tuple[str | None, bytes, int], ...] = (
    (None, b"{}", 415),
    ("text/plain", b"{}", 415),
    ("application/x-www-form-urlencoded", b"a=b", 415),
    ("multipart/form-data; boundary=x", b"--x--", 415),
    ("application/json; charset=utf-16", b"{}", 415),
    ("application/json", b"", 400),
    ("application/json", b"{", 400),
    ("application/json", b"[1]", 400),
    ("application/json", b"\xff", 400),
    ("application/json", b'{"a":1,"a":2}', 400),
    ("application/json", b'{"a":NaN}', 400),
    ("application/json", b"[" * 100_000, 400),
    ("application/json", b'"' + b"x" * 1_000_000 + b'"', 413),
)
CHINESE = re.compile(r"[一-鿿]")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")


class Operation(NamedTuple):
    """One method of one path, with what the description says of it."""

    path: str
    method: str
    described: dict[str, Any]

    def address(self, **parts: str) -> str:
        """Return the address with parts of it filled in."""
        return re.sub(r"\{(\w+)\}", lambda part: parts.get(part[1], KNOWN.get(part[1], "1")), self.path)

    @property
    def parts(self) -> list[str]:
        """The names of the parts of its address."""
        return re.findall(r"\{(\w+)\}", self.path)


@pytest.fixture(scope="module")
def operations(shared: Api) -> list[Operation]:
    shared.judge()
    shared.service.feeding.catch_up()
    paths = shared.client().get("/v1/openapi.json").json()["paths"]
    return [Operation(path, method.upper(), told) for path, one in paths.items() for method, told in one.items()]


def callers(shared: Api, operation: Operation) -> Iterator[httpx.Client]:
    """Return callers of several roles, each with a rate of its own for each operation."""
    for role in ROLES:
        yield shared.client(role, subject=f"p-{role}-{operation.method}-{abs(hash(operation.path))}")


def one_who_may(shared: Api, operation: Operation) -> httpx.Client:
    """Return a caller whose role may do it."""
    for client in callers(shared, operation):
        if client.request(operation.method, operation.address()).status_code != 403:
            return client
    raise AssertionError(operation.path)


def wrong_with(answer: httpx.Response, described: dict[str, Any]) -> str | None:
    """Return what is wrong with an answer, by its description; None when nothing is."""
    status = answer.status_code
    told = described["responses"].get(str(status))
    if told is None:
        return f"{status} is not described"
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if "content" in told and media_type not in told["content"]:
        return f"{status} as {media_type!r}"
    return not_a_problem(answer) if media_type == "application/problem+json" else None


def not_a_problem(answer: httpx.Response) -> str | None:
    """Return what a problem lacks; None when it lacks nothing."""
    said = answer.json()
    whole = (
        answer.headers["content-type"] == "application/problem+json",
        said["status"] == answer.status_code,
        CODE.fullmatch(said["code"]) is not None,
        said["type"] == f"urn:taizhang:problem:{said['code']}",
        CHINESE.search(said["title"]) and CHINESE.search(said["detail"]),
        said["title_en"] and said["detail_en"],
    )
    return None if all(whole) else f"no whole problem: {said}"


def test_a_method_that_a_route_does_not_take_is_refused_with_those_it_takes(
    shared: Api, operations: list[Operation]
) -> None:
    wrong: list[tuple[str, ...]] = []
    for path in sorted({one.path for one in operations}):
        mine = [one for one in operations if one.path == path]
        taken = {one.method for one in mine} | ({"HEAD"} if any(one.method == "GET" for one in mine) else set())
        client = next(callers(shared, mine[0]))
        for method in METHODS:
            if method in taken:
                continue
            answer = client.request(method, mine[0].address())
            allowed = set(answer.headers.get("allow", "").split(", "))
            if (answer.status_code, allowed) != (405, taken) or (method != "HEAD" and not_a_problem(answer)):
                wrong.append((method, path, str(answer.status_code), str(allowed)))
    assert wrong == []


def test_a_malformed_part_of_an_address_gets_an_answer_that_is_described(
    shared: Api, operations: list[Operation]
) -> None:
    wrong: list[tuple[str, ...]] = []
    for operation in operations:
        client = one_who_may(shared, operation)
        for part in operation.parts:
            for value in MALFORMED:
                answer = client.request(operation.method, operation.address(**{part: value}))
                fault = wrong_with(answer, operation.described)
                if fault is not None and not (value == "%2F" and answer.status_code in {404, 405}):
                    wrong.append((operation.method, operation.path, part, value[:20], fault))
    assert wrong == []


def test_a_parameter_that_no_route_takes_is_refused_by_every_route(shared: Api, operations: list[Operation]) -> None:
    wrong: list[tuple[str, ...]] = []
    for operation in operations:
        client = one_who_may(shared, operation)
        for query in ("nope=1", "nope", "%FF=1", "nope=1&" * 100):
            answer = client.request(operation.method, f"{operation.address()}?{query}")
            fault = wrong_with(answer, operation.described)
            if fault is not None or (answer.is_success and operation.path not in HARMLESS):
                wrong.append((operation.method, operation.path, query[:20], fault or "passed over"))
    assert wrong == []


@pytest.mark.parametrize(("given", "content", "status"), BODIES, ids=lambda one: str(one)[:30])
def test_a_body_that_cannot_be_read_is_refused_by_every_route_that_takes_one(
    shared: Api, operations: list[Operation], given: str | None, content: bytes, status: int
) -> None:
    wrong: list[tuple[object, ...]] = []
    for operation in operations:
        if "requestBody" not in operation.described:
            continue
        client = one_who_may(shared, operation)
        headers = {} if given is None else {"content-type": given}
        answer = client.request(operation.method, operation.address(), content=content, headers=headers)
        fault = wrong_with(answer, operation.described)
        # Of what is not there it is said first that it is not there.
        if fault is not None or answer.status_code not in {status, 404}:
            wrong.append((operation.method, operation.path, answer.status_code, answer.text[:200]))
    assert wrong == []
