"""What each kind of rule demands, in the words of a clerk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from events.vocabulary import enums
from rulebooks.judgement import Say
from rulebooks.problems import as_list
from rulebooks.source import Located
from rulebooks.words.condition_words import (
    COMPARED,
    say_all,
    say_leaving,
    say_limit,
    say_named,
    say_person,
    say_search,
)
from rulebooks.words.path_words import Sight, known_types, say_facts, say_path, say_words

KINDS_IN_WORDS: Final = {
    "absence": Say("同时外出", "absence at the same time"),
    "attendance": Say("到会", "attendance"),
    "authority": Say("权限", "authority"),
    "content": Say("内容要素", "content of a record"),
    "coverage": Say("代管补位", "cover"),
    "deadline": Say("时限", "deadline"),
    "forum": Say("议事层级", "forum"),
    "gate": Say("前置程序", "gate before an act"),
    "lead_time": Say("提前量", "lead time"),
    "notice": Say("告知", "notice"),
    "order": Say("次序", "order"),
    "prohibition": Say("禁止", "prohibition"),
    "quorum": Say("法定人数", "quorum"),
    "route": Say("程序路线", "route"),
    "tally": Say("次数与总量", "tally"),
}
PERIODS_IN_WORDS: Final = {
    "month": Say("每月", "each month"),
    "half_month": Say("每半月", "each half-month"),
    "quarter": Say("每季度", "each quarter"),
    "half_year": Say("每半年", "each half-year"),
    "year": Say("每年", "each year"),
    "two_months": Say("每两个月", "each two months"),
    "two_weeks": Say("每两周", "each fortnight"),
}
MEASURES: Final = {
    "count": Say("次数", "number"),
    "sum": Say("合计", "sum"),
    "distinct": Say("不同值的个数", "number of different values"),
}


def say_members(given: object, sight: Sight) -> Say:
    """Put those at whom a rule looks one by one into words."""
    if isinstance(given, Located) and "members" in given:
        return say_named("bodies", given["members"], sight)
    if isinstance(given, Located):
        search = Located({key: value for key, value in given.items() if key != "value"})
        said, value = say_search(search, sight), say_path(given["value"], sight.testing(known_types(given["fact"])))
        return Say(f"{said.zh}所载的{value.zh}", f"the {value.en} in {said.en}")
    return say_path(given, sight)


def _listed(key: str, zh: str, en: str) -> Callable[[Located, Sight], Iterator[Say]]:
    def lines(given: Located, sight: Sight) -> Iterator[Say]:
        said = say_all(given.get(key), sight)
        yield Say(f"{zh}：{said.zh}", f"{en}: {said.en}")

    return lines


def _deadline(given: Located, sight: Sight) -> Iterator[Say]:
    closes = [say_search(one, sight) for one in as_list(given.get("closes"))]
    done = Say(" 或 ".join(one.zh for one in closes), " or ".join(one.en for one in closes))
    tiers = as_list(given.get("tiers")) or [Located(due=given.get("due"))]
    for tier in tiers:
        due = _due(tier["due"], sight)
        force = f"（{tier['modality']}）" if "modality" in tier else ""
        yield Say(f"{due.zh}须有{done.zh}{force}", f"{due.en} there must be {done.en} {force}".rstrip())
    starts = [_start(one, sight) for one in as_list(given.get("from"))]
    if starts:
        zh, en = "，没有则".join(one.zh for one in starts), ", else ".join(one.en for one in starts)
        yield Say(f"自{zh}起算", f"counted from {en}")
    silence = {"deemed_no_objection": ("逾期视为无不同意见", "silence counts as no objection")}
    if given.get("on_expiry"):
        yield Say(*silence.get(given["on_expiry"], ("不发表意见视为同意", "silence counts as agreement")))


def _due(given: object, sight: Sight) -> Say:
    if not isinstance(given, Located):
        return Say("条文没有期限，列为待办：", "no limit, listed with its age:")
    if "within" in given:
        said = say_limit(given["within"], sight)
        return Say(f"{said.zh}内", f"Within {said.en}")
    if "by" in given:
        said = say_path(given["by"], sight)
        return Say(f"至迟在{said.zh}", f"By the {said.en}")
    said = PERIODS_IN_WORDS[str(given["at_end_of"])]
    return Say(f"{said.zh}末以前", f"By the end of {said.en}")


def _start(given: object, sight: Sight) -> Say:
    if isinstance(given, Located):
        return say_search(Located({key: one for key, one in given.items() if key not in {"pick", "value"}}), sight)
    return Say("该事实", "the act") if given == "trigger" else say_path(given, sight)


def _lead_time(given: Located, sight: Sight) -> Iterator[Say]:
    done = [say_search(one, sight) for one in as_list(given["done"])]
    act, limit = say_path(given["act_at"], sight), say_limit(given["at_least"], sight)
    zh, en = " 或 ".join(one.zh for one in done), " or ".join(one.en for one in done)
    yield Say(f"在{act.zh}之前至少{limit.zh}须有{zh}", f"At least {limit.en} before the {act.en} there must be {en}")


def _authority(given: Located, sight: Sight) -> Iterator[Say]:
    who = [say_path(one, sight) for one in as_list(given["who"])]
    may = [say_person(one, sight) for one in as_list(given["may"])]
    zh, en = "、".join(one.zh for one in who), ", ".join(one.en for one in who)
    yield Say(
        f"{zh}须是：{' 或 '.join(one.zh for one in may)}", f"The {en} must be: {' or '.join(one.en for one in may)}"
    )


def _forum(given: Located, _sight: Sight) -> Iterator[Say]:
    kinds = enums()["meeting_kind"].values
    for row in as_list(given["rows"]):
        bodies = [kinds.get(one, (one, one)) for one in as_list(row["bodies"])]
        each = row.get("each") is True
        zh, en = (
            ("并" if each else "或").join(one[0] for one in bodies),
            (" and " if each else " or ").join(one[1] for one in bodies),
        )
        yield Say(f"{row['zh']}：事前须经{zh}决定", f"{row['en']}: decided before by {en}")


def _route(given: Located, sight: Sight) -> Iterator[Say]:
    for number, step in enumerate(as_list(given["steps"]), start=1):
        search = Located({key: one for key, one in step.items() if key not in {"zh", "en", "when", "any_order"}})
        said = say_search(search, sight)
        only = say_all(step.get("when"), sight) if step.get("when") else Say("", "")
        zh = f"第{number}步 {step['zh']}：{said.zh}" + (f"（仅限{only.zh}）" if only.zh else "")
        yield Say(zh, f"Step {number}, {step['en']}: {said.en}" + (f" (only where {only.en})" if only.en else ""))


def _order(given: Located, _sight: Sight) -> Iterator[Say]:
    groups = [say_words([str(role) for role in as_list(one["holds"])], "role") for one in as_list(given["groups"])]
    named = [
        Say(one.get("zh") or said.zh, one.get("en") or said.en)
        for one, said in zip(as_list(given["groups"]), groups, strict=True)
    ]
    zh, en = " → ".join(one.zh for one in named), ", then ".join(one.en for one in named)
    yield Say(f"先后次序：{zh}；后组不得先于前组", f"In this order: {en}; nobody of a later group first")


def _attendance(given: Located, sight: Sight) -> Iterator[Say]:
    inner = sight.testing(known_types("meeting.attendance_recorded"))
    if "expected" in given:
        expected = say_members(given["expected"], sight)
        yield Say(f"应到：{expected.zh}，逐人看到会记录", f"To come: {expected.en}, by the record of each")
    for key, zh, en in (
        ("allowed", "到会者须", "Those present must"),
        ("forbidden", "不得到会者", "Not to be present"),
    ):
        if key in given:
            said = say_all(given[key], inner)
            yield Say(f"{zh}：{said.zh}", f"{en}: {said.en}")
    if isinstance(given.get("companions"), Located):
        one = given["companions"]
        zh, en = one.get("zh", "随员"), one.get("en", "companions")
        yield Say(f"每单位{zh}不超过 {one['at_most']} 人", f"At most {one['at_most']} {en} a unit")


def _quorum(given: Located, sight: Sight) -> Iterator[Say]:
    body = say_named("bodies", given["body"], sight)
    name, part = next(iter(given["present"].items()))
    word = COMPARED[name]
    yield Say(f"在职的{body.zh}到会{word.zh} {part}", f"Of the {body.en} in office, {word.en} {part} are present")
    yield Say(
        "空缺岗位不计，列席人员不计，一人兼数职计一次",
        "Vacant posts and those sitting in do not count; a person counts once",
    )
    if given.get("items"):
        yield Say("开会时判定，逐项议题再判", "Judged at the opening and for each item")


def _absence(given: Located, sight: Sight) -> Iterator[Say]:
    if "partners" in given:
        yield Say("互为AB角的人不得同时外出", "AB partners are not away at the same time")
        return
    of = (
        say_named("bodies", given.get("of"), sight)
        if isinstance(given.get("of"), str)
        else say_all(given.get("of"), sight)
    )
    most = given["most_away"]
    yield Say(f"{of.zh}同时外出不超过 {most} 人", f"At most {most} of the {of.en} are away at once")


def _coverage(given: Located, sight: Sight) -> Iterator[Say]:
    ways: list[Say] = []
    for one in as_list(given["cover"]):
        to = say_person(one["to"], sight) if "to" in one else Say("", "")
        if "mandate" in one:
            kinds = say_words([str(kind) for kind in as_list(one["mandate"])], "entrustment_kind")
            by = say_person(one["by"], sight) if "by" in one else Say("", "")
            zh = f"{by.zh and f'{by.zh}的'}委托（{kinds.zh}）{to.zh}"
            en = f"a mandate ({kinds.en}){by.en and f' of {by.en}'}{to.en and f' to {to.en}'}"
            ways.append(Say(zh, en))
        elif "members" in one:
            ways.append(say_named("bodies", one["members"], sight))
        else:
            way = Say("AB角", "the AB partner") if "partner" in one else Say("指定代管人", "the stand-in named")
            ways.append(Say(f"{way.zh}{to.zh and '，须是'}{to.zh}", f"{way.en}{to.en and ', who must be '}{to.en}"))
        left = say_leaving(one, gone=False)
        ways[-1] = Say(ways[-1].zh + left.zh, ways[-1].en + left.en)
    every = given.get("whole") is not False
    zh, en = " 或 ".join(one.zh for one in ways), " or ".join(one.en for one in ways)
    yield Say(
        f"外出期间{'每日' if every else '至少一日'}须有：{zh}", f"On {'each day' if every else 'a day'} away: {en}"
    )


def _tally(given: Located, sight: Sight) -> Iterator[Say]:
    measure = next(name for name in MEASURES if name in given)
    counted, word = given[measure], MEASURES[measure]
    said = say_facts(counted["fact"])
    if counted.get("when"):
        only = say_all(counted["when"], sight)
        said = Say(f"{said.zh}（{only.zh}）", f"{said.en} ({only.en})")
    if "value" in counted:
        value = say_path(counted["value"], sight)
        said = Say(f"{said.zh}的{value.zh}", f"{value.en} in {said.en}")
    key = say_path(given["key"], sight) if "key" in given else Say("全区", "the district")
    period = _period(given["period"], sight)
    bounds = [
        Say(f"{COMPARED[name].zh} {given[name]}", f"{COMPARED[name].en} {given[name]}")
        for name in COMPARED
        if name in given
    ]
    zh, en = "、".join(one.zh for one in bounds), ", ".join(one.en for one in bounds)
    yield Say(
        f"按{key.zh}，{period.zh}{said.zh}{word.zh}{zh}",
        f"For each {key.en}, {period.en}, the {word.en} of {said.en} is {en}",
    )


def _period(given: object, sight: Sight) -> Say:
    if isinstance(given, Located):
        said = say_limit(given["rolling"], sight)
        return Say(f"任意连续{said.zh}内", f"in any {said.en}")
    return PERIODS_IN_WORDS[str(given)]


DEMANDS: Final[dict[str, Callable[[Located, Sight], Iterator[Say]]]] = {
    "absence": _absence,
    "attendance": _attendance,
    "authority": _authority,
    "content": _listed("carries", "须载明", "It must carry"),
    "coverage": _coverage,
    "deadline": _deadline,
    "forum": _forum,
    "gate": _listed("needs", "此前须有", "Before it there must be"),
    "lead_time": _lead_time,
    "notice": _listed("told", "须告知", "To be told"),
    "order": _order,
    "prohibition": _listed("forbids", "以下情形同时具备即为违反", "A breach when all of this holds"),
    "quorum": _quorum,
    "route": _route,
    "tally": _tally,
}
