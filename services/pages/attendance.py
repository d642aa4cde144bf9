"""The page of a whole attendance list: a line a person, previewed and recorded together, without script."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from events.errors import FactError
from events.fact import Actor
from events.moment import Moment
from events.vocabulary import enums
from services.http.faults import of_fact
from services.http.guard import Guard
from services.http.parts import Parts
from services.http.problems import ProblemError
from services.http.requests import too_many_facts
from services.identity.caller import Caller
from services.pages.drawing import page
from services.pages.forms import form_of
from services.pages.recording import foreseen, recorded, told
from services.recording import request as recording
from services.recording.forms import FormHead, attendance_form

FIRST_ROWS: Final = 20
MORE_ROWS: Final = 10
MOST_ROWS: Final = 200
COLUMNS: Final = ("person", "present", "capacity", "instead_of", "items")
_MOST_FIELDS: Final = MOST_ROWS * len(COLUMNS) + 10
_BLANK: Final[Mapping[str, str]] = {**dict.fromkeys(COLUMNS, ""), "capacity": "member"}
_PRESENT: Final = {"true": True, "false": False}
_ENTRY: Final = re.compile(r"entries\[(\d+)\]\.?")

Row = Mapping[str, str]


def add_attendance(router: APIRouter, parts: Parts, guard: Guard) -> None:
    """Add the routes."""
    home = "/pages/{district}/attendance"

    def drawn(district: str, caller: Caller, form: Mapping[str, str], status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  what the template takes
        blank = {"form": str(uuid4()), "meeting": "", "occurred_at": parts.clock().date().isoformat()}
        given = {**blank, "unit": caller.unit or "", **form}
        nothing: dict[str, Any] = {"preview": None, "names": {}, "problem": None, "details": ()}
        nothing |= {"receipts": (), "wrong": 0}
        whole = {"given": given, "rows": rows_of(form), "capacities": list(enums()["capacity"].values)}
        return page("attendance.html", status, district=district, here="record", **nothing | whole | shown)

    def refused(district: str, caller: Caller, form: Mapping[str, str], problem: ProblemError) -> Response:
        return drawn(district, caller, form, problem.status_code, **_by_line(problem, form))

    @router.get(home)
    def blank_list(
        district: str,
        caller: Annotated[Caller, guard.may("fact.preview", by_cookie=True)],
        meeting: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """签到表的表单。The form of an attendance list."""
        return drawn(district, caller, {"meeting": meeting})

    @router.post(f"{home}/rows")
    async def more_rows(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.preview", by_cookie=True)]
    ) -> Response:
        """再加几行，已填的不变。More lines; what is filled in stays."""
        form = await form_of(request, _MOST_FIELDS)
        return drawn(district, caller, {**form, "rows": str(len(rows_of(form)) + MORE_ROWS)})

    @router.post(f"{home}/previews")
    async def preview_list(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.preview", by_cookie=True)]
    ) -> Response:
        """预演整张表，不入账。Preview the list without recording."""
        form = await form_of(request, _MOST_FIELDS)
        try:
            found = await foreseen(parts, list_asked(form, district, caller, parts), caller, district)
        except ProblemError as problem:
            return refused(district, caller, form, problem)
        return drawn(district, caller, form, **found)

    @router.post(home)
    async def record_list(
        district: str, request: Request, caller: Annotated[Caller, guard.may("fact.record", by_cookie=True)]
    ) -> Response:
        """整张表入账，全部或全不。Record the list, all or none."""
        form = await form_of(request, _MOST_FIELDS)
        try:
            receipts = await recorded(parts, list_asked(form, district, caller, parts), caller, district)
        except ProblemError as problem:
            return refused(district, caller, form, problem)
        return drawn(district, caller, form, receipts=receipts)


def rows_of(form: Mapping[str, str]) -> list[Row]:
    """Return the lines of a form as they were typed, the empty ones too."""
    stated = form.get("rows", "")
    many = min(int(stated), MOST_ROWS) if stated.isascii() and stated.isdigit() and len(stated) < len("10000") else 0
    return [
        {name: form.get(f"{name}-{number}", _BLANK[name]) for name in COLUMNS}
        for number in range(1, (many or FIRST_ROWS) + 1)
    ]


def list_asked(form: Mapping[str, str], district: str, caller: Caller, parts: Parts) -> recording.Request:
    """Read an attendance list; raise ProblemError naming the entry that is wrong, as the API does."""
    entries = [_entry(row) for row in _filled(form).values()]
    if len(entries) > parts.limits.facts:
        raise too_many_facts(len(entries), parts.limits.facts)
    try:
        head = FormHead(
            form=_form_id(form),
            district=district,
            meeting=form.get("meeting", "").removeprefix("meeting/"),
            occurred_at=_moment(form),
            actor=Actor(unit=form["unit"]) if form.get("unit") else Actor(person=caller.person or caller.subject),
        )
        facts = attendance_form(head, entries)
    except FactError as error:
        raise of_fact(error) from None
    return recording.Request(facts=facts, principal=caller.principal())


def _filled(form: Mapping[str, str]) -> dict[int, Row]:
    """Return the lines in which something was filled in, by their number; the capacity alone is set beforehand."""
    return {
        number: row
        for number, row in enumerate(rows_of(form), 1)
        if any(row[name] for name in COLUMNS if name != "capacity")
    }


def _entry(row: Row) -> dict[str, Any]:
    entry: dict[str, Any] = {name: row[name] for name in ("person", "capacity", "instead_of") if row[name]}
    if row["present"]:
        entry["present"] = _PRESENT.get(row["present"], row["present"])
    if row["items"]:
        entry["items"] = [
            int(one) if one.isdecimal() else one for one in re.split(r"[,，、;；\s]+", row["items"]) if one
        ]
    return entry


def _form_id(form: Mapping[str, str]) -> UUID:
    try:
        return UUID(form.get("form", ""))
    except ValueError:
        raise FactError(
            "bad_form_id",
            "表单编号有误；请重新打开签到表。",
            "the form has no id; open the attendance list anew.",
            field="form",
        ) from None


def _moment(form: Mapping[str, str]) -> Moment:
    try:
        return Moment(form.get("occurred_at", ""))
    except ValueError:
        raise FactError(
            "bad_moment",
            "应为日期（如 2026-10-11）或带时区的时间（如 2026-10-11T09:00:00+08:00）。",
            "write a date (such as 2026-10-11) or a date-time with offset (such as 2026-10-11T09:00:00+08:00).",
            field="occurred_at",
        ) from None


def _by_line(problem: ProblemError, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what is told of a problem, with the line of the page in place of the entry, and which line that is."""
    shown = told(problem)
    numbers: Sequence[int] = list(_filled(form))
    field = shown["problem"]["field"] or ""
    place = _ENTRY.match(field)
    number = numbers[int(place[1])] if place and int(place[1]) < len(numbers) else 0
    if place and number:
        shown["problem"]["field"] = f"第{number}行 line {number} {field[place.end() :]}".rstrip()
    elif shown["details"] and shown["details"][0].fact is not None and shown["details"][0].fact < len(numbers):
        number = numbers[shown["details"][0].fact]
    return {**shown, "wrong": number}
