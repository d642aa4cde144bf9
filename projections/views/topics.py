"""Topics (议题): every matter put up for decision, where it stands and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.countersign import CountersignReplied, CountersignRequested, CountersignWithdrawn
from events.fact import case_key
from events.matter import (
    MatterClassified,
    MatterClosed,
    MatterImplemented,
    MatterPapersReturned,
    MatterPapersSubmitted,
    MatterPostponed,
    MatterProposed,
    MatterWithdrawn,
)
from events.meeting import MeetingAgendaApproved, MeetingCancelled
from events.meeting_room import MeetingDecisionMade
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("proposed", "已提出", "proposed"),
    ("papers_submitted", "材料已交", "papers handed in"),
    ("papers_returned", "材料退补", "papers sent back"),
    ("on_agenda", "已列议程", "on an agenda"),
    ("decided", "已议定", "decided"),
    ("postponed", "缓议", "put off"),
    ("withdrawn", "已撤回", "withdrawn"),
    ("implemented", "实施中", "being carried out"),
    ("closed", "已办结", "closed"),
)
_STEPS: Final[dict[type, str]] = {
    MatterProposed: "proposed",
    MatterPapersSubmitted: "papers_submitted",
    MatterPapersReturned: "papers_returned",
    MatterPostponed: "postponed",
    MatterWithdrawn: "withdrawn",
    MatterImplemented: "implemented",
    MatterClosed: "closed",
}
_HEARD: Final[frozenset[type]] = frozenset(
    {
        *(MeetingAgendaApproved, MeetingCancelled, MeetingDecisionMade),
        *(CountersignRequested, CountersignReplied, CountersignWithdrawn),
    }
)
"""What meetings and countersigns have to say of a matter."""


def _leads(fact: AnyFact) -> Iterable[str]:
    match fact.data:
        case MeetingAgendaApproved(agenda=agenda):
            return tuple(dict.fromkeys(one.matter for one in agenda))
        case MeetingDecisionMade(matter=matter):
            return (matter,)
        case CountersignRequested(about=about) if about.startswith("matter/"):
            return (about,)
        case _:
            return ()


class _Topic:
    """One matter while its facts are read in order."""

    def __init__(self, case: str) -> None:
        self.case = case
        self.values: dict[str, Value] = {"matter": case, "standing": "unknown"}
        self.used: list[AnyFact] = []
        self._before_agenda = "unknown"
        self._asked: dict[tuple[str, str], bool] = {}

    def take(self, fact: AnyFact) -> None:
        """Take one fact; those of other cases count only where they speak of the matter."""
        own = case_key(fact.subject) == self.case
        if own or (self._meeting(fact) if fact.subject.kind == "meeting" else self._countersign(fact)):
            self.used.append(fact)
            self.values["changed_at"] = fact.occurred_at.text
        if not own:
            return
        data = fact.data
        match data:
            case MatterProposed():
                self.values.update(
                    title=data.title,
                    kind=data.kind,
                    sponsor=data.sponsor,
                    co_sponsors=many(data.co_sponsors),
                    concerned_units=many(data.concerned_units),
                    fields=many(data.fields),
                    forum=told(data.forum),
                    proposed_at=fact.occurred_at.text,
                )
            case MatterClassified():
                stated = {"kind": data.kind, "grade": data.grade, "amount_wan": data.amount_wan}
                self.values.update({name: text for name, given in stated.items() if (text := told(given)) is not None})
                self.values["flags"] = many(data.flags) or self.values.get("flags", ())
            case MatterPapersSubmitted():
                self.values.update(version=data.version, papers_at=fact.occurred_at.text)
            case _:
                pass
        step = _STEPS.get(type(data))
        if step is not None:
            self.values["standing"] = step

    def _meeting(self, fact: AnyFact) -> bool:
        meeting, data = case_key(fact.subject), fact.data
        here = self.values.get("meeting") == meeting
        match data:
            case MeetingAgendaApproved():
                item = next((one.item for one in data.agenda if one.matter == self.case), None)
                if item is not None:
                    if self.values["standing"] != "on_agenda":
                        self._before_agenda = str(self.values["standing"])
                    self.values.update(meeting=meeting, item=item, standing="on_agenda")
                    return True
                return self._taken_off() if here else False
            case MeetingCancelled():
                return self._taken_off() if here else False
            case MeetingDecisionMade() if data.matter == self.case:
                self.values.update(
                    meeting=meeting,
                    item=data.item,
                    standing="decided",
                    outcome=data.outcome,
                    decision=data.decision,
                    decided_at=fact.occurred_at.text,
                )
                return True
            case _:
                return False

    def _taken_off(self) -> bool:
        if self.values["standing"] != "on_agenda":
            return False
        self.values.update(meeting=None, item=None, standing=self._before_agenda)
        return True

    def _countersign(self, fact: AnyFact) -> bool:
        case, data = case_key(fact.subject), fact.data
        match data:
            case CountersignRequested(about=about) if about == self.case:
                self._asked.update({(case, unit): False for unit in data.departments})
            case CountersignReplied(department=unit) if (case, unit) in self._asked:
                self._asked[case, unit] = True
            case CountersignWithdrawn() if any(one == case for one, _ in self._asked):
                gone = many(data.departments)
                self._asked = {
                    key: on for key, on in self._asked.items() if key[0] != case or (gone and key[1] not in gone)
                }
            case _:
                return False
        return True

    def row(self) -> Row:
        """Return the row."""
        counted = {"asked": len(self._asked), "replied": sum(self._asked.values())}
        return Row(self.case, {**self.values, **counted, "classification": class_of(self.used)})


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    topic = _Topic(case)
    for fact in facts:
        topic.take(fact)
    return [topic.row()] if topic.used else []


TOPICS: Final = View(
    Description(
        name="topics",
        zh="议题",
        en="Topics",
        version=1,
        columns=(
            column("matter", "事项", "Matter", "case"),
            column("title", "事项名称", "Title"),
            of_list("kind", "种类", "Kind", "matter_kind"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("sponsor", "主办单位", "Lead unit", "unit"),
            column("co_sponsors", "协办单位", "Joint units", "unit", many=True),
            column("concerned_units", "涉及单位", "Units concerned", "unit", many=True),
            column("fields", "所属领域", "Fields of work", many=True),
            of_list("forum", "拟上会议", "Meant for", "meeting_kind"),
            of_list("flags", "标识", "Tags", "matter_flag", many=True),
            of_list("grade", "难易分级", "Grade", "task_grade"),
            column("amount_wan", "金额（万元）", "Sum (10,000 yuan)", "decimal"),
            column("proposed_at", "提出时间", "Proposed", "moment"),
            column("version", "材料版本", "Version of the papers"),
            column("papers_at", "材料提交时间", "Papers handed in", "moment"),
            column("asked", "征求意见数", "Opinions asked", "whole"),
            column("replied", "已回复数", "Opinions given", "whole"),
            column("meeting", "会议", "Meeting", "case"),
            column("item", "议题序号", "Item", "whole"),
            of_list("outcome", "审议结果", "Outcome", "outcome"),
            column("decision", "议定编号", "Decision"),
            column("decided_at", "议定时间", "Decided", "moment"),
            column("changed_at", "最近变动", "Last change", "moment"),
            CLASSIFICATION,
        ),
        filters=(*is_("matter", "meeting", "sponsor", "standing", "kind", "outcome"), *between("changed_at")),
        orders=(
            Order(name="changed", column="changed_at", zh="最近变动", en="latest change first", descending=True),
            Order(name="proposed", column="proposed_at", zh="提出时间", en="latest proposed first", descending=True),
        ),
    ),
    of_case=OfCase(
        frozenset({"matter"}),
        _rows,
        _leads,
        lambda fact: type(fact.data) in _HEARD,
        frozenset({"meeting", "countersign"}),
    ),
)
