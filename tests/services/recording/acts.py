"""Acts that the tests of recording take for their examples: facts said shortly, and a recorder to hand them to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from events.fact import AnyFact
from events.ledger.group_commit import GroupCommit
from events.ledger.memory import MemoryLedger
from events.moment import TIME_ZONE
from events.parsing import Defaults, complete, parse
from events.vocabulary import subject_kind
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Principal
from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from services.recording.recorder import Recorder
from services.recording.request import Answer, Request

Given: TypeAlias = Any
"""A field as JSON would give it."""

XINZHOU = "xinzhou"
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=TIME_ZONE)
DAY = "2026-10-09"
ANYBODY = Principal("tester", EVERY_ROLE_OF_PEOPLE, frozenset({XINZHOU}))


def now() -> dt.datetime:
    return NOW


def act(
    type_: str, case: str, at: str = DAY, *, nth: int = 0, envelope: dict[str, Any] | None = None, **data: Given
) -> AnyFact:
    """Return a fact; `from_` stands for the field `from`, and `nth` tells apart what is otherwise the same."""
    given = {
        "type": f"{type_}.v1",
        "subject": {"kind": subject_kind(f"{type_}.v1"), "id": case},
        "occurred_at": at,
        "actor": {"unit": "u-office"},
        "data": {name.rstrip("_"): value for name, value in data.items()},
        **(envelope or {}),
    }
    return parse(complete(given, nth, Defaults(district=XINZHOU)))


def imported(type_: str, case: str, at: str = DAY, **data: Given) -> AnyFact:
    """Return a fact of a source that holds only a part of what happened."""
    return act(type_, case, at, envelope={"origin": "imported"}, **data)


def codes(*facts: AnyFact) -> list[tuple[int, str, str | None]]:
    """Return what stands against facts, recorded one after the other: place, code without area, and field."""
    found = objections(facts, {}, Known(now=NOW))
    return [(one.place, one.refusal.code.removeprefix("recording."), one.refusal.field) for one in found]


@contextmanager
def recorder() -> Iterator[tuple[Recorder, MemoryLedger]]:
    """Give a recorder over a ledger in memory, at nine in the morning of 20 October 2026."""
    ledger = MemoryLedger()
    with GroupCommit(ledger, now) as commit:
        yield Recorder(commit, ledger, now), ledger


def asked(*facts: AnyFact, **given: Given) -> Request:
    """Return a request of somebody who may do everything that people can."""
    return Request(facts=facts, principal=given.pop("principal", ANYBODY), **given)


def problem_codes(answer: Answer) -> list[str]:
    return [problem.code.removeprefix("recording.") for problem in answer.problems]


def requested(case: str = "cs-1", *departments: str, **data: Given) -> AnyFact:
    given = {"kind": "countersign", "about": "matter/m-14", "sponsor": "u-housing", "form": "online", **data}
    return act(
        "countersign.requested", case, "2026-09-28", departments=list(departments or ("u-finance", "u-land")), **given
    )


def replied(department: str = "u-land", case: str = "cs-1", at: str = DAY, **data: Given) -> AnyFact:
    return act("countersign.replied", case, at, department=department, stance=data.pop("stance", "agree"), **data)


def planned(case: str = "zw-18") -> AnyFact:
    return act(
        "meeting.planned", case, "2026-10-01", kind="executive", title="第18次常务会议", host="u-office",
        starts_at="2026-10-19T09:00:00+08:00", chair="p-chen", mode="in_person",
    )  # fmt: skip


def opened(case: str = "zw-18", at: str = "2026-10-19T09:02:00+08:00", **given: Given) -> AnyFact:
    return act("meeting.opened", case, at, chair="p-chen", **given)


def attended(person: str, at: str = "2026-10-19T09:02:00+08:00", *, present: bool = True, **data: Given) -> AnyFact:
    return act("meeting.attendance_recorded", "zw-18", at, person=person, present=present, capacity="member", **data)


def away(case: str = "a-1", person: str = "p-li", *, nth: int = 0) -> AnyFact:
    return act(
        "absence.registered", case, "2026-10-01", nth=nth, person=person, kind="business_trip", reason="招商洽谈",
        from_="2026-10-08", until="2026-10-12",
    )  # fmt: skip
