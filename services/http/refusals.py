"""From what recording answers to the problem that the caller reads."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from events import ledger_errors
from services.http.problems import Detail, ProblemError
from services.recording.authorisation import FOREIGN_DISTRICT, ORIGIN_RESERVED, ROLE_LACKS_RIGHT
from services.recording.recorder import FAULT
from services.recording.weighing import CONFLICT

if TYPE_CHECKING:
    from services.http.parts import AccessNotes
    from services.identity.caller import Caller
    from services.recording.request import Answer, Problem

_UNAUTHORISED: Final = frozenset({ROLE_LACKS_RIGHT, ORIGIN_RESERVED, FOREIGN_DISTRICT})
_STATUS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(_UNAUTHORISED, 403),
        CONFLICT: 409,
        ledger_errors.OTHER_CONTENT: 409,
        ledger_errors.CLOCK_SET_BACK: 503,
        "ledger.keys_missing": 503,
        "ledger.keys_unusable": 503,
        "ledger.closed": 503,
        FAULT: 500,
    }
)
"""By code; whatever is not listed is a refusal of the content."""


def refused(result: Answer, caller: Caller, district: str, notes: AccessNotes) -> ProblemError:
    """Return the problem of facts that were not recorded; what the caller had no right to is counted."""
    first = result.problems[0]
    status = _STATUS.get(first.code, 422)
    if status == HTTPStatus.FORBIDDEN:
        notes.refused(caller, district, "fact.record", first.code)
    many = [detail_of(one) for one in result.problems] if len(result.problems) > 1 or first.fact else []
    return ProblemError(
        status,
        first.code,
        first.zh,
        first.en,
        field=field_of(first),
        problems=many,
        headers={"retry-after": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None,
    )


def detail_of(problem: Problem) -> Detail:
    """Return one of several things that stand against facts."""
    return Detail(code=problem.code, detail=problem.zh, detail_en=problem.en, field=problem.field, fact=problem.fact)


def field_of(problem: Problem) -> str | None:
    """Return the field as it stands in the request."""
    return problem.field
