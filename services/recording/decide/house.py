"""What the house runs on: calendars, settings, seals, and how long a waiver lasts."""

from __future__ import annotations

from collections.abc import Sequence

from events.alert import AlertWaived
from events.calendar import CalendarNoticeAdopted
from events.fact import AnyFact, Fact
from events.seal import SealUsed
from events.setting import SettingEngineAdopted, SettingPolicyAdopted
from services.recording.decide.decision import Known, stated
from services.recording.decide.time import end_before_begin
from services.recording.refusals import IMPOSSIBLE_NUMBER, POLICY_NOT_KEPT, Refusal, contradicts


def notice_adopted(fact: Fact[CalendarNoticeAdopted], _case: object, _known: Known) -> Refusal | None:
    """Refuse a notice filed under another year, and a day both off and worked."""
    notice = fact.data
    if fact.subject.id != str(notice.year):
        return contradicts(
            f"日历案卷 {fact.subject.id} 与通知年份 {notice.year} 不符",
            f"The calendar of {fact.subject.id} cannot hold the notice for {notice.year}",
            "data.year",
        )
    both = sorted({*notice.days_off} & {*(stated(notice.workdays) or ())})
    if not both:
        return None
    return contradicts(
        f"{both[0]} 既列为放假又列为上班", f"{both[0]} is listed both as a day off and as a workday", "data.workdays"
    )


def engine_adopted(fact: Fact[SettingEngineAdopted], _case: object, _known: Known) -> Refusal | None:
    """Refuse a sequence number that no fact can have."""
    return _at_least(1, fact.data.from_sequence, "data.from_sequence")


def policy_adopted(fact: Fact[SettingPolicyAdopted], _case: object, known: Known) -> Refusal | None:
    """Refuse settings that are not kept: nobody could judge by them."""
    if known.keeps_policy(fact.data.sha256):
        return None
    return Refusal(
        POLICY_NOT_KEPT,
        f"内部设置 {fact.data.sha256} 不在数据文件夹的 policies.sqlite 中，采用后无从判定；"
        "请用 taizhang policy adopt 采用。",
        f"The house settings {fact.data.sha256} are not in policies.sqlite of the data folder, so nothing could be "
        "judged by them; adopt them with taizhang policy adopt.",
        "data.sha256",
    )


def seal_used(fact: Fact[SealUsed], _case: object, _known: Known) -> Refusal | None:
    """Refuse a use that put the seal on nothing."""
    return _at_least(1, fact.data.copies, "data.copies")


def waived(fact: Fact[AlertWaived], _case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a waiver that lapsed before it was given."""
    end = stated(fact.data.until)
    if end is None or end.latest >= fact.occurred_at.earliest:
        return None
    return end_before_begin(fact.occurred_at, end, "data.until")


def _at_least(least: int, given: int, field: str) -> Refusal | None:
    if given >= least:
        return None
    return Refusal(
        IMPOSSIBLE_NUMBER,
        f"{given} 不可能：至少为 {least}；请核对。",
        f"{given} is impossible: it is at least {least}. Check it.",
        field,
    )
