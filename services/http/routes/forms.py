"""Whole forms: an attendance list and a speaking order, each line of which becomes a fact."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.responses import Response

from events.errors import FactError, printable
from events.fact import Actor, AnyFact, Classification, decode_moment
from events.moment import Moment
from events.prepared_types import prepared
from events.strict_json import read_object
from services.http.describing import answers, body, schema_of
from services.http.documents import RecordedShown
from services.http.faults import of_fact
from services.http.guard import Guard
from services.http.json_bodies import headers_of, json_body
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.http.quick_route import QuickRoute
from services.http.recording import recorded_request
from services.http.requests import too_many_facts
from services.identity.caller import Caller
from services.recording import request as recording
from services.recording.forms import FormHead, attendance_form, speaking_order_form
from services.reworded import reworded

_NUMBERED: Final = {"type": "array", "minItems": 1, "items": {"type": "object"}}
_HEAD: Final[dict[str, Any]] = {
    "form": {"type": "string", "format": "uuid"},
    "meeting": {"type": "string"},
    "occurred_at": {"type": "string"},
    "actor": {"type": "object"},
    "classification": {"type": "string"},
    "entries": _NUMBERED,
}

_REQUIRED: Final = ["form", "meeting", "occurred_at", "actor", "entries"]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form as it is handed in; `form` names it, so that the same one handed in again is answered as a repeat."""

    form: UUID
    meeting: str
    occurred_at: Moment
    actor: Actor
    entries: list[dict[str, Any]]
    classification: Classification = "internal"

    def head(self, district: str) -> FormHead:
        """Return what all its lines have in common."""
        return FormHead(
            form=self.form,
            district=district,
            meeting=self.meeting,
            occurred_at=self.occurred_at,
            actor=self.actor,
            classification=self.classification,
        )


class SpeakingOrder(Form, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who spoke to an agenda item, in their order."""

    item: int


def form_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["recording"], route_class=QuickRoute)
    attendance_list, speeches = prepared(Form), prepared(SpeakingOrder)
    described: Any = answers({200: schema_of(RecordedShown), 201: schema_of(RecordedShown)}, 409, 415)

    async def record(district: str, request: Request, caller: Caller, wanted: type[Form]) -> Response:
        headers = headers_of(request)
        given = _read(await json_body(request, headers), wanted)
        if len(given.entries) > parts.limits.facts:
            raise too_many_facts(len(given.entries), parts.limits.facts)
        asked = recording.Request(
            facts=_facts(given, district), principal=caller.principal(), key=headers.get("idempotency-key")
        )
        return await recorded_request(parts, district, caller, asked)

    @router.post(
        "/v1/districts/{district}/forms/attendance",
        status_code=201,
        responses=described,
        openapi_extra=body({"type": "object", "required": _REQUIRED, "properties": _HEAD}),
    )
    async def attendance(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record")]
    ) -> Response:
        """一份签到表：每行一人，全部入账或全不入账。An attendance list: a line a person, all or none."""
        return await record(district, request, caller, attendance_list)

    @router.post(
        "/v1/districts/{district}/forms/speaking-order",
        status_code=201,
        responses=described,
        openapi_extra=body(
            {
                "type": "object",
                "required": [*_REQUIRED, "item"],
                "properties": {**_HEAD, "item": {"type": "integer"}},
            }
        ),
    )
    async def speaking_order(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record")]
    ) -> Response:
        """一个议题的发言顺序，全部入账或全不入账。The order in which people spoke to an item, all or none."""
        return await record(district, request, caller, speeches)

    return router


_SAID: Final = (
    (r"Object missing required field (.+)", r"缺少必填字段 \1"),
    (r"Object contains unknown field (.+)", r"没有字段 \1"),
    (r"Expected (.+), got (.+)", r"应为 \1，不是 \2"),
    (r"Invalid enum value (.+)", r"没有 \1 这个值"),
)
"""What msgspec may say of a form, with the Chinese of it."""


def _read(content: bytes, wanted: type[Form]) -> Form:
    try:
        return msgspec.convert(read_object(content), wanted, dec_hook=decode_moment)
    except FactError as error:
        raise of_fact(error) from None
    except (msgspec.ValidationError, ValueError, TypeError) as fault:
        said = printable(str(fault))
        field = said.partition("`$.")[2].partition("`")[0] or None
        raise ProblemError(
            422,
            "http.bad_form",
            f"表单填写有误（{_in_chinese(said)}）；请按接口说明填写。",
            f"The form cannot be read ({said}); fill it in as the description of the interface says.",
            field=field,
        ) from None


def _in_chinese(said: str) -> str:
    fault, _, place = said.partition(" - at ")
    chinese = reworded(fault, _SAID)
    if chinese is None:
        return said
    return f"{chinese}，位于 {place}" if place else chinese


def _facts(given: Form, district: str) -> tuple[AnyFact, ...]:
    try:
        if isinstance(given, SpeakingOrder):
            return speaking_order_form(given.head(district), given.item, given.entries)
        return attendance_form(given.head(district), given.entries)
    except FactError as error:
        raise of_fact(error) from None
