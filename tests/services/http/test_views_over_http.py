"""Views over HTTP: which there are, their rows page by page, and only what the caller may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.http.api import ASKED, Api, serving

FACTS = "/v1/districts/xinzhou/facts"
VIEWS = "/v1/districts/xinzhou/views"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Give a service of its own whose views are up to date with three countersigns, one of them secret."""
    with serving(tmp_path_factory.mktemp("views")) as api:
        cases = [{**ASKED, "subject": {"kind": "countersign", "id": f"cs-{number}"}} for number in range(3)]
        cases[2] = {**cases[2], "classification": "work_secret"}
        assert api.client("clerk").post(FACTS, json={"facts": cases}).is_success
        api.judge()
        api.service.feeding.catch_up()
        yield api


def test_every_view_that_may_be_read_is_described(fed: Api) -> None:
    names = {
        role: {one["name"] for one in fed.client(role).get(VIEWS).json()["views"]} for role in ("leader", "agency")
    }
    assert names["leader"] - names["agency"] == {"missing"}
    assert {"desk", "alerts", "topics", "timeline", "overview"} <= names["agency"]
    assert fed.client("operator").get(VIEWS).status_code == 403
    assert fed.client("leader").get(VIEWS.replace("xinzhou", "huancui")).status_code == 404


def test_a_view_is_paged_filtered_and_says_as_of_when(fed: Api) -> None:
    client = fed.client("leader")
    first = client.get(f"{VIEWS}/countersigns", params={"party": "u-land", "limit": 2}).json()
    last = client.get(f"{VIEWS}/countersigns", params={"party": "u-land", "limit": 2, "after": first["next"]}).json()
    assert [row["countersign"] for row in first["rows"] + last["rows"]] == [
        "countersign/cs-2",
        "countersign/cs-1",
        "countersign/cs-0",
    ]
    assert (first["view"], first["as_of"] >= 3, last["next"]) == ("countersigns", True, None)


def test_what_a_role_may_not_see_is_absent(fed: Api) -> None:
    client = fed.client("agency")
    assert len(client.get(f"{VIEWS}/countersigns").json()["rows"]) == 2
    assert client.get(f"{VIEWS}/countersigns", params={"countersign": "countersign/cs-2"}).json()["rows"] == []
    asked = client.get(f"{VIEWS}/overview", params={"measure": "opinions_asked"}).json()["rows"]
    assert [row["number"] for row in asked] == [2]
    desk = client.get(f"{VIEWS}/desk", params={"unit": "u-land"}).json()["rows"]
    assert {row["about"] for row in desk} == {"countersign/cs-0", "countersign/cs-1"}
    assert client.get(f"{VIEWS}/missing").status_code == 403


def test_my_desk_is_that_of_the_caller(fed: Api) -> None:
    assert fed.client("clerk").get(f"{VIEWS}/desk", params={"mine": True}).json()["rows"] == []
    assert len(fed.client("clerk").get(f"{VIEWS}/desk", params={"holder": "u-land"}).json()["rows"]) == 3


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("countersigns", {"colour": "red"}, 422, "view.filter_unknown"),
        ("countersigns", {"limit": "0"}, 422, "http.invalid_parameter"),
        ("countersigns", {"after": "???"}, 422, "view.after_unreadable"),
        ("timeline", {}, 422, "view.filter_needed"),
        ("weather", {}, 404, "http.not_found"),
    ],
)
def test_a_bad_question_is_a_problem(fed: Api, path: str, params: dict[str, str], status: int, code: str) -> None:
    answer = fed.client("leader").get(f"{VIEWS}/{path}", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_meeting_without_its_record_is_among_what_else_to_record(fed: Api) -> None:
    meeting = {"subject": {"kind": "meeting", "id": "zw-1"}, "actor": {"unit": "u-office"}}
    planned = {
        "title": "常务会议", "host": "u-office", "kind": "executive", "mode": "in_person",
        "starts_at": "2026-09-22T09:00:00+08:00", "chair": "p-head",
    }  # fmt: skip
    form = [
        {**meeting, "type": "meeting.planned.v1", "occurred_at": "2026-09-20T09:00:00+08:00", "data": planned},
        {
            **meeting,
            "type": "meeting.opened.v1",
            "occurred_at": "2026-09-22T09:00:00+08:00",
            "data": {"chair": "p-head"},
        },
    ]
    assert fed.client("clerk").post(FACTS, json={"facts": form}).status_code == 201
    fed.judge()
    fed.service.feeding.catch_up()
    rows = fed.client("clerk").get(f"{VIEWS}/missing", params={"case_kind": "meeting"}).json()["rows"]
    assert {row["about"] for row in rows} == {"meeting/zw-1"}
    assert {row["rule"].partition("/")[0] for row in rows} == {"xinzhou"}
    assert all(row["missing"] for row in rows)
