"""Facts about instructions and their carrying out."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import AnyRef, FactType, Part, PersonId, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import Progress, ReminderKind, TaskGrade

InstructionKind = Annotated[
    Literal[
        "leader_instruction",
        "superior_instruction",
        "assignment",
        "meeting_decision",
        "superior_document",
        "report_task",
        "yearly_task",
        "decision_tracking",
        "concern",
        "problem",
    ],
    choices(
        "instruction_kind",
        "交办种类",
        "Where an item comes from",
        {
            "leader_instruction": ("领导批示", "leader's instruction"),
            "superior_instruction": ("上级领导批示", "instruction of a superior"),
            "assignment": ("交办", "assignment"),
            "meeting_decision": ("会议议定", "decision of a meeting"),
            "superior_document": ("上级文件", "superior's document"),
            "report_task": ("政府工作报告任务", "task of the work report"),
            "yearly_task": ("年初确定事项", "item set at the start of the year"),
            "decision_tracking": ("决策跟踪", "tracking of a decision"),
            "concern": ("外来事项办理", "concern from outside"),
            "problem": ("问题解决", "problem to be solved"),
        },
    ),
]


class InstructionIssued(FactData, frozen=True, kw_only=True):
    """An item to be carried out was set by a leader, a meeting, a superior or the office."""

    TYPE: ClassVar = FactType("instruction.issued.v1", "批示交办", "task", opens=True)

    kind: Annotated[InstructionKind, says("种类", "Instruction, decision of a meeting, assignment and so on.")]
    content: Annotated[Text, says("内容", "What is to be done.")]
    by: Annotated[
        PersonId | None | UnsetType, says("批示领导", "Leader whose instruction it is, when the office records it.")
    ] = UNSET
    about: Annotated[
        AnyRef | None | UnsetType, says("来源", "Document, meeting, concern, report, finding it rests on.")
    ] = UNSET
    decision: Annotated[Text | None | UnsetType, says("议定编号", "Key of the meeting's decision.")] = UNSET
    units: Annotated[tuple[UnitId, ...], Meta(min_length=1), says("交办单位", "Units addressed.")]
    named_leaders: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("批示涉及领导", "District leaders named in it.")
    ] = UNSET
    grade: Annotated[
        TaskGrade | None | UnsetType, says("分级", "Ordinary, complex, year-long, important and urgent.")
    ] = UNSET
    due: Annotated[Moment | None | UnsetType, says("办结时限", "Limit that the paper or leader states.")] = UNSET
    report_every: Annotated[
        Text | None | UnsetType, says("报告周期", "ISO 8601 duration when a rhythm of reports is set, such as P1M.")
    ] = UNSET


class InstructionAssigned(FactData, frozen=True, kw_only=True):
    """Lead, cooperating units and responsible persons were fixed; a later record replaces it."""

    TYPE: ClassVar = FactType("instruction.assigned.v1", "责任分工", "task")

    lead: Annotated[UnitId, says("牵头单位", "One lead.")]
    co_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("配合单位", "Others.")] = UNSET
    responsible_person: Annotated[
        PersonId | None | UnsetType, says("责任人", "Responsible person in the lead unit.")
    ] = UNSET
    leader: Annotated[PersonId | None | UnsetType, says("包抓领导", "Leader who follows it up.")] = UNSET
    supervisor: Annotated[
        UnitId | None | UnsetType, says("督办单位", "Unit that supervises, as a rule the office.")
    ] = UNSET
    due: Annotated[Moment | None | UnsetType, says("办结时限", "When set with the assignment.")] = UNSET


class InstructionReceived(FactData, frozen=True, kw_only=True):
    """A unit received the item."""

    TYPE: ClassVar = FactType("instruction.received.v1", "签收", "task")

    unit: Annotated[UnitId, says("单位", "Which unit; who signed is the actor.")]


class InstructionPart(Part, frozen=True, kw_only=True):
    """One part of an instruction, with who carries it out."""

    content: Annotated[Text, says("内容", "What.")]
    unit: Annotated[UnitId, says("责任单位", "Who.")]
    person: Annotated[PersonId | None | UnsetType, says("责任人", "Which person.")] = UNSET
    due: Annotated[Moment | None | UnsetType, says("时限", "By when.")] = UNSET


class InstructionBrokenDown(FactData, frozen=True, kw_only=True):
    """The item was broken down into parts with owners."""

    TYPE: ClassVar = FactType("instruction.broken_down.v1", "任务分解", "task")

    parts: Annotated[tuple[InstructionPart, ...], Meta(min_length=1), says("分解任务", "The parts.")]


class InstructionProgressReported(FactData, frozen=True, kw_only=True):
    """Progress or a result was reported."""

    TYPE: ClassVar = FactType("instruction.progress_reported.v1", "进展反馈", "task")

    unit: Annotated[UnitId, says("反馈单位", "Who reports.")]
    to_unit: Annotated[UnitId | None | UnsetType, says("报送对象", "To whom.")] = UNSET
    progress: Annotated[Progress, says("进度", "State as reported.")]
    content: Annotated[Text, says("内容", "What was done.")]
    parts_of: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("所含配合单位情况", "Other units whose part it contains.")
    ] = UNSET
    approved_by: Annotated[PersonId | None | UnsetType, says("审定人", "Principal head who approved it.")] = UNSET
    sealed: Annotated[bool | None | UnsetType, says("加盖公章", "Bears the seal.")] = UNSET
    handled_by: Annotated[PersonId | None | UnsetType, says("经办领导", "Principal head who handled it in person.")] = (
        UNSET
    )


class InstructionExtensionGranted(FactData, frozen=True, kw_only=True):
    """A later limit was granted."""

    TYPE: ClassVar = FactType("instruction.extension_granted.v1", "同意延期", "task")

    until: Annotated[Moment, says("延至", "New limit.")]
    reason: Annotated[Text | None | UnsetType, says("理由", "Why.")] = UNSET


class InstructionReminded(FactData, frozen=True, kw_only=True):
    """A unit was reminded, or got a supervision notice."""

    TYPE: ClassVar = FactType("instruction.reminded.v1", "催办督办", "task")

    kind: Annotated[ReminderKind, says("方式", "Reminder, notice, interview.")]
    unit: Annotated[UnitId, says("对象单位", "Whom.")]
    due: Annotated[Moment | None | UnsetType, says("通知时限", "Limit the notice sets.")] = UNSET


class InstructionCompleted(FactData, frozen=True, kw_only=True):
    """The lead unit reported the item as done."""

    TYPE: ClassVar = FactType("instruction.completed.v1", "办结", "task")

    unit: Annotated[UnitId, says("单位", "Who reports it done.")]
    summary: Annotated[Text, says("办理结果", "What was achieved.")]


class InstructionVerified(FactData, frozen=True, kw_only=True):
    """A completed item was checked; one not confirmed is open again."""

    TYPE: ClassVar = FactType("instruction.verified.v1", "核查", "task")

    confirmed: Annotated[bool, says("属实", "Whether the check found it done; false sends it back to be done again.")]
    opinion: Annotated[Text | None | UnsetType, says("核查情况", "Text.")] = UNSET


class InstructionClosed(FactData, frozen=True, kw_only=True):
    """The item was struck off the supervision ledger, done or dropped."""

    TYPE: ClassVar = FactType("instruction.closed.v1", "销号", "task")

    dropped: Annotated[bool, says("终止", "Dropped without being done.")]
    reason: Annotated[Text | None | UnsetType, says("原因", "Why dropped.")] = UNSET
