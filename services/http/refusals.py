"""From what recording answers to the problem that the caller reads."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from events.ledger import errors as ledger_errors
from services.http.actions import EVERY_CLASS, classes_seen
from services.http.problems import Detail, ProblemError
from services.recording.authorisation import FOREIGN_DISTRICT, ORIGIN_RESERVED, ROLE_LACKS_RIGHT
from services.recording.recorder import FAULT
from services.recording.request import Answer
from services.recording.weighing import CONFLICT, version_not_told

if TYPE_CHECKING:
    from services.http.parts import AccessNotes, Parts
    from services.identity.caller import Caller
    from services.recording.request import Problem, Request

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


def sees_versions(parts: Parts, district: str, caller: Caller, expected: Iterable[str]) -> bool:
    """Tell whether a caller may see all of the cases whose versions he states: the version counts every fact."""
    classes = classes_seen(caller.roles)
    if classes == EVERY_CLASS:
        return True
    cases = parts.ledger.read_cases(district, expected)
    return all(fact.classification in classes for facts in cases.values() for fact in facts)


async def refusal_of(parts: Parts, result: Answer, asked: Request, caller: Caller, district: str) -> ProblemError:
    """Return the problem of a request that was not recorded, and nothing about versions that the caller may not know.

    What would be refused only at the right version tells the version as well, so that both are answered alike.
    """
    depends = result.problems[0].code == CONFLICT or result.problems[0].code not in _STATUS
    if depends and asked.expected and not await to_thread(sees_versions, parts, district, caller, asked.expected):
        result = Answer(status="conflict", problems=(version_not_told(),))
    return refused(result, caller, district, parts.notes)


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
