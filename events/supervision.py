"""Facts about inspections, findings and assessments."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import FactType, InspectionRef, Part, PlanRef, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import NameUsed, Progress, ReminderKind

InspectionMethod = Annotated[
    Literal["unannounced", "announced", "on_paper", "random", "joint"],
    choices(
        "inspection_method",
        "检查方式",
        "Method",
        {
            "unannounced": ("四不两直", "unannounced, straight to the spot"),
            "announced": ("通知检查", "announced"),
            "on_paper": ("书面督查", "on paper"),
            "random": ("双随机", "random targets and inspectors"),
            "joint": ("联合检查", "joint"),
        },
    ),
]

FindingSource = Annotated[
    Literal["inspection", "audit", "congress", "cppcc", "discipline", "court", "media", "research", "self"],
    choices(
        "finding_source",
        "问题来源",
        "Who found the problem",
        {
            "inspection": ("督查检查", "inspection"),
            "audit": ("审计", "audit"),
            "congress": ("人大监督", "congress"),
            "cppcc": ("政协监督", "CPPCC"),
            "discipline": ("纪检监察", "discipline commission"),
            "court": ("司法监督", "court or procuratorate"),
            "media": ("舆论监督", "press"),
            "research": ("调研", "research trip"),
            "self": ("自查", "self-check"),
        },
    ),
]

RectificationList = Annotated[
    Literal["tasks", "owners", "limits", "problems", "measures"],
    choices(
        "rectification_list",
        "清单",
        "List for putting right",
        {
            "tasks": ("任务清单", "tasks"),
            "owners": ("责任清单", "owners"),
            "limits": ("时限清单", "limits"),
            "problems": ("问题清单", "problems"),
            "measures": ("措施清单", "measures"),
        },
    ),
]

AssessmentKind = Annotated[
    Literal["supervision", "openness", "performance", "scheme"],
    choices(
        "assessment_kind",
        "考核种类",
        "What was assessed",
        {
            "supervision": ("督查考核", "supervision"),
            "openness": ("政务公开考核", "openness"),
            "performance": ("绩效考核", "performance"),
            "scheme": ("年度考核", "yearly assessment"),
        },
    ),
]


class SupervisionInspectionPlanned(FactData, frozen=True, kw_only=True):
    """An inspection, supervision campaign or assessment visit was planned."""

    TYPE: ClassVar = FactType("supervision.inspection_planned.v1", "检查拟定", "inspection", opens=True)

    title: Annotated[Text, says("名称", "What is inspected.")]
    unit: Annotated[UnitId, says("组织单位", "Who inspects.")]
    in_name_of: Annotated[NameUsed, says("名义", "Government-level or the unit's own.")]
    targets: Annotated[tuple[UnitId, ...], Meta(min_length=1), says("检查对象", "Units inspected.")]
    concerned_units: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("涉及单位", "Other units whose work it touches.")
    ] = UNSET
    fields: Annotated[tuple[Text, ...], Meta(min_length=1), says("领域", "Field of work.")]
    from_: Annotated[Moment, says("起", "First day.")] = field(name="from")
    until: Annotated[Moment, says("止", "Last day.")]
    plan: Annotated[PlanRef | None | UnsetType, says("所列计划", "Yearly plan it stands in.")] = UNSET
    plan_entry: Annotated[Text | None | UnsetType, says("计划项号", "Number in the plan.")] = UNSET
    unified: Annotated[
        bool | None | UnsetType, says("统一部署", "Part of a deployment of Party committee or government.")
    ] = UNSET
    random_targets: Annotated[bool | None | UnsetType, says("随机抽取", "Targets and inspectors drawn at random.")] = (
        UNSET
    )


class SupervisionInspectionMade(FactData, frozen=True, kw_only=True):
    """An inspection took place on the spot."""

    TYPE: ClassVar = FactType("supervision.inspection_made.v1", "实地检查", "inspection")

    targets: Annotated[tuple[UnitId, ...], Meta(min_length=1), says("检查对象", "Units visited.")]
    method: Annotated[InspectionMethod, says("方式", "Announced, unannounced, on paper.")]
    notified_before: Annotated[bool | None | UnsetType, says("事先通知", "The units were told beforehand.")] = UNSET


class SupervisionProblemFound(FactData, frozen=True, kw_only=True):
    """A problem was entered in the ledger, found by inspection, audit, court, congress or research."""

    TYPE: ClassVar = FactType("supervision.problem_found.v1", "发现问题", "finding", opens=True)

    kind: Annotated[FindingSource, says("来源", "Who found it.")]
    inspection: Annotated[InspectionRef | None | UnsetType, says("检查", "Inspection in which it was found.")] = UNSET
    unit: Annotated[UnitId, says("责任单位", "Whose problem.")]
    content: Annotated[Text, says("问题", "What.")]
    prominent: Annotated[bool | None | UnsetType, says("突出问题", "Flagged as prominent.")] = UNSET
    due: Annotated[Moment | None | UnsetType, says("整改时限", "Limit stated.")] = UNSET


class SupervisionProblemNotified(FactData, frozen=True, kw_only=True):
    """The responsible unit was told of the problem by notice or interview."""

    TYPE: ClassVar = FactType("supervision.problem_notified.v1", "问题交办", "finding")

    kind: Annotated[ReminderKind, says("方式", "Notice, interview.")]
    due: Annotated[Moment | None | UnsetType, says("时限", "Limit in the notice.")] = UNSET


class SupervisionRectificationReported(FactData, frozen=True, kw_only=True):
    """The unit reported the problem as put right, or how far."""

    TYPE: ClassVar = FactType("supervision.rectification_reported.v1", "整改报告", "finding")

    to_unit: Annotated[UnitId, says("报送对象", "To whom.")]
    progress: Annotated[Progress, says("进度", "State as reported.")]
    content: Annotated[Text, says("内容", "What was done.")]
    lists: Annotated[tuple[RectificationList, ...] | None | UnsetType, says("清单", "Lists handed in with it.")] = UNSET


class SupervisionRechecked(FactData, frozen=True, kw_only=True):
    """A reported rectification was checked again."""

    TYPE: ClassVar = FactType("supervision.rechecked.v1", "复核", "finding")

    confirmed: Annotated[bool, says("属实", "Whether it was found put right.")]


class SupervisionProblemClosed(FactData, frozen=True, kw_only=True):
    """A problem was struck off the ledger."""

    TYPE: ClassVar = FactType("supervision.problem_closed.v1", "问题销号", "finding")

    reason: Annotated[Text, says("依据", "On what ground.")]


class AssessmentResult(Part, frozen=True, kw_only=True):
    """The result of one unit."""

    unit: Annotated[UnitId, says("单位", "Whom.")]
    result_text: Annotated[Text, says("结果", "As in the paper.")]


class SupervisionAssessmentMade(FactData, frozen=True, kw_only=True):
    """Units or persons were assessed for a period."""

    TYPE: ClassVar = FactType("supervision.assessment_made.v1", "考核", "assessment", opens=True)

    kind: Annotated[AssessmentKind, says("种类", "What was assessed.")]
    from_: Annotated[Moment, says("期间起", "Period.")] = field(name="from")
    until: Annotated[Moment, says("期间止", "Period.")]
    results: Annotated[tuple[AssessmentResult, ...], Meta(min_length=1), says("结果", "One entry a unit.")]
    counted: Annotated[bool | None | UnsetType, says("计入绩效", "Carried into the performance score.")] = UNSET
