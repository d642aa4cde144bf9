"""The words in which a judgement is explained: facts, article, reading, days counted, conclusion."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from events.moment import Moment, day_of
from rulebooks.judgement import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from rulebooks.calendar.working_days import Calendar, SpecialDay
    from rulebooks.language.limits import Due, Limit

MOST_DAYS_NAMED: Final = 12


@lru_cache(maxsize=1_024)
def counted(calendar: Calendar, start: Moment, due: Due, limit: Limit | None) -> Say:
    """Say how a due day was counted: from when, how far, which days off and make-up workdays lay between."""
    # Remembered, because parties asked at one time have one limit, and each is explained anew whenever another answers.
    if due.stated:
        return Say(f"来文限定、商定或同意的期限为 {due.said}", f"the limit stated, agreed or granted is {due.said}")
    if limit is None:
        return Say(f"自 {start.said} 起，期限为 {due.said}", f"from {start.said}, due {due.said}")
    words = limit.say()
    first = "起算日计入" if limit.from_same_day else "起算日不计"
    first_en = "that day counted" if limit.from_same_day else "that day not counted"
    if limit.word is not None:
        first += f"；“{limit.word}”按本规则书的理解"
        first_en += f"; how this rulebook reads “{limit.word}”"
    zh = f"自 {start.said} 起（{first}）{words.zh}，至 {due.said} 届满"
    en = f"{words.en} from {start.said} ({first_en}) end on {due.said}"
    if limit.unit == "working_day":
        special = [one for one in calendar.skipped(start.day, day_of(due.instant)) if _worth_naming(one)]
        zh += _special_zh(special)
        en += _special_en(special)
    if due.provisional:
        zh += "；该年放假安排尚未采用，期限为暂定"
        en += "; the holiday notice of that year is not yet adopted, so the day is provisional"
    return Say(zh, en)


def _worth_naming(one: SpecialDay) -> bool:
    return one.working or one.reason.en != "weekend"


def _special_zh(days: list[SpecialDay]) -> str:
    off = [f"{one.day:%m-%d}" for one in days if not one.working]
    work = [f"{one.day:%m-%d}" for one in days if one.working]
    said = f"，期间放假 {_span(off)}" if off else ""
    return said + (f"，调休上班 {_span(work)}" if work else "")


def _special_en(days: list[SpecialDay]) -> str:
    off = [f"{one.day:%m-%d}" for one in days if not one.working]
    work = [f"{one.day:%m-%d}" for one in days if one.working]
    said = f"; days off {_span(off)}" if off else ""
    return said + (f"; make-up working days {_span(work)}" if work else "")


def _span(days: list[str]) -> str:
    if len(days) > MOST_DAYS_NAMED:
        return f"{days[0]} … {days[-1]}"
    return " ".join(days)


def late_by(calendar: Calendar, due: Due, done: AnyFact | None, limit: Limit | None) -> Say:
    """Say how late a thing was done, or that it has not been done; in working days too unless others are counted."""
    if done is None:
        return Say(f"至 {due.said} 届满仍无记录", f"nothing was recorded by {due.said}")
    moment = done.occurred_at
    if not due.is_day:
        return Say(f"{moment.said} 才办，已逾期", f"it was done on {moment.said}, after the limit")
    late = max((moment.day - day_of(due.instant)).days, 0)
    if limit is not None and limit.unit != "working_day" and not due.stated:
        return Say(f"{moment.said} 才办，逾期 {late} 日", f"it was done on {moment.said}, {late} days late")
    days = calendar.working_days_between(day_of(due.instant), moment.day, count_first=False, count_last=True).days
    return Say(
        f"{moment.said} 才办，逾期 {late} 日（{days} 个工作日）",
        f"it was done on {moment.said}, {late} days ({days} working days) late",
    )


def unclear_when(facts: Sequence[AnyFact]) -> Say:
    """Say that something was recorded of which it is not known whether it was the thing, and done in time.

    Of nothing: that it is not on record in which case to look.
    """
    if not facts:
        return Say("应见于何案卷没有记录，是否办理不能判定", "in which case to look for it is not recorded")
    days = " ".join(dict.fromkeys(one.occurred_at.said for one in facts))
    return Say(
        f"{days} 的记录是否属于按期办理，不能判定", f"whether what was recorded on {days} did it in time cannot be told"
    )


def cited(title: Say, article: str) -> Say:
    """Cite an article as `《…》第28条第2款` and in English."""
    return Say(f"《{title.zh}》{article_in_chinese(article)}", f"article {article} of {title.en}")


def article_in_chinese(article: str) -> str:
    """Return an article such as `28.2` or `45.1(2)3` as Chinese cites it: 第28条第2款, 第45条第1款第（2）项3目."""
    base, _, rest = article.partition(".")
    paragraph = ""
    digits = ""
    for sign in rest:
        if not sign.isdigit():
            break
        digits += sign
    if digits:
        paragraph = f"第{digits}款"
    items = rest[len(digits) :]
    if items:
        paragraph += f"{items.replace('(', '第（').replace(')', '）项')}"
        if not items.endswith(")"):
            paragraph += "目"
    return f"第{base}条{paragraph}"
