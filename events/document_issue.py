"""Facts about documents from review and signature to issue and archive."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from events.document_terms import CleanupOccasion, EarlyGround, ExplanationPoint
from events.fact import FactData
from events.fields import DocumentRef, FactType, Part, Text, UnitId, choices, says
from events.moment import Moment
from events.paper_terms import CheckQuestion, ReviewResult
from events.shared_terms import ApprovalLevel, Channel


class CheckAnswer(Part, frozen=True, kw_only=True):
    """One question of a check with its answer."""

    question: Annotated[CheckQuestion, says("问题", "Which.")]
    answer: Annotated[bool, says("是否", "True: yes.")]


Retention = Annotated[
    Literal["permanent", "30_years", "10_years"],
    choices(
        "retention",
        "保管期限",
        "How long archives are kept (order 8 of the State Archives, 2006)",
        {
            "permanent": ("永久", "permanently"),
            "30_years": ("30年", "30 years"),
            "10_years": ("10年", "10 years"),
        },
    ),
]


class DocumentReviewed(FactData, frozen=True, kw_only=True):
    """A draft was checked, read or countersigned by a leader on its way to signature."""

    TYPE: ClassVar = FactType("document.reviewed.v1", "核稿审核", "document")

    level: Annotated[ApprovalLevel, says("审核层级", "Column of the form that was signed.")]
    result: Annotated[ReviewResult, says("结论", "Passed on, changed, sent back.")]
    version: Annotated[Text | None | UnsetType, says("版本", "Version seen.")] = UNSET
    opinion: Annotated[Text | None | UnsetType, says("意见", "Text.")] = UNSET
    answers: Annotated[
        tuple[CheckAnswer, ...] | None | UnsetType, says("逐项核对", "Express answers of the office check.")
    ] = UNSET


class DocumentSigned(FactData, frozen=True, kw_only=True):
    """A document was signed for issue."""

    TYPE: ClassVar = FactType("document.signed.v1", "签发", "document")

    level: Annotated[ApprovalLevel, says("审核层级", "Column of the form that was signed.")]
    version: Annotated[Text | None | UnsetType, says("版本", "Version seen.")] = UNSET
    referred: Annotated[bool | None | UnsetType, says("提请上一级签发", "The usual signer referred it upward.")] = UNSET


class DocumentIssued(FactData, frozen=True, kw_only=True):
    """A document was numbered, dated, printed and sent out."""

    TYPE: ClassVar = FactType("document.issued.v1", "编号印发", "document")

    number: Annotated[Text, says("文号", "Document number.")]
    dated: Annotated[dt.date, says("成文日期", "Date of writing, as a rule the day of signature.")]
    printed_on: Annotated[dt.date, says("印发日期", "Day of printing and issue.")]
    channel: Annotated[Channel, says("发送方式", "Platform or paper.")]
    to_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("主送机关", "Whom it went to.")] = UNSET


class DocumentPublished(FactData, frozen=True, kw_only=True):
    """A document was made public."""

    TYPE: ClassVar = FactType("document.published.v1", "公布", "document")

    channels: Annotated[tuple[Channel, ...], Meta(min_length=1), says("公布渠道", "Where.")]
    partial: Annotated[bool | None | UnsetType, says("删减后公布", "Published in part.")] = UNSET


class DocumentExplained(FactData, frozen=True, kw_only=True):
    """An explanation of a policy document was published."""

    TYPE: ClassVar = FactType("document.explained.v1", "政策解读", "document")

    by_unit: Annotated[UnitId, says("解读单位", "As a rule the drafting unit.")]
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1), says("公布渠道", "Where.")]
    points: Annotated[tuple[ExplanationPoint, ...] | None | UnsetType, says("解读要点", "Points covered.")] = UNSET


class DocumentEffectiveDateSet(FactData, frozen=True, kw_only=True):
    """The day was set from which a document is in force."""

    TYPE: ClassVar = FactType("document.effective_date_set.v1", "施行日期确定", "document")

    effective_on: Annotated[dt.date, says("施行日期", "First day in force.")]
    until: Annotated[Moment | None | UnsetType, says("有效期至", "End of validity when stated.")] = UNSET
    early_ground: Annotated[
        EarlyGround | None | UnsetType, says("提前施行情形", "Ground for a shorter time after publication.")
    ] = UNSET
    reason: Annotated[Text | None | UnsetType, says("理由", "Text of the ground.")] = UNSET


class DocumentFiled(FactData, frozen=True, kw_only=True):
    """A document was filed for the record with a body."""

    TYPE: ClassVar = FactType("document.filed.v1", "备案", "document")

    with_unit: Annotated[UnitId, says("备案机关", "Where.")]
    number: Annotated[Text | None | UnsetType, says("备案号", "Filing number.")] = UNSET


class DocumentBasisChanged(FactData, frozen=True, kw_only=True):
    """A law or superior paper on which a document rests was changed, or a clean-up of it was demanded."""

    TYPE: ClassVar = FactType("document.basis_changed.v1", "上位依据变化", "document")

    occasion: Annotated[CleanupOccasion, says("情形", "What happened.")]
    basis_title: Annotated[Text, says("依据名称", "Which law or demand.")]


class DocumentCleanedUp(FactData, frozen=True, kw_only=True):
    """A clean-up reached a result for a document."""

    TYPE: ClassVar = FactType("document.cleaned_up.v1", "文件清理", "document")

    result: Annotated[ReviewResult, says("清理结果", "Keep, amend, repeal, declare void.")]
    occasion: Annotated[CleanupOccasion, says("情形", "Periodic or on an occasion.")]


class DocumentEnded(FactData, frozen=True, kw_only=True):
    """A document ceased to be in force."""

    TYPE: ClassVar = FactType("document.ended.v1", "废止失效", "document")

    ended_on: Annotated[dt.date, says("失效日期", "First day no longer in force.")]
    reason: Annotated[Text, says("原因", "Repeal, expiry, replacement.")]
    by_document: Annotated[DocumentRef | None | UnsetType, says("废止文件", "The paper that ended it.")] = UNSET


class DocumentArchived(FactData, frozen=True, kw_only=True):
    """A document was archived."""

    TYPE: ClassVar = FactType("document.archived.v1", "归档", "document")

    archive_no: Annotated[Text, says("档号", "Archive number.")]
    retention: Annotated[
        Retention | None | UnsetType, says("保管期限", "Class that the archives gave it; absent: not determined yet.")
    ] = UNSET
