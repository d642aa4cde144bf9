"""What a row of meetings.jsonl says happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.public_records.rows import (
    WRONG_TYPE,
    Row,
    Statement,
    UnusableValueError,
    identity_of,
    known,
    needed,
    text_of,
)

_KINDS: Final = {"executive": "executive", "plenary": "plenary", "mayor_office": "head_office", "topical": "special"}
_KIND_NAMES: Final = {"executive": "常务会议", "plenary": "全体会议", "mayor_office": "办公会议", "topical": "专题会议"}
_MATTER_KINDS: Final = {
    "study": "study",
    "report": "work_briefing",
    "policy_document": "policy",
    "normative_document": "normative_document",
    "government_work_report": "bill",
    "contract": "contract",
}
_OUTCOMES: Final = {
    "approved": "adopted",
    "approved_in_principle": "adopted_in_principle",
    "heard": "heard",
    "rejected": "rejected",
    "returned": "returned",
    "postponed": "postponed",
    "withdrawn": "withdrawn",
}
_COUNTED: Final = re.compile(r"出席(\d{1,3})人.*?缺席(\d{1,3})人")
CHANNELS: Final = {"gov_site": "portal", "press": "newspaper"}


def meeting_facts(row: Row, dates: Mapping[str, str], key: str) -> Iterator[Statement]:
    """Say that a meeting was planned and held, what was on its agenda, what it decided, and when that was published."""
    held = dates.get("date_held")
    host = identity_of(needed(row, "body"))
    meeting = ("meeting", f"pub-{key}")
    if held is not None:
        kind = needed(row, "kind")
        planned = {
            "kind": _KINDS.get(kind, "other"),
            "title": _title(row, kind),
            "starts_at": held,
            "host": host,
            "mode": "video" if "视频" in (text_of(row, "attendance") or "") else "in_person",
        }
        yield Statement("meeting.planned.v1", meeting, held, host, planned)
        if chair := text_of(row, "chair_role"):
            yield Statement("meeting.opened.v1", meeting, held, host, {"chair": f"p-{identity_of(chair)}"})
        yield from _attendance(row, meeting, held, host)
        yield from _agenda(row, meeting, held, host)
    published = dates.get("date_published")
    channel = CHANNELS.get(text_of(row, "source_kind") or "")
    if published is not None and channel is not None and held is not None:
        made_public = {"kind": "decision", "about": "/".join(meeting), "unit": host, "channels": [channel]}
        case = ("publicity", f"pub-{key}")
        yield Statement("publicity.information_published.v1", case, published, host, made_public)


def _title(row: Row, kind: str) -> str:
    ordinal = row.get("ordinal")
    number = f"第{ordinal}次" if isinstance(ordinal, int) else ""
    return f"{needed(row, 'body')}{text_of(row, 'session') or ''}{number}{_KIND_NAMES.get(kind, '会议')}"


def _attendance(row: Row, meeting: tuple[str, str], held: str, host: str) -> Iterator[Statement]:
    """Record the members as numbers, where the page counts both those present and those absent."""
    if counted := _COUNTED.search(text_of(row, "attendance") or ""):
        for present, count in ((True, int(counted[1])), (False, int(counted[2]))):
            for number in range(1, count + 1):
                person = f"p-{meeting[1]}-{'present' if present else 'absent'}-{number}"
                data = {"person": person, "present": present, "capacity": "member"}
                yield Statement("meeting.attendance_recorded.v1", meeting, held, host, data)


def _agenda(row: Row, meeting: tuple[str, str], held: str, host: str) -> Iterator[Statement]:
    agenda = row.get("agenda") or []
    if not isinstance(agenda, list) or not all(isinstance(topic, Mapping) for topic in agenda):
        raise UnusableValueError(WRONG_TYPE, "agenda", "应为议题列表。", "expected a list of topics.")
    for number, topic in enumerate(agenda, 1):
        matter = ("matter", f"{meeting[1]}-{number}")
        reference = "/".join(matter)
        if kind := _MATTER_KINDS.get(text_of(topic, "matter") or ""):
            yield Statement("matter.classified.v1", matter, held, host, {"kind": kind})
        opened = {"item": number, "matter": reference}
        yield Statement("meeting.item_opened.v1", meeting, held, host, opened)
        outcome = (text_of(topic, "outcome") or "").partition(";")[0]
        if outcome in _OUTCOMES:
            decided = known(**opened, decision=str(number), outcome=_OUTCOMES[outcome], text=text_of(topic, "item"))
            yield Statement("meeting.decision_made.v1", meeting, held, host, decided)
