"""Facts about documents on their way in and through the office."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from events.document_terms import (
    DirectGround,
    Direction,
    Disclosure,
    DocumentFlag,
    DocumentKind,
    LeaderMark,
    Medium,
    Purpose,
)
from events.fact import FactData
from events.fields import (
    CountersignRef,
    DocumentRef,
    FactType,
    FundsRef,
    MatterRef,
    PersonId,
    PlanRef,
    PostId,
    Text,
    UnitId,
    Whole,
    ref,
    says,
)
from events.moment import Moment
from events.paper_terms import Paper, PaperElement
from events.shared_terms import ApprovalLevel, Form, NameUsed, Stance


class DocumentDrafted(FactData, frozen=True, kw_only=True):
    """A document was drafted for issue."""

    TYPE: ClassVar = FactType("document.drafted.v1", "公文起草", "document", opens=True)

    title: Annotated[Text, says("标题", "Title.")]
    kind: Annotated[DocumentKind, says("文种", "Kind of document.")]
    in_name_of: Annotated[NameUsed, says("发文名义", "In whose name it is to be issued.")]
    issuers: Annotated[
        tuple[UnitId, ...], Meta(min_length=1), says("发文机关", "Issuing unit or units; several for a joint document.")
    ]
    drafter: Annotated[UnitId, says("起草单位", "Who drafted.")]
    drafter_reason: Annotated[Text | None | UnsetType, says("指定起草理由", "Why not the competent unit.")] = UNSET
    direction: Annotated[Direction, says("行文方向", "Up, down, level, to the public.")]
    addressees: Annotated[tuple[UnitId, ...] | None | UnsetType, says("主送机关", "Main addressees.")] = UNSET
    fields: Annotated[
        tuple[Text, ...], Meta(min_length=1), says("所属领域", "Fields of work; they give the leaders in charge.")
    ]
    concerned_units: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("涉及单位", "Units whose powers it touches.")
    ] = UNSET
    flags: Annotated[
        tuple[DocumentFlag, ...] | None | UnsetType, says("标识", "Tags that decide route and signer.")
    ] = UNSET
    matters: Annotated[tuple[MatterRef, ...] | None | UnsetType, says("事项", "Matters it carries.")] = UNSET
    funds: Annotated[
        FundsRef | None | UnsetType, says("资金申请", "Application for a project or funds that it belongs to.")
    ] = UNSET
    basis: Annotated[
        Annotated[str, ref("meeting", "approval", "document", "minutes", "report")] | None | UnsetType,
        says("发文依据", "Meeting, approval or superior paper it rests on."),
    ] = UNSET
    consent_note: Annotated[
        bool | None | UnsetType, says("注明经政府同意", "Its text carries the note of the government's consent.")
    ] = UNSET
    attached_to: Annotated[DocumentRef | None | UnsetType, says("作为附件", "Main document it is merged with.")] = UNSET
    supersedes: Annotated[tuple[DocumentRef, ...] | None | UnsetType, says("替代文件", "Documents it replaces.")] = (
        UNSET
    )
    disclosure: Annotated[Disclosure | None | UnsetType, says("公开属性", "Class set while drafting.")] = UNSET
    disclosure_ground: Annotated[
        Text | None | UnsetType, says("属性理由", "Reason or legal ground of any class other than active.")
    ] = UNSET
    travellers: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("出访人员", "For a paper on travel abroad: who travels.")
    ] = UNSET
    plan: Annotated[PlanRef | None | UnsetType, says("所列计划", "Yearly document plan it stands in.")] = UNSET
    papers: Annotated[tuple[Paper, ...] | None | UnsetType, says("附件材料", "Papers that go with it.")] = UNSET
    version: Annotated[Text, says("版本", "Version of the draft.")]


class DocumentReceived(FactData, frozen=True, kw_only=True):
    """A document reached a unit or a leader and was entered, or was found not entered."""

    TYPE: ClassVar = FactType("document.received.v1", "收文登记", "document", opens=True)

    title: Annotated[Text, says("标题", "Title.")]
    kind: Annotated[DocumentKind, says("文种", "Kind of document.")]
    from_unit: Annotated[UnitId, says("来文单位", "Sender.")]
    number: Annotated[Text | None | UnsetType, says("来文文号", "Sender's number.")] = UNSET
    dated: Annotated[dt.date | None | UnsetType, says("成文日期", "Date of writing on the paper.")] = UNSET
    received_by: Annotated[UnitId, says("收文单位", "Unit that took it in.")]
    register_no: Annotated[Text | None | UnsetType, says("收文编号", "Absent while not registered.")] = UNSET
    main_addressees: Annotated[tuple[UnitId, ...] | None | UnsetType, says("主送机关", "As written.")] = UNSET
    to_persons: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("主送个人", "Leaders addressed personally.")
    ] = UNSET
    direct_ground: Annotated[
        DirectGround | None | UnsetType, says("直送情形", "Why it could go to a leader directly.")
    ] = UNSET
    also_sent_to: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("同时报送", "Other superiors that got the same matter.")
    ] = UNSET
    co_senders: Annotated[tuple[UnitId, ...] | None | UnsetType, says("联合报送单位", "For a joint submission.")] = (
        UNSET
    )
    signed_by: Annotated[PersonId | None | UnsetType, says("签发人", "Who signed it at the sender.")] = UNSET
    signer_post: Annotated[PostId | None | UnsetType, says("签发人职务", "In which post.")] = UNSET
    sealed: Annotated[bool | None | UnsetType, says("加盖公章", "Bears the seal.")] = UNSET
    funds: Annotated[
        FundsRef | None | UnsetType, says("资金申请", "Application for a project or funds that it belongs to.")
    ] = UNSET
    matters: Annotated[tuple[MatterRef, ...] | None | UnsetType, says("事项", "Matters it carries.")] = UNSET
    subject_count: Annotated[Whole | None | UnsetType, says("事项数", "Number of separate matters in it.")] = UNSET
    contains_request: Annotated[bool | None | UnsetType, says("夹带请示", "A report that asks for something.")] = UNSET
    concerned_units: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("涉及单位", "Units whose powers it touches.")
    ] = UNSET
    fields: Annotated[tuple[Text, ...] | None | UnsetType, says("所属领域", "Fields of work.")] = UNSET
    flags: Annotated[
        tuple[DocumentFlag, ...] | None | UnsetType, says("标识", "Tags that decide route and signer.")
    ] = UNSET
    papers: Annotated[tuple[Paper, ...] | None | UnsetType, says("附件材料", "Papers that go with it.")] = UNSET
    elements: Annotated[tuple[PaperElement, ...] | None | UnsetType, says("内容要素", "What it sets out.")] = UNSET
    countersign: Annotated[CountersignRef | None | UnsetType, says("会签", "The round of opinions made before.")] = (
        UNSET
    )
    reply_by: Annotated[Moment | None | UnsetType, says("要求办结", "Limit that the paper itself states.")] = UNSET
    form: Annotated[Form | None | UnsetType, says("报送形式", "Formal document, platform, letter.")] = UNSET


class DocumentHandlingProposed(FactData, frozen=True, kw_only=True):
    """The office put forward how a document should be handled."""

    TYPE: ClassVar = FactType("document.handling_proposed.v1", "拟办", "document")

    opinion: Annotated[Text, says("拟办意见", "The proposal.")]
    consult: Annotated[tuple[UnitId, ...] | None | UnsetType, says("拟征求单位", "Units to be asked.")] = UNSET
    present_to: Annotated[tuple[PersonId, ...] | None | UnsetType, says("拟送领导", "Leaders in order.")] = UNSET
    not_needed: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("无需送阅领导", "Leaders concerned, marked not needed.")
    ] = UNSET
    needs_study: Annotated[bool | None | UnsetType, says("需调研或开会", "Marked as needing study or a meeting.")] = (
        UNSET
    )
    reply_by: Annotated[Moment | None | UnsetType, says("办理时限", "Limit proposed or set for the step.")] = UNSET


class DocumentPresented(FactData, frozen=True, kw_only=True):
    """A document was put before a leader."""

    TYPE: ClassVar = FactType("document.presented.v1", "呈送", "document")

    to: Annotated[PersonId, says("呈送领导", "Whom.")]
    parallel: Annotated[
        bool | None | UnsetType, says("同时呈送", "At the same time as another leader, for urgency.")
    ] = UNSET
    reply_by: Annotated[Moment | None | UnsetType, says("请于", "Limit of this step.")] = UNSET


class DocumentMarkedByLeader(FactData, frozen=True, kw_only=True):
    """A leader wrote on the document or circled it; what a circle means is the rulebook's."""

    TYPE: ClassVar = FactType("document.marked_by_leader.v1", "批办", "document")

    mark: Annotated[LeaderMark, says("批阅方式", "Opinion, signature only, circle.")]
    stance: Annotated[Stance | None | UnsetType, says("态度", "When the opinion says so.")] = UNSET
    opinion: Annotated[Text | None | UnsetType, says("批示内容", "Text.")] = UNSET
    medium: Annotated[Medium | None | UnsetType, says("书写方式", "Pen or platform.")] = UNSET
    level: Annotated[ApprovalLevel | None | UnsetType, says("审批层级", "Column of the form that was signed.")] = UNSET
    round: Annotated[Whole | None | UnsetType, says("轮次", "First or second pass.")] = UNSET
    to_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("批示单位", "Units the leader names.")] = UNSET
    reply_by: Annotated[Moment | None | UnsetType, says("限时", "Limit the leader sets.")] = UNSET


