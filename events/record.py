"""Facts about access to records and their correction."""

from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import UNSET, UnsetType

from events.fact import Classification, FactData
from events.fields import AnyRef, FactType, PersonId, Text, UnitId, Whole, says
from events.moment import Moment


class RecordViewed(FactData, frozen=True, kw_only=True):
    """Somebody read records."""

    TYPE: ClassVar = FactType("record.viewed.v1", "查阅", "access", opens=True)

    about: Annotated[AnyRef | None | UnsetType, says("对象", "Case; absent for a list or search.")] = UNSET
    query: Annotated[Text | None | UnsetType, says("查询", "What was searched.")] = UNSET
    known_at: Annotated[Moment | None | UnsetType, says("查阅时点", "As known at this time, for a replay.")] = UNSET
    purpose_text: Annotated[Text | None | UnsetType, says("用途", "Stated purpose.")] = UNSET


class RecordExported(FactData, frozen=True, kw_only=True):
    """Records were exported or handed to another system."""

    TYPE: ClassVar = FactType("record.exported.v1", "导出", "access", opens=True)

    about: Annotated[AnyRef | None | UnsetType, says("对象", "Case; absent for a range.")] = UNSET
    from_sequence: Annotated[Whole, says("起始序号", "First sequence number.")]
    until_sequence: Annotated[Whole, says("截止序号", "Last sequence number.")]
    sha256: Annotated[Text, says("摘要值", "Hash of what was handed over.")]
    to_unit: Annotated[UnitId | None | UnsetType, says("接收单位", "To whom.")] = UNSET


class RecordAttemptRefused(FactData, frozen=True, kw_only=True):
    """An attempt to read or record was refused."""

    TYPE: ClassVar = FactType("record.attempt_refused.v1", "拒绝访问", "access", opens=True)

    attempt: Annotated[Text, says("行为", "What was tried: a fact type, or a read.")]
    about: Annotated[AnyRef | None | UnsetType, says("对象", "Case.")] = UNSET
    code: Annotated[Text, says("代码", "Stable code of the refusal.")]
    times: Annotated[
        Whole | None | UnsetType, says("次数", "How often, when one fact stands for several; absent: once.")
    ] = UNSET


class RecordAccessGranted(FactData, frozen=True, kw_only=True):
    """A person or unit was given access to a case or class of records."""

    TYPE: ClassVar = FactType("record.access_granted.v1", "知悉范围确定", "access", opens=True)

    to_persons: Annotated[tuple[PersonId, ...] | None | UnsetType, says("人员", "Who.")] = UNSET
    to_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("单位", "Which units.")] = UNSET
    about: Annotated[AnyRef | None | UnsetType, says("对象", "Case.")] = UNSET
    up_to: Annotated[Classification, says("最高密级", "Highest class that may be seen.")]
    until: Annotated[Moment | None | UnsetType, says("有效至", "End of the grant.")] = UNSET


class RecordCorrected(FactData, frozen=True, kw_only=True):
    """A recorded fact was replaced by a right one; both stay in the ledger."""

    TYPE: ClassVar = FactType("record.corrected.v1", "更正", "correction", opens=True)

    wrong: Annotated[UUID, says("原事实", "Fact that was wrong.")]
    right: Annotated[UUID, says("新事实", "Fact that takes its place, recorded before this one.")]
    reason: Annotated[Text, says("原因", "What was wrong.")]


class RecordAnnulled(FactData, frozen=True, kw_only=True):
    """A recorded fact was annulled, because it never happened or was entered twice; it stays in the ledger."""

    TYPE: ClassVar = FactType("record.annulled.v1", "作废", "correction", opens=True)

    wrong: Annotated[UUID, says("原事实", "Fact that does not count.")]
    reason: Annotated[Text, says("原因", "Why.")]


class RecordPersonalDataErased(FactData, frozen=True, kw_only=True):
    """A person's key was ordered to be destroyed, so that personal texts sealed under it can never be read again."""

    TYPE: ClassVar = FactType("record.personal_data_erased.v1", "个人信息依法删除", "person")

    basis: Annotated[Text, says("法律依据", "Law and article that demand or allow it.")]
    reason: Annotated[Text, says("原因", "Why in this case.")]
