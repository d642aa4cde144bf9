"""Facts about briefings."""

from typing import Annotated, ClassVar

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import FactType, PersonId, Text, UnitId, says
from events.shared_terms import Channel


class BriefingTitled(FactData, frozen=True, kw_only=True):
    """A unit registered a briefing title; its approval is an approval about it."""

    TYPE: ClassVar = FactType("briefing.titled.v1", "简报设立", "briefing", opens=True)

    title: Annotated[Text, says("简报名称", "Title.")]
    unit: Annotated[UnitId, says("主办单位", "Publisher.")]


class BriefingIssued(FactData, frozen=True, kw_only=True):
    """An issue of a briefing was sent."""

    TYPE: ClassVar = FactType("briefing.issued.v1", "简报报送", "briefing")

    issue: Annotated[Text, says("期号", "Issue number.")]
    channel: Annotated[Channel, says("报送方式", "Platform or paper.")]
    to_persons: Annotated[tuple[PersonId, ...] | None | UnsetType, says("主送领导", "Leaders addressed.")] = UNSET
    via_unit: Annotated[UnitId | None | UnsetType, says("经由单位", "Unit it passed through.")] = UNSET
    accepted: Annotated[bool | None | UnsetType, says("接收", "Whether the office took it in.")] = UNSET


class BriefingDiscontinued(FactData, frozen=True, kw_only=True):
    """A briefing title was given up."""

    TYPE: ClassVar = FactType("briefing.discontinued.v1", "简报停办", "briefing")

    reason: Annotated[Text, says("原因", "Why.")]
