"""The whole matrix of roles, actions and districts, asked of every route over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi.routing import APIRoute

from services.http.actions import ACTIONS, ALLOWED, FOR_ANYBODY, READING, WATCHED_READERS, Action, is_allowed
from services.http.app import http_app
from services.http.guard import DISTRICT, Permit
from services.identity.tokens import ROLES_OF_TOKENS
from services.recording.authorisation import Role, allowed_roles
from tests.services.http.api import Api

OWN, FOREIGN = "xinzhou", "yuanzhou"


class Way(NamedTuple):
    """One way into the API: a method and an address, and the actions that its guards ask for."""

    method: str
    path: str
    actions: tuple[Action, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_bound(self) -> bool:
        return f"{{{DISTRICT}}}" in self.path

    def address(self, district: str) -> str:
        return re.sub(r"\{\w+\}", "x", self.path.replace(f"{{{DISTRICT}}}", district))


def ways(shared: Api) -> Iterator[Way]:
    for route in http_app(shared.parts).routes:
        assert isinstance(route, APIRoute), f"{route} stands outside the guard"
        permits = [one.call for one in route.dependant.dependencies if isinstance(one.call, Permit)]
        for method in sorted(route.methods or ()):
            yield Way(method, route.path, tuple(one.action for one in permits))


def test_every_route_names_one_action_that_the_table_knows(shared: Api) -> None:
    found = list(ways(shared))
    assert [str(way) for way in found if len(way.actions) != 1] == []
    assert {way.actions[0] for way in found} <= set(ACTIONS)
    assert set(ALLOWED) | FOR_ANYBODY == set(ACTIONS)


def test_every_route_that_shows_records_has_its_district_in_its_address(shared: Api) -> None:
    unbound = {way.actions[0] for way in ways(shared) if not way.is_bound}
    assert unbound == {"rule.read", "vocabulary.read", "metrics.read", "service.probe"}


@pytest.mark.parametrize("role", ROLES_OF_TOKENS)
def test_a_role_gets_past_the_guard_exactly_where_the_table_says(shared: Api, role: Role) -> None:
    client = shared.client(role, OWN)
    for way in ways(shared):
        answer = client.request(way.method, way.address(OWN))
        allowed = is_allowed(way.actions[0], frozenset({role}))
        problem = answer.json() if "problem" in answer.headers.get("content-type", "") else {"code": ""}
        refused = (answer.status_code, problem["code"]) == (403, "http.role_may_not")
        assert refused is not allowed, f"{role}: {way} answered {answer.status_code}"
        assert answer.status_code not in {401, 500}, f"{role}: {way}"


@pytest.mark.parametrize("role", ROLES_OF_TOKENS)
def test_a_foreign_district_answers_as_one_that_does_not_exist(shared: Api, role: Role) -> None:
    client = shared.client(role, OWN)
    for way in (one for one in ways(shared) if one.is_bound):
        foreign, none = (client.request(way.method, way.address(one)) for one in (FOREIGN, "nowhere"))
        expected = 404 if is_allowed(way.actions[0], frozenset({role})) else 403
        assert (foreign.status_code, none.status_code) == (expected, expected), f"{role}: {way}"
        assert strip(foreign.headers) == strip(none.headers)
        assert foreign.content == none.content


def test_without_a_token_only_the_probes_answer(shared: Api) -> None:
    client = shared.client()
    for way in ways(shared):
        answer = client.request(way.method, way.address(OWN))
        assert (answer.status_code == 401) is (way.actions[0] not in FOR_ANYBODY), str(way)


def test_every_way_in_which_an_inspector_or_an_agency_reads_a_district_is_noted(shared: Api) -> None:
    read = {way.actions[0] for way in ways(shared) if way.is_bound and way.method == "GET"}
    theirs = {action for action in read if is_allowed(action, WATCHED_READERS)}
    assert theirs - READING == {"rule.read"}, "rules are public papers"
    assert read - theirs == {"access.read"}


def test_what_may_be_done_about_an_alert_is_what_may_be_recorded(shared: Api) -> None:
    acts: dict[Action, str] = {
        "alert.acknowledge": "alert.acknowledged.v1",
        "alert.answer": "alert.answered.v1",
        "alert.waive": "alert.waived.v1",
    }
    assert {way.actions[0] for way in ways(shared)} >= set(acts)
    assert {action: ALLOWED[action] for action in acts} == {
        action: allowed_roles(fact) for action, fact in acts.items()
    }


def strip(headers: Any) -> dict[str, str]:  # noqa: ANN401  httpx.Headers
    return {name: value for name, value in headers.items() if name != "date"}
