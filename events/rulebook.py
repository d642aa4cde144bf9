"""Facts about rulebooks."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import FactType, RulebookRef, Text, says
from events.moment import Moment


class RulebookAdopted(FactData, frozen=True, kw_only=True):
    """A version of the district's work rules was adopted as a rulebook."""

    TYPE: ClassVar = FactType("rulebook.adopted.v1", "规则采用", "rulebook", opens=True)

    title: Annotated[Text, says("名称", "Title of the rules.")]
    number: Annotated[Text, says("文号", "Document number.")]
    effective_on: Annotated[dt.date, says("施行日期", "First day on which acts are judged by it.")]
    sha256: Annotated[Text, says("规则文件摘要值", "Hash of the rulebook file.")]
    text_sha256: Annotated[
        Text | None | UnsetType, says("文本摘要值", "Hash of the text the articles were read from.")
    ] = UNSET
    replaces: Annotated[RulebookRef | None | UnsetType, says("替代", "The version it replaces.")] = UNSET
    replaces_number: Annotated[
        Text | None | UnsetType,
        says("废止文号", "Number of the document it repeals, when that never was a rulebook here."),
    ] = UNSET


class RulebookEnded(FactData, frozen=True, kw_only=True):
    """A rulebook version ceased to apply to later acts."""

    TYPE: ClassVar = FactType("rulebook.ended.v1", "规则失效", "rulebook")

    until: Annotated[Moment, says("截止", "Last day or moment of force.")]
    reason: Annotated[Text, says("原因", "Repeal, replacement, expiry.")]
