"""House settings: those in force explained, a file linted, and adopted by a fact."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.errors import FactError, printable
from events.strict_json import read_object
from projections.policy.policy import Policy, PolicyError, policy_from
from services.access.access_book import actor_of
from services.http import problems
from services.http.answers import answer
from services.http.describing import answers, body, schema_of
from services.http.documents import PolicyLinted, RecordedShown
from services.http.faults import of_fact
from services.http.guard import Guard
from services.http.json_bodies import headers_of, json_body
from services.http.parts import Parts
from services.http.problems import Detail, ProblemError
from services.http.recording import recorded_request
from services.http.requests import request_of
from services.identity.caller import Caller
from services.policy.adopting import adoption_of
from services.policy.explaining import Explained, explained

LONGEST_SETTINGS: Final = 100_000
"""Characters of a file of house settings; the shipped one has some 1,200."""

_ADOPTION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["text", "reason"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "maxLength": LONGEST_SETTINGS},
        "reason": {"type": "string"},
        "effective_on": {"type": "string", "format": "date"},
        "occurred_at": {"type": "string"},
    },
}
_FILE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "maxLength": LONGEST_SETTINGS}},
}


class _Given(Struct, frozen=True):
    """What a body holds, read; `text` are the bytes of the file, `occurred_at` is by default now."""

    text: bytes
    reason: str = ""
    effective_on: str | None = None
    occurred_at: str | None = None


def policy_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["policy"])

    @router.get("/v1/districts/{district}/policy", responses=answers({200: schema_of(Explained)}))
    def policy(district: str, _caller: Annotated[Caller, guard.may("rule.read")]) -> Response:
        """现行内部设置的说明。The house settings in force, explained."""
        return answer(explained(parts.policy_of(district)))

    @router.post(
        "/v1/districts/{district}/policy/lint",
        responses=answers({200: schema_of(PolicyLinted)}, 415),
        openapi_extra=body(_FILE),
    )
    async def lint(district: str, request: Request, _caller: Annotated[Caller, guard.may("policy.adopt")]) -> Response:
        """检查一份内部设置，不采用；问题指明行号和原因。A file checked, not adopted; faults by line and reason."""
        del district
        given = await _given(request, {"text"})
        read = await run_in_threadpool(_read, given.text)
        return answer(PolicyLinted(policy=read.name, sha256=read.sha256))

    @router.post(
        "/v1/districts/{district}/policy",
        status_code=201,
        responses=answers({200: schema_of(RecordedShown), 201: schema_of(RecordedShown)}, 409, 415),
        openapi_extra=body(_ADOPTION),
    )
    async def adopt(district: str, request: Request, caller: Annotated[Caller, guard.may("policy.adopt")]) -> Response:
        """采用一份内部设置：先检查、存文本，再以事实采用。House settings adopted: linted, kept, then a fact."""
        if parts.keep_policy is None:
            raise _kept_elsewhere()
        given = await _given(request, set(_ADOPTION["properties"]))
        read = await run_in_threadpool(_read, given.text)
        fact = adoption_of(read, actor_of(caller), parts.clock(), given.effective_on, given.reason)
        fact |= {} if given.occurred_at is None else {"occurred_at": given.occurred_at}
        key = headers_of(request).get("idempotency-key")
        asked = request_of(orjson.dumps(fact), district, caller, key=key, version=None, most_facts=parts.limits.facts)
        # Kept before it is recorded, so that no adoption is without its text.
        await run_in_threadpool(parts.keep_policy, given.text)
        return await recorded_request(parts, district, caller, asked)

    return router


async def _given(request: Request, known: set[str]) -> _Given:
    try:
        found = read_object(await json_body(request, headers_of(request)))
    except FactError as error:
        raise of_fact(error) from None
    for name, value in found.items():
        if name not in known:
            raise _wrong(printable(name)[:100], "不是此请求的字段，请去掉", "is no field of this request; leave it out")
        if not isinstance(value, str):
            raise _wrong(name, "应为文字", "must be a text")
    text = found.get("text")
    if not isinstance(text, str):
        raise _wrong("text", "是必需的：内部设置文件的全文", "is required: the whole file of house settings")
    if len(text) > LONGEST_SETTINGS:
        raise _wrong("text", f"不得超过 {LONGEST_SETTINGS:,} 字", f"has at most {LONGEST_SETTINGS:,} characters")
    given = {name: value for name, value in found.items() if isinstance(value, str)}
    return _Given(text.encode(), given.get("reason", ""), given.get("effective_on"), given.get("occurred_at"))


def _read(text: bytes) -> Policy:
    """Read a file of house settings; raise ProblemError naming line and reason of all that is wrong with it."""
    try:
        return policy_from(text)
    except PolicyError as error:
        details = [
            Detail(
                code=error.code,
                detail=f"第{one.line}行 {printable(one.field)}：{one.zh}",
                detail_en=f"line {one.line}, {printable(one.field)}: {one.en}",
                field=f"text:{one.line}",
            )
            for one in error.problems
        ]
        raise ProblemError(
            422,
            error.code,
            f"内部设置不能使用，没有采用；请改正后重试。{'；'.join(one.detail for one in details[:3])}",
            "The house settings cannot be used and were not adopted; mend them and try again. "
            f"{'; '.join(one.detail_en for one in details[:3])}",
            field=details[0].field,
            problems=details,
        ) from None


def _wrong(field: str, zh: str, en: str) -> ProblemError:
    return ProblemError(422, "http.bad_policy", f"{field} {zh}。", f"{field} {en}.", field=field)


def _kept_elsewhere() -> ProblemError:
    return problems.unavailable(
        "policy.kept_elsewhere",
        "判定由别的进程进行，内部设置的文本须存在它们的数据文件夹中；请在那里运行 taizhang policy adopt。",
        "Other processes judge, and the text has to be kept in their data folder; run taizhang policy adopt there.",
    )