class DocumentForwarded(FactData, frozen=True, kw_only=True):
    """A document was passed on to a unit to be handled or read."""

    TYPE: ClassVar = FactType("document.forwarded.v1", "分办转办", "document")

    to_unit: Annotated[UnitId, says("承办单位", "Whom.")]
    purpose: Annotated[Purpose, says("用途", "To handle, to reply, to read, to redirect.")]
    reply_by: Annotated[Moment | None | UnsetType, says("限时", "Limit on the slip.")] = UNSET


class DocumentReturned(FactData, frozen=True, kw_only=True):
    """A document was returned without being handled."""

    TYPE: ClassVar = FactType("document.returned.v1", "退文", "document")

    to_unit: Annotated[UnitId, says("退回单位", "Whom.")]
    reason: Annotated[Text, says("退文原因", "Why.")]


class DocumentAnswered(FactData, frozen=True, kw_only=True):
    """The request in an incoming document was answered."""

    TYPE: ClassVar = FactType("document.answered.v1", "答复", "document")

    stance: Annotated[Stance, says("答复态度", "Agreed or not.")]
    document: Annotated[DocumentRef | None | UnsetType, says("复文", "The answering paper.")] = UNSET
    opinion: Annotated[Text | None | UnsetType, says("答复内容", "Text.")] = UNSET
