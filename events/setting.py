"""Facts about house settings."""

import datetime as dt
from typing import Annotated, ClassVar

from events.fact import FactData
from events.fields import FactType, Text, Whole, says


class SettingPolicyAdopted(FactData, frozen=True, kw_only=True):
    """A version of the house settings was adopted, such as due-soon days, escalation ladder, urgency; never a rule of the text."""  # noqa: E501  one sentence, which the vocabulary prints

    TYPE: ClassVar = FactType("setting.policy_adopted.v1", "内部设置采用", "setting", opens=True)

    sha256: Annotated[Text, says("摘要值", "Hash of the policy file.")]
    effective_on: Annotated[dt.date, says("生效日期", "First day.")]
    reason: Annotated[Text, says("原因", "Why it was changed.")]


class SettingEngineAdopted(FactData, frozen=True, kw_only=True):
    """A version of the judging program was adopted from a sequence number on, after its differences were shown."""

    TYPE: ClassVar = FactType("setting.engine_adopted.v1", "引擎版本采用", "setting", opens=True)

    engine: Annotated[Text, says("引擎版本", "Version adopted.")]
    from_sequence: Annotated[Whole, says("起始序号", "First sequence number it judges.")]
    differences: Annotated[Whole, says("差异数", "Alerts that differ on the history so far.")]
    reason: Annotated[Text, says("原因", "Why.")]
