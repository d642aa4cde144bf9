"""Facts about yearly plans."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import FactType, Part, PersonId, Text, UnitId, Whole, choices, says

PlanKind = Annotated[
    Literal["meetings", "inspections", "documents", "study", "research", "legislation"],
    choices(
        "plan_kind",
        "计划种类",
        "Kind of plan",
        {
            "meetings": ("会议活动计划", "meetings and activities"),
            "inspections": ("督查检查计划", "inspections"),
            "documents": ("发文计划", "documents"),
            "study": ("学习计划", "study"),
            "research": ("调研计划", "research"),
            "legislation": ("规范性文件计划", "normative documents"),
        },
    ),
]


class PlanEntry(Part, frozen=True, kw_only=True):
    """One entry of a plan."""

    entry: Annotated[Text, says("项号", "Number within the plan.")]
    title: Annotated[Text, says("名称", "What is planned.")]
    unit: Annotated[UnitId, says("责任单位", "Who holds it.")]
    month: Annotated[Whole | None | UnsetType, says("月份", "Planned month.")] = UNSET
    leader: Annotated[PersonId | None | UnsetType, says("领导", "For research plans: whose topic.")] = UNSET


class PlanAdopted(FactData, frozen=True, kw_only=True):
    """A yearly plan was settled."""

    TYPE: ClassVar = FactType("plan.adopted.v1", "年度计划确定", "plan", opens=True)

    kind: Annotated[PlanKind, says("种类", "Meetings, inspections, documents, study, research.")]
    year: Annotated[Whole, says("年度", "Calendar year.")]
    unit: Annotated[UnitId, says("制定单位", "Whose plan.")]
    entries: Annotated[tuple[PlanEntry, ...], Meta(min_length=1), says("计划项", "The entries.")]
    quota: Annotated[Whole | None | UnsetType, says("年度总量", "Total the plan allows, when it states one.")] = UNSET
    filed_with: Annotated[UnitId | None | UnsetType, says("备案单位", "Where the plan was filed.")] = UNSET


class AddedPlanEntry(Part, frozen=True, kw_only=True):
    """One entry added to a plan."""

    entry: Annotated[Text, says("项号", "Number.")]
    title: Annotated[Text, says("名称", "What.")]
    unit: Annotated[UnitId, says("责任单位", "Who.")]
    month: Annotated[Whole | None | UnsetType, says("月份", "Planned month.")] = UNSET


class PlanChanged(FactData, frozen=True, kw_only=True):
    """Entries were added to or taken from a plan."""

    TYPE: ClassVar = FactType("plan.changed.v1", "年度计划调整", "plan")

    added: Annotated[tuple[AddedPlanEntry, ...] | None | UnsetType, says("增列", "New entries.")] = UNSET
    removed: Annotated[tuple[Text, ...] | None | UnsetType, says("删除项号", "Numbers taken out.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]
