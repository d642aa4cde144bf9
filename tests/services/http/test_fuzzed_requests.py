"""Whatever is sent to any route: no 500, and no status, media type or shape that the description does not name.

TAIZHANG_ROUNDS says how many requests each route gets; a few by default.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error as no_fault
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.recording.authorisation import Role
from tests.services.http.api import Api

ROUNDS = int(os.environ.get("TAIZHANG_ROUNDS", "3"))
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES: tuple[Role, ...] = ("clerk", "operator", "auditor")


@pytest.mark.parametrize("role", ROLES)
def test_no_request_brings_the_api_down_or_gets_an_answer_that_is_not_described(shared: Api, role: Role) -> None:
    described = schemathesis.openapi.from_url(f"{shared.address}/v1/openapi.json")
    headers = {"authorization": f"Bearer {shared.token(role, subject=f'p-fuzz-{role}')}"}
    tried = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def attempt(case: Any) -> None:  # noqa: ANN401  schemathesis makes its own class for each description
            case.path_parameters = {**case.path_parameters, **district_of(case)}
            response = case.call(headers=headers, timeout=60)
            case.validate_response(response, checks=CHECKS if response.status_code == 503 else [*CHECKS, no_fault])

        attempt()
        tried += 1
    assert tried >= 20


def district_of(case: Any) -> dict[str, str]:  # noqa: ANN401  as above
    """Keep to the caller's own district, so that requests get beyond the guard."""
    return {"district": "xinzhou"} if "district" in case.path_parameters else {}
