"""From what was raised below a route to the problem that the caller reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from events.errors import FactError, printable
from events.ledger import errors as ledger_errors
from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.http import problems
from services.http.problems import Detail, ProblemError, problem_response
from services.pages.problem_page import problem_page, wants_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

UNREADABLE: Final = frozenset(
    {"not_utf8", "not_json", "not_an_object", "duplicate_key", "not_a_number", "too_deep", "bad_characters"}
)
"""Codes of what is no JSON object; everything else that is wrong with a fact is wrong with its content."""

_READING: Final = frozenset({"GET", "HEAD"})
_OF_ONE_PERSON: Final = frozenset(
    {ledger_errors.PERSON_ERASED, ledger_errors.PERSONAL_TEXT_TOO_LONG, ledger_errors.SEALED_TEXT_DAMAGED}
)


async def on_problem(request: Request, error: Exception) -> Response:
    """Answer with a problem that was raised: to a browser on a page of ours as a page."""
    if not isinstance(error, ProblemError):
        raise error
    return problem_page(error) if wants_page(request) else problem_response(error)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: no such route, another method, an unreadable request."""
    if isinstance(error, ProblemError) or not isinstance(error, HTTPException):
        return await on_problem(request, error)
    match error.status_code:
        case 404:
            return await on_problem(request, problems.not_found())
        case 405:
            return problem_response(problems.method_not_allowed(request.scope, request.app.routes))
        case _:
            return problem_response(problems.unreadable())


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer what the framework found wrong with parameters, each named."""
    if not isinstance(error, RequestValidationError):
        raise error
    return await on_problem(request, invalid(error.errors()))


def invalid(found: Sequence[Mapping[str, Any]]) -> ProblemError:
    """Return the problem of parameters that cannot be used."""
    details = [_of_parameter(one) for one in found]
    return ProblemError(
        422,
        "http.invalid_parameter",
        "；".join(one.detail for one in details),
        "; ".join(one.detail_en for one in details),
        field=details[0].field if details else None,
        problems=details if len(details) > 1 else (),
    )


def _of_parameter(one: Mapping[str, Any]) -> Detail:
    place, *path = one.get("loc", ("",))
    name = printable(".".join(one for one in path if isinstance(one, str))) or str(place)
    zh, en = _why(one)
    return Detail(
        code="http.invalid_parameter",
        detail=f"参数 {name} {zh}",
        detail_en=f"the parameter {name} {en}",
        field=name,
    )


def _why(one: Mapping[str, Any]) -> tuple[str, str]:
    given = one.get("ctx") or {}
    match one.get("type"):
        case "missing":
            return "是必需的，请补上", "is required; give it"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "应为整数", "must be a whole number"
        case "bool_parsing" | "bool_type":
            return "应为 true 或 false", "must be true or false"
        case "greater_than_equal":
            return f"不得小于 {given.get('ge')}", f"must be at least {given.get('ge')}"
        case "less_than_equal":
            return f"不得大于 {given.get('le')}", f"must be at most {given.get('le')}"
        case "string_too_long":
            return f"不得超过 {given.get('max_length')} 字", f"has at most {given.get('max_length')} characters"
        case "literal_error" | "enum":
            choices = str(given.get("expected"))
            return f"只能是 {choices.replace(' or ', '、').replace(', ', '、')}", f"must be one of {choices}"
        case "string_pattern_mismatch":
            return f"应符合 {given.get('pattern')}", f"must match {given.get('pattern')}"
        case _:
            return "不可用，请按接口说明填写", "cannot be used; write it as the description of the interface says"


async def on_fact(_request: Request, error: Exception) -> Response:
    """Answer a fact that cannot be read."""
    if not isinstance(error, FactError):
        raise error
    return problem_response(of_fact(error))


def of_fact(error: FactError, fact: int | None = None) -> ProblemError:
    """Return the problem of a fact that cannot be read; `fact` is its place among several."""
    status = 413 if error.code == "line_too_long" else 400 if error.code in UNREADABLE else 422
    field = error.field if fact is None else f"facts[{fact}].{error.field}" if error.field else f"facts[{fact}]"
    return ProblemError(status, error.code, error.reason_zh, error.reason_en, field=field)


def _came_to(code: str, method: str) -> tuple[str, str]:
    """Return what a request came to that the ledger failed, and what to do, in Chinese and English."""
    if method in _READING:
        return "本次未能读取；请稍后重试", "nothing could be read; try again later"
    if code == ledger_errors.OUTCOME_UNKNOWN:
        return (
            "不能确定本次是否入账；请稍后以原编号和原幂等键重试，已入账的不会重复",
            "it is not known whether this request was recorded; try again later with the same ids and key",
        )
    return "本次请求没有任何内容入账；请稍后重试", "nothing of this request was recorded; try again later"


async def on_ledger(request: Request, error: Exception) -> Response:
    """Answer what the ledger cannot do; what concerns one person's data is no fault of the ledger."""
    if not isinstance(error, LedgerError):
        raise error
    reason = error.reason
    if reason.code in _OF_ONE_PERSON:
        return problem_response(ProblemError(422, reason.code, reason.zh, reason.en))
    structlog.get_logger().error("http.ledger", code=reason.code, zh=reason.zh, en=reason.en)
    came_to_zh, came_to_en = _came_to(reason.code, request.method)
    return await on_problem(
        request,
        problems.unavailable(
            reason.code,
            f"账册暂时不能使用，{came_to_zh}，仍不行时告知运维人员（原因在日志中）。",
            f"The ledger cannot be used for now and {came_to_en}. If it stays so, tell the operator: the log says why.",
        ),
    )


async def on_views(request: Request, error: Exception) -> Response:
    """Answer that the views cannot be read."""
    if not isinstance(error, ViewsError):
        raise error
    structlog.get_logger().error("http.views", code=error.code, reason=str(error))
    return await on_problem(
        request,
        problems.unavailable(
            error.code,
            "视图暂时不能读取；账册不受影响，请稍后重试，仍不行时告知运维人员（原因在日志中）。",
            "The views cannot be read for now; the ledger is not affected. Try again later; if it stays so, tell the "
            "operator: the log has the cause.",
        ),
    )
