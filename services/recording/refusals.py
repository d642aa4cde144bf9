"""Why something is not recorded: a stable code, the field, what happened and what to do, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from events.cases import CASE_KINDS
from events.fact import case_key
from events.vocabulary import label

if TYPE_CHECKING:
    from events.fact import AnyFact

CASE_NOT_OPEN = "recording.case_not_open"
ALREADY = "recording.already"
NEVER_ASKED = "recording.never_asked"
CONTRADICTS = "recording.contradicts"
OUT_OF_ORDER = "recording.out_of_order"
DUPLICATE = "recording.duplicate"
TWICE_IN_ONE = "recording.twice_in_one"
ITSELF = "recording.refers_to_itself"
UNKNOWN_CASE = "recording.unknown_case"
UNKNOWN_FACT = "recording.unknown_fact"
END_BEFORE_BEGIN = "recording.end_before_begin"
IN_FUTURE = "recording.in_future"
NOT_CORRECTABLE = "recording.not_correctable"
IMPOSSIBLE_NUMBER = "recording.impossible_number"
POLICY_NOT_KEPT = "recording.policy_not_kept"


class Refusal(Struct, frozen=True):
    """Why a fact cannot be recorded; `field` is a path such as `data.department`."""

    code: str
    zh: str
    en: str
    field: str | None = None


def case_not_open(fact: AnyFact) -> Refusal:
    """Refuse a fact about a case that nobody opened."""
    kind_zh, _ = CASE_KINDS[fact.subject.kind]
    key = case_key(fact.subject)
    return Refusal(
        CASE_NOT_OPEN,
        f"没有案卷 {key}（{kind_zh}），“{label(fact.type)[0]}”无所依附；请先录入立卷的事实，或核对案卷编号。"
        "只有部分记录的旧资料请用导入。",
        f"There is no case {key}, so {fact.type} refers to nothing. Record the fact that opens it first, or check the "
        "id; records of which only a part is left come in by import.",
        "subject.id",
    )


def already(fact: AnyFact, before: AnyFact) -> Refusal:
    """Refuse what happened once and cannot happen again."""
    key, zh = case_key(fact.subject), label(fact.type)[0]
    return Refusal(
        ALREADY,
        f"案卷 {key} 的“{zh}”已于 {before.occurred_at} 发生（第 {before.sequence} 号），不可能再次发生；"
        "原记录有误时请录入更正。",
        f"{fact.type} of {key} happened on {before.occurred_at} (number {before.sequence}) and cannot happen again; "
        "if that record is wrong, record a correction.",
        "type",
    )


def duplicate(before: AnyFact) -> Refusal:
    """Refuse the same act, entered again under another id."""
    return Refusal(
        DUPLICATE,
        f"同一时刻、同一行为人、内容相同的事实已入账（第 {before.sequence} 号，{before.id}），再记一次即重复计数；"
        "确为两次行为时请写明各自的时间。",
        f"The same act of the same moment is recorded (number {before.sequence}, {before.id}); it would count twice. "
        "If it happened twice, give each its own time.",
        "id",
    )


def never_asked(what_zh: str, what_en: str, field: str) -> Refusal:
    """Refuse an answer to what nobody asked; the sentences name who or what."""
    return Refusal(
        NEVER_ASKED,
        f"{what_zh}；请核对编号，或先补录所依据的事实。",
        f"{what_en}. Check the id, or record first what this follows from.",
        field,
    )


def contradicts(what_zh: str, what_en: str, field: str) -> Refusal:
    """Refuse what cannot be true beside what the case holds."""
    return Refusal(
        CONTRADICTS,
        f"{what_zh}，两者不能同时成立；请核对，原记录有误时先录入更正。",
        f"{what_en}; both cannot be true. Check it, and if the earlier record is wrong, correct that first.",
        field,
    )


def out_of_order(later: AnyFact, earlier: AnyFact) -> Refusal:
    """Refuse an end that would lie before its beginning; `later` must have happened after `earlier`."""
    return Refusal(
        OUT_OF_ORDER,
        f"“{label(later.type)[0]}”（{later.occurred_at}）早于“{label(earlier.type)[0]}”（{earlier.occurred_at}），"
        "先后颠倒；请核对两者的发生时间。",
        f"{later.type} ({later.occurred_at}) lies before {earlier.type} ({earlier.occurred_at}), which it must follow; "
        "check when each happened.",
        "occurred_at",
    )


def twice_in_one(what: str, field: str) -> Refusal:
    """Refuse a list that names one thing twice."""
    return Refusal(
        TWICE_IN_ONE,
        f"同一列表中 {what} 出现两次，无法判断以哪一项为准；请只保留一项。",
        f"{what} stands twice in one list, and which entry holds cannot be told; keep one of them.",
        field,
    )


def unknown_case(key: str, field: str) -> Refusal:
    """Refuse a fact that would hang on a case nobody recorded."""
    return Refusal(
        UNKNOWN_CASE,
        f"所引案卷 {key} 不在账册中，本事实无所依附；请先录入该案卷，或核对编号。",
        f"The case {key} is not in the ledger, and this fact hangs on it. Record that case first, or check the id.",
        field,
    )
