"""Findings and open obligations in the words and fields in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from events.moment import Moment, day_of
from rulebooks.judgement import SEVERITY, Judgement, Say
from rulebooks.words.explaining import cited

if TYPE_CHECKING:
    from rulebooks.record.roster import Roster
    from rulebooks.rule import Rule

FOUND: Final = frozenset({"violated", "not_determinable", "waived", "satisfied"})
STILL_OPEN: Final = frozenset({"open", "paused", "forecast"})
CONCLUSIONS: Final = {
    "violated": Say("记录显示未按此规定办理", "the record shows that this was not kept"),
    "not_determinable": Say("现有记录不足以判定", "the record does not suffice to tell"),
    "waived": Say("已获豁免", "it was waived"),
    "satisfied": Say("记录显示已按此规定办理", "the record shows that this was kept"),
    "open": Say("尚在期限内", "the limit is still running"),
    "paused": Say("时限暂停", "the limit stands still"),
    "forecast": Say("按现有安排将会发生", "it will come to this as things are planned"),
}


class Told(msgspec.Struct, frozen=True):
    """An explanation in Chinese and in English."""

    zh: str
    en: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome of one rule, as `taizhang check` prints it; `facts` are sequence numbers."""

    rule: str
    article: str
    outcome: str
    modality: str
    severity: str
    subject: str
    party: str | None
    period: str | None
    opened_at: str | None
    due_at: str | None
    provisional: bool
    happened_at: str | None
    facts: tuple[int, ...]
    missing: tuple[str, ...]
    say: Told


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation that still runs, as `taizhang check` prints it."""

    rule: str
    article: str
    subject: str
    party: str | None
    period: str | None
    due_at: str | None
    provisional: bool
    state: str
    say: Told


def due_text(judgement: Judgement) -> str | None:
    """Return a due moment as a day, or as a date-time when the hour counts."""
    if judgement.due is None:
        return None
    return day_of(judgement.due).isoformat() if judgement.due_is_day else Moment.at(judgement.due).text


def finding_of(rule: Rule, judgement: Judgement, roster: Roster) -> Finding:
    """Return a judgement as a finding."""
    modality = judgement.modality or rule.header.modality
    return Finding(
        rule=rule.header.id,
        article=rule.header.article,
        outcome=judgement.state,
        modality=modality,
        severity=judgement.severity or SEVERITY[modality],
        subject=judgement.subject,
        party=judgement.party,
        period=judgement.period,
        opened_at=None if judgement.opened is None else judgement.opened.text,
        due_at=due_text(judgement),
        provisional=judgement.provisional,
        happened_at=None if judgement.happened is None else judgement.happened.text,
        facts=tuple(fact.sequence for fact in judgement.facts),
        missing=judgement.missing,
        say=told(rule, judgement, roster),
    )


def open_of(rule: Rule, judgement: Judgement, roster: Roster, state: str) -> Open:
    """Return a judgement that still runs; `state` is open, due_soon or paused."""
    return Open(
        rule=rule.header.id,
        article=rule.header.article,
        subject=judgement.subject,
        party=judgement.party,
        period=judgement.period,
        due_at=due_text(judgement),
        provisional=judgement.provisional,
        state=state,
        say=told(rule, judgement, roster),
    )


def told(rule: Rule, judgement: Judgement, roster: Roster) -> Told:
    """Explain a judgement: article and wording, whom it concerns, what was counted, the conclusion, the reading."""
    header = rule.header
    where = cited(header.title, header.article)
    whom = _whom(judgement, roster)
    reasons = judgement.reason
    end = CONCLUSIONS.get(judgement.state, Say("待记录齐备后判定", "to be judged once the record is complete"))
    zh = f"{where.zh}：{header.zh}。{whom.zh}{''.join(f'{one.zh}；' for one in reasons)}{end.zh}。"
    en = f"{where.en}: {header.en}. {whom.en}{''.join(f'{one.en}; ' for one in reasons)}{end.en}."
    if judgement.missing:
        zh += f"缺少记录：{'、'.join(judgement.missing)}。"
        en += f" Not recorded: {', '.join(judgement.missing)}."
    if header.reading.zh and judgement.state != "satisfied":
        zh += f"（理解：{header.reading.zh}）"
        en += f" (Reading: {header.reading.en})"
    return Told(zh, en)


def _whom(judgement: Judgement, roster: Roster) -> Say:
    parts = [judgement.subject]
    if judgement.party is not None:
        unit = roster.unit(judgement.party)
        parts.append(judgement.party if unit is None else f"{unit.name} {judgement.party}")
    if judgement.period is not None:
        parts.append(judgement.period)
    shown = " ".join(parts)
    return Say(f"{shown}：", f"{shown}: ")
