"""Meetings (会议): each from plan to minutes, with how many came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.fact import case_key
from events.meeting import (
    MeetingAgendaApproved,
    MeetingCancelled,
    MeetingLeaveAnswered,
    MeetingNoticeSent,
    MeetingPlanned,
    MeetingRescheduled,
)
from events.meeting_room import MeetingAttendanceRecorded, MeetingClosed, MeetingDecisionMade, MeetingOpened
from events.minutes import MinutesDrafted, MinutesIssued, MinutesSigned, MinutesWithdrawn
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, stated, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("planned", "已拟定", "planned"),
    ("announced", "已通知", "notice sent"),
    ("open", "进行中", "under way"),
    ("closed", "已结束", "closed"),
    ("cancelled", "已取消", "called off"),
)
_MINUTES: Final = (
    ("drafted", "已起草", "drafted"),
    ("signed", "已签发", "signed"),
    ("issued", "已印发", "issued"),
    ("withdrawn", "已撤回", "withdrawn"),
)


class _Meeting:
    """One meeting while its facts and those of its minutes are read in order."""

    def __init__(self, case: str) -> None:
        self.case = case
        self.values: dict[str, Value] = {"meeting": case, "standing": "unknown"}
        self.used: list[AnyFact] = []
        self._present: dict[str, bool] = {}
        self._excused: dict[str, bool] = {}
        self._items: dict[int, str] = {}
        self._decided: dict[int, str] = {}
        self._minutes: set[str] = set()

    def take(self, fact: AnyFact) -> None:
        """Take one fact."""
        if case_key(fact.subject) == self.case:
            self.used.append(fact)
            self._own(fact)
        elif self._of_minutes(fact):
            self.used.append(fact)

    def _own(self, fact: AnyFact) -> None:  # noqa: C901  one case a type of fact
        data, at = fact.data, fact.occurred_at.text
        match data:
            case MeetingPlanned():
                self.values.update(
                    kind=data.kind,
                    title=data.title,
                    starts_at=data.starts_at.text,
                    place=told(data.place),
                    host=data.host,
                    chair=told(data.chair),
                    mode=data.mode,
                    confidential=stated(data.confidential),
                    expected=len(many(data.expected)) or None,
                    standing="planned",
                )
            case MeetingRescheduled():
                self.values["starts_at"] = data.starts_at.text
            case MeetingNoticeSent():
                self.values["standing"] = "announced"
            case MeetingAgendaApproved():
                self._items = {one.item: one.matter for one in data.agenda}
            case MeetingOpened():
                self.values.update(opened_at=at, chaired_by=data.chair, standing="open")
            case MeetingAttendanceRecorded():
                self._present[data.person] = data.present
            case MeetingLeaveAnswered():
                self._excused[data.person] = data.granted
            case MeetingDecisionMade():
                self._decided[data.item] = data.matter
            case MeetingClosed():
                self.values.update(closed_at=at, minutes_need=data.minutes_need, standing="closed")
            case MeetingCancelled():
                self.values.update(standing="cancelled", merged_into=told(data.merged_into))
            case _:
                pass

    def _of_minutes(self, fact: AnyFact) -> bool:
        case, data = case_key(fact.subject), fact.data
        if isinstance(data, MinutesDrafted) and data.meeting == self.case:
            self._minutes.add(case)
            self.values.update(minutes=case, minutes_standing="drafted")
            return True
        if case not in self._minutes:
            return False
        match data:
            case MinutesSigned():
                self.values["minutes_standing"] = "signed"
            case MinutesIssued():
                self.values.update(
                    minutes_standing="issued", minutes_number=data.number, minutes_at=fact.occurred_at.text
                )
            case MinutesWithdrawn():
                self.values["minutes_standing"] = "withdrawn"
            case _:
                pass
        return True

    def row(self) -> Row:
        """Return the row; what nobody recorded of the attendance is unknown, not nought."""
        counted: dict[str, Value] = {"items": len({**self._items, **self._decided}), "decided": len(self._decided)}
        if self._present:
            came = sum(self._present.values())
            counted.update(present=came, absent=len(self._present) - came)
        if self._excused:
            counted["excused"] = sum(self._excused.values())
        return Row(self.case, {**self.values, **counted, "classification": class_of(self.used)})


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    meeting = _Meeting(case)
    for fact in facts:
        meeting.take(fact)
    return [meeting.row()] if meeting.used else []


MEETINGS: Final = View(
    Description(
        name="meetings",
        zh="会议",
        en="Meetings",
        version=1,
        columns=(
            column("meeting", "会议", "Meeting", "case"),
            column("title", "名称", "Title"),
            of_list("kind", "种类", "Kind", "meeting_kind"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("starts_at", "开会时间", "Starts", "moment"),
            column("place", "地点", "Place"),
            column("host", "主办单位", "Held by", "unit"),
            column("chair", "拟主持人", "To be chaired by", "person"),
            column("chaired_by", "主持人", "Chaired by", "person"),
            of_list("mode", "形式", "Mode", "meeting_mode"),
            column("confidential", "涉密", "Confidential", "yes_no"),
            column("opened_at", "开始", "Opened", "moment"),
            column("closed_at", "结束", "Closed", "moment"),
            column("expected", "应到", "Expected", "whole"),
            column("present", "实到", "Present", "whole"),
            column("absent", "缺席", "Absent", "whole"),
            column("excused", "准假", "Leave granted", "whole"),
            column("items", "议题数", "Items", "whole"),
            column("decided", "议定数", "Decided", "whole"),
            of_list("minutes_need", "纪要要求", "Minutes needed", "minutes_need"),
            column("minutes", "纪要", "Minutes", "case"),
            one_of("minutes_standing", "纪要状态", "Standing of the minutes", *_MINUTES),
            column("minutes_number", "纪要编号", "Number of the minutes"),
            column("minutes_at", "纪要印发时间", "Minutes issued", "moment"),
            column("merged_into", "并入会议", "Merged into", "case"),
            CLASSIFICATION,
        ),
        filters=(*is_("meeting", "host", "chaired_by", "standing", "kind", "minutes_standing"), *between("starts_at")),
        orders=(Order(name="latest", column="starts_at", zh="开会时间", en="latest first", descending=True),),
    ),
    of_case=OfCase(
        frozenset({"meeting"}),
        _rows,
        lambda fact: (fact.data.meeting,) if isinstance(fact.data, MinutesDrafted) else (),
        others=frozenset({"minutes"}),
    ),
)
