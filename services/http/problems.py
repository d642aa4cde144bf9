"""Problems (RFC 9457): what an answer says that is none, in Chinese with English beside it, under a stable code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec
from fastapi import HTTPException
from msgspec import UNSET, Struct, UnsetType
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("请求无法读取", "The request cannot be read"),
        401: ("未能确认身份", "Not recognised"),
        403: ("无权进行", "Not allowed"),
        404: ("没有此内容", "Not found"),
        405: ("不支持此方法", "Method not allowed"),
        408: ("请求来得太慢", "The request came too slowly"),
        409: ("与账册现状冲突", "In conflict with the ledger"),
        413: ("请求过大", "The request is too large"),
        415: ("不支持此媒体类型", "Media type not supported"),
        422: ("内容不能接受", "The content cannot be accepted"),
        429: ("请求过于频繁", "Too many requests"),
        500: ("程序出错", "The program failed"),
        503: ("暂时不能服务", "Not available for now"),
    }
)


class Detail(Struct, frozen=True, kw_only=True):
    """One of several things that are wrong; `fact` is the place of the fact in the request, from 0."""

    code: str
    detail: str
    detail_en: str
    field: str | None = None
    fact: int | None = None


class ProblemBody(Struct, frozen=True, kw_only=True):
    """The members of a problem; `detail` says in Chinese what happened, why it is a problem and what to do."""

    type: str
    status: int
    title: str
    title_en: str
    detail: str
    detail_en: str
    code: str
    field: str | UnsetType = UNSET
    problems: tuple[Detail, ...] | UnsetType = UNSET
    id: str | UnsetType = UNSET


class ProblemError(HTTPException):
    """An answer that is a problem; raised anywhere below a route."""

    def __init__(
        self,
        status: int,
        code: str,
        zh: str,
        en: str,
        *,
        field: str | None = None,
        problems: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status_code=status, detail=code, headers=headers)
        title, title_en = TITLES[status]
        self.code = code
        self.body = ProblemBody(
            type=f"urn:taizhang:problem:{code}",
            status=status,
            title=title,
            title_en=title_en,
            detail=zh,
            detail_en=en,
            code=code,
            field=field or UNSET,
            problems=tuple(problems) or UNSET,
        )


def problem_response(problem: ProblemError) -> Response:
    """Return a problem as an answer."""
    return Response(msgspec.json.encode(problem.body), problem.status_code, problem.headers, media_type=MEDIA_TYPE)


def not_found() -> ProblemError:
    """Say that there is nothing here; the same words whether it does not exist or is not for the caller to see."""
    return ProblemError(
        404,
        "http.not_found",
        "没有所求的内容，或它不在您的权限之内；请核对地址中的区县、案卷和编号。",
        "There is no such thing, or it is not for you to see; check the district, the case and the id in the address.",
    )


def method_not_allowed(scope: Scope, routes: Iterable[BaseRoute]) -> ProblemError:
    """Refuse a method that no route of the address takes; where one may GET, HEAD is answered too."""
    fitting = [one for one in routes if isinstance(one, Route) and one.matches(scope)[0] is not Match.NONE]
    methods = {method for one in fitting for method in one.methods or ()}
    allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
    return ProblemError(
        405,
        "http.method_not_allowed",
        f"此地址不支持该方法；可用：{allowed}。",
        f"This address does not take that method; it takes: {allowed}.",
        headers={"allow": allowed},
    )


def unreadable() -> ProblemError:
    """Refuse a request that HTTP itself cannot read."""
    return ProblemError(
        400,
        "http.unreadable",
        "请求不合 HTTP 规范，无法读取；请检查客户端。",
        "The request is not valid HTTP; check the client.",
    )


def wrong_media_type(given: str) -> ProblemError:
    """Refuse a body that is not JSON."""
    return ProblemError(
        415,
        "http.wrong_media_type",
        f"请求体的类型为 {given or '（未写）'}，这里只读 application/json（UTF-8）；请改写 Content-Type。",
        f"The body is {given or '(not stated)'}; only application/json in UTF-8 is read here. Set Content-Type.",
    )


def packed_body(given: str) -> ProblemError:
    """Refuse a body that is compressed."""
    return ProblemError(
        415,
        "http.wrong_media_type",
        f"请求体以 {given} 压缩，这里只读未压缩的；请去掉压缩和 Content-Encoding。",
        f"The body is compressed ({given}); only what is not compressed is read here. Leave out compression and "
        "Content-Encoding.",
    )


def too_large(limit: int) -> ProblemError:
    """Refuse a body that is too large."""
    return ProblemError(
        413,
        "http.body_too_large",
        f"请求体超过 {limit:,} 字节的上限，未读完即拒绝，没有任何内容入账；请分几次提交。",
        f"The body has more than {limit:,} bytes; it was refused before it was read whole, and nothing was recorded. "
        "Send it in parts.",
        headers={"connection": "close"},
    )


def too_slow(seconds: float) -> ProblemError:
    """Refuse a body that does not come in."""
    return ProblemError(
        408,
        "http.body_too_slow",
        f"请求体在 {seconds:g} 秒内没有传完，已放弃，没有任何内容入账；请检查网络后重发。",
        f"The body did not come in within {seconds:g} seconds and was given up; nothing was recorded. Check the "
        "network and send it again.",
        headers={"connection": "close"},
    )


def too_many_requests(after: int) -> ProblemError:
    """Refuse a principal who asks too often."""
    return ProblemError(
        429,
        "http.too_many_requests",
        f"您的请求过于频繁，为不影响他人暂不受理；请在 {after} 秒后重试。",
        f"You ask too often; so that others are served, this was not taken. Try again after {after} seconds.",
        headers={"retry-after": str(after)},
    )


def role_may_not() -> ProblemError:
    """Refuse what the caller's role may not do."""
    return ProblemError(
        403,
        "http.role_may_not",
        "您的角色不能进行此操作；请由有此权限的人员办理，或领取相应角色的令牌。",
        "Your role may not do this; let somebody do it who may, or get a token of the right role.",
    )


def other_origin() -> ProblemError:
    """Refuse a form that another site sent in the name of somebody who is signed in here."""
    return ProblemError(
        403,
        "http.other_origin",
        "该表单不是从本系统的页面提交的，为防止冒用未予办理，没有任何内容入账；请在本系统的页面上重新提交。",
        "The form was not sent from a page of this system, so it was not acted on and nothing was recorded; send it "
        "from a page of this system.",
    )


def failed(identity: str) -> ProblemError:
    """Say that the program failed, under an id that stands in the log."""
    problem = ProblemError(
        500,
        "http.failed",
        f"程序在处理本请求时出错（编号 {identity}），其他请求不受影响；请将编号告知运维人员。",
        f"The program failed on this request (id {identity}); others are not affected. Tell the operator the id.",
    )
    problem.body = msgspec.structs.replace(problem.body, id=identity)
    return problem


def too_busy(after: str) -> ProblemError:
    """Send somebody away for a moment, since as many are served as can be at once."""
    return ProblemError(
        503,
        "http.too_busy",
        f"同时受理的请求已满，本次没有受理，没有任何内容入账；请在 {after} 秒后以原编号重试。",
        f"As many requests are served as can be at once, so this one was not taken and nothing was recorded; try again "
        f"after {after} seconds with the same ids.",
        headers={"retry-after": after, "connection": "close"},
    )


def unavailable(code: str, zh: str, en: str) -> ProblemError:
    """Say that ledger, views or keys cannot be used for now."""
    return ProblemError(503, code, zh, en, headers={"retry-after": "5"})
