"""Facts about matters put up for decision."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import DocumentRef, ExactDecimal, FactType, MeetingRef, PersonId, Text, UnitId, ref, says
from events.matter_terms import MatterFlag, MatterKind, Zone
from events.meeting_terms import MeetingKind
from events.moment import Moment
from events.paper_terms import Paper, PaperElement
from events.shared_terms import TaskGrade


class MatterProposed(FactData, frozen=True, kw_only=True):
    """A matter was proposed for decision; put to a meeting it is a topic (议题)."""

    TYPE: ClassVar = FactType("matter.proposed.v1", "事项提出", "matter", opens=True)

    title: Annotated[Text, says("事项名称", "Title.")]
    kind: Annotated[MatterKind, says("种类", "Decides which body must decide it.")]
    sponsor: Annotated[
        UnitId, says("主办单位", "Lead or reporting unit; a leader's own proposal names the leader's unit.")
    ]
    co_sponsors: Annotated[tuple[UnitId, ...] | None | UnsetType, says("协办单位", "Units that propose jointly.")] = (
        UNSET
    )
    fields: Annotated[
        tuple[Text, ...],
        Meta(min_length=1),
        says("所属领域", "Fields of work; with the division of work they give the leaders in charge."),
    ]
    concerned_units: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("涉及单位", "Every other unit whose powers it touches.")
    ] = UNSET
    forum: Annotated[MeetingKind | None | UnsetType, says("拟上会议", "Meeting it is meant for.")] = UNSET
    origin: Annotated[
        Annotated[str, ref("document", "task", "meeting", "concern", "report")] | None | UnsetType,
        says("缘起", "What led to it."),
    ] = UNSET
    on_form: Annotated[bool | None | UnsetType, says("使用提报单", "Proposed on the prescribed topic form.")] = UNSET


class MatterClassified(FactData, frozen=True, kw_only=True):
    """The tags and measures by which a matter is routed were recorded; each later record replaces the fields it names."""  # noqa: E501  one sentence, which the vocabulary prints

    TYPE: ClassVar = FactType("matter.classified.v1", "事项定性", "matter")

    flags: Annotated[
        tuple[MatterFlag, ...] | None | UnsetType, says("标识", "All tags that hold; `routine` alone when none does.")
    ] = UNSET
    kind: Annotated[MatterKind | None | UnsetType, says("种类", "When it differs from the proposal.")] = UNSET
    grade: Annotated[TaskGrade | None | UnsetType, says("难易分级", "Ordinary, complex, year-long, urgent.")] = UNSET
    amount_wan: Annotated[
        ExactDecimal | None | UnsetType, says("金额（万元）", "The sum that thresholds are read on.")
    ] = UNSET
    appraised_wan: Annotated[
        ExactDecimal | None | UnsetType, says("评估价值（万元）", "Appraised value of property or equity transferred.")
    ] = UNSET
    original_wan: Annotated[
        ExactDecimal | None | UnsetType, says("原批复概算（万元）", "Estimate as first approved.")
    ] = UNSET
    change_wan: Annotated[
        ExactDecimal | None | UnsetType, says("调整额（万元）", "Change against it; negative when less.")
    ] = UNSET
    area_mu: Annotated[ExactDecimal | None | UnsetType, says("面积（亩）", "Land area in mu.")] = UNSET
    zone: Annotated[Zone | None | UnsetType, says("片区", "Old quarter, new city, industrial park.")] = UNSET
    in_plan: Annotated[bool | None | UnsetType, says("已列入年度计划", "It stands in the year's plan.")] = UNSET
    user_and_project_named: Annotated[
        bool | None | UnsetType, says("已明确单位和项目", "The budget names both using unit and project.")
    ] = UNSET
    control_lost: Annotated[
        bool | None | UnsetType, says("失去控股权", "The state would no longer control the enterprise.")
    ] = UNSET
    secrecy_ground: Annotated[Text | None | UnsetType, says("不公开依据", "Legal ground for secrecy.")] = UNSET


class MatterPapersSubmitted(FactData, frozen=True, kw_only=True):
    """Papers of a matter were handed in, in a stated version."""

    TYPE: ClassVar = FactType("matter.papers_submitted.v1", "议题材料提交", "matter")

    to_unit: Annotated[UnitId, says("接收单位", "Usually the government office.")]
    version: Annotated[Text, says("版本", "Version of the main paper.")]
    papers: Annotated[tuple[Paper, ...], Meta(min_length=1), says("材料种类", "What lies in the file.")]
    elements: Annotated[
        tuple[PaperElement, ...] | None | UnsetType, says("材料要素", "What the main paper contains.")
    ] = UNSET
    documents: Annotated[tuple[DocumentRef, ...] | None | UnsetType, says("对应公文", "Documents among them.")] = UNSET
    signers: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("签字人", "Principal heads who signed the form.")
    ] = UNSET
    late_ground: Annotated[Text | None | UnsetType, says("临时提交理由", "Special reason for handing in late.")] = UNSET


class MatterPapersReturned(FactData, frozen=True, kw_only=True):
    """Papers of a matter were sent back as incomplete or not in order."""

    TYPE: ClassVar = FactType("matter.papers_returned.v1", "材料退补", "matter")

    missing: Annotated[tuple[Text, ...], Meta(min_length=1), says("缺项", "What is missing or wrong.")]


class MatterWithdrawn(FactData, frozen=True, kw_only=True):
    """A matter was withdrawn."""

    TYPE: ClassVar = FactType("matter.withdrawn.v1", "议题撤回", "matter")

    meeting: Annotated[MeetingRef | None | UnsetType, says("原定会议", "The meeting it is taken from.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]


class MatterPostponed(FactData, frozen=True, kw_only=True):
    """A matter was put off to a later meeting or day."""

    TYPE: ClassVar = FactType("matter.postponed.v1", "议题缓议", "matter")

    meeting: Annotated[MeetingRef | None | UnsetType, says("原定会议", "The meeting it is taken from.")] = UNSET
    until: Annotated[Moment | None | UnsetType, says("缓至", "When stated.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]


class MatterKeptOnAgenda(FactData, frozen=True, kw_only=True):
    """It was recorded why a matter was put to the meeting although its leader is absent, its papers are late or no executive meeting could be held."""  # noqa: E501  one sentence, which the vocabulary prints

    TYPE: ClassVar = FactType("matter.kept_on_agenda.v1", "急需上会说明", "matter")

    meeting: Annotated[MeetingRef, says("会议", "Which meeting.")]
    reason: Annotated[Text, says("急需理由", "Ground of urgency.")]
    opinion: Annotated[Text | None | UnsetType, says("分管领导书面意见", "The absent leader's written opinion.")] = (
        UNSET
    )
    by_leader: Annotated[PersonId | None | UnsetType, says("出具意见的领导", "Whose opinion.")] = UNSET


class MatterImplemented(FactData, frozen=True, kw_only=True):
    """The decided or proposed act began to be carried out."""

    TYPE: ClassVar = FactType("matter.implemented.v1", "组织实施", "matter")

    act: Annotated[Text, says("实施内容", "What began.")]
    unit: Annotated[UnitId, says("实施单位", "Who carries it out.")]


class MatterClosed(FactData, frozen=True, kw_only=True):
    """A matter was finished."""

    TYPE: ClassVar = FactType("matter.closed.v1", "事项办结", "matter")

    summary: Annotated[Text, says("办理结果", "How it ended.")]
