"""Facts about requests and reports to other bodies."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from events.fact import FactData
from events.fields import AnyRef, DocumentRef, FactType, PersonId, Text, UnitId, choices, says
from events.matter_terms import MatterFlag
from events.meeting_terms import Outcome
from events.moment import Moment
from events.paper_terms import PaperElement
from events.shared_terms import Form

ReportKind = Annotated[
    Literal[
        "request",
        "report",
        "work_report",
        "bill",
        "draft",
        "notice",
        "consultation",
        "progress",
        "periodic",
        "meeting_report",
        "trip_report",
        "research_report",
        "situation",
        "duty_report",
        "personal",
        "papers_list",
        "data",
    ],
    choices(
        "report_kind",
        "报送种类",
        "What is submitted",
        {
            "request": ("请示", "request"),
            "report": ("报告", "report"),
            "work_report": ("政府工作报告", "work report"),
            "bill": ("议案", "bill"),
            "draft": ("送审文稿", "draft for joint issue or deliberation"),
            "notice": ("通报", "notice for information"),
            "consultation": ("协商", "for consultation"),
            "progress": ("进展报告", "progress report"),
            "periodic": ("定期报告", "periodic report"),
            "meeting_report": ("参会情况报告", "report on a meeting attended"),
            "trip_report": ("出访报告", "report on a trip"),
            "research_report": ("调研报告", "research report"),
            "situation": ("重大情况报告", "report of a major situation"),
            "duty_report": ("述职述廉", "report on duties and integrity"),
            "personal": ("个人有关事项报告", "personal matters"),
            "papers_list": ("上级来文清单", "list of superior papers"),
            "data": ("重要数据报送", "key data to a superior department"),
        },
    ),
]


class ReportSubmitted(FactData, frozen=True, kw_only=True):
    """A request, report, bill or notice was put to a superior, the Party committee, the congress, another body or a leader."""  # noqa: E501  one sentence, which the vocabulary prints

    TYPE: ClassVar = FactType("report.submitted.v1", "请示报告报送", "report", opens=True)

    kind: Annotated[ReportKind, says("种类", "Request, report, bill, notice and so on.")]
    about: Annotated[
        AnyRef | None | UnsetType, says("事项", "Matter, meeting attended, trip, task, finding, absence, document.")
    ] = UNSET
    topic: Annotated[Text | None | UnsetType, says("专题", "Topic, when no case carries it.")] = UNSET
    from_unit: Annotated[UnitId, says("报送单位", "Who submits.")]
    to_unit: Annotated[UnitId | None | UnsetType, says("报送对象", "Body.")] = UNSET
    to_person: Annotated[PersonId | None | UnsetType, says("报送领导", "Leader, when personal.")] = UNSET
    presenter: Annotated[PersonId | None | UnsetType, says("报告人", "Who gives it, at a session.")] = UNSET
    form: Annotated[Form, says("形式", "How.")]
    document: Annotated[DocumentRef | None | UnsetType, says("公文", "The paper.")] = UNSET
    from_: Annotated[Moment | None | UnsetType, says("报告期起", "Period.")] = field(name="from", default=UNSET)
    until: Annotated[Moment | None | UnsetType, says("报告期止", "Period.")] = UNSET
    elements: Annotated[tuple[PaperElement, ...] | None | UnsetType, says("内容要素", "Parts it contains.")] = UNSET
    covers: Annotated[
        tuple[AnyRef, ...] | None | UnsetType, says("涵盖事项", "Open decisions or items it reports on.")
    ] = UNSET
    nil: Annotated[bool | None | UnsetType, says("零报告", "Nothing to report for the period.")] = UNSET
    flags: Annotated[tuple[MatterFlag, ...] | None | UnsetType, says("标识", "Tags such as important.")] = UNSET


class ReportAnswered(FactData, frozen=True, kw_only=True):
    """The addressee answered, deliberated on or took note of it."""

    TYPE: ClassVar = FactType("report.answered.v1", "请示报告答复", "report")

    outcome: Annotated[Outcome, says("结果", "Adopted, rejected, heard.")]
    document: Annotated[DocumentRef | None | UnsetType, says("复文", "The paper.")] = UNSET
    text: Annotated[Text | None | UnsetType, says("内容", "Text.")] = UNSET
