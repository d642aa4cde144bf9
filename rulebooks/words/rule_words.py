"""How a rule is computed, in the words of a clerk: when it looks, what it demands, what it lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulebooks.judgement import Say
from rulebooks.problems import as_list
from rulebooks.source import Located
from rulebooks.words.condition_words import say_all, say_condition, say_search
from rulebooks.words.kind_words import DEMANDS, MEASURES, say_members
from rulebooks.words.path_words import Sight, known_types, say_facts, say_field, say_path

MODALITIES_IN_WORDS: Final = {
    "must": Say("应当", "must"),
    "must_not": Say("不得", "must not"),
    "in_principle": Say("原则上应当", "in principle"),
    "in_principle_not": Say("原则上不得", "in principle not"),
    "generally": Say("一般应当", "generally"),
    "may": Say("可以", "may"),
}
PICKED_IN_WORDS: Final = {
    "first": Say("首次", "first"),
    "last": Say("末次", "last"),
    "preferred": Say("末次", "last"),
}
SEVERITIES_IN_WORDS: Final = {
    "breach": Say("违反", "a breach"),
    "deviation": Say("偏离", "a deviation"),
    "notice": Say("提醒事项", "a notice"),
}


def sight_of(given: Located, head: Located) -> Sight:
    """Return what the names in a rule stand for."""
    per = given.get("per")
    return Sight(head, known_types(_opening(given)), party=per if isinstance(per, str) else "")


def how_computed(given: Located, head: Located) -> tuple[Say, ...]:
    """Say how a rule is computed, one step a line."""
    sight = sight_of(given, head)
    return tuple(_lines(given, sight))


def exceptions_of(given: Located, head: Located) -> tuple[Say, ...]:
    """Return what a rule lets pass: its exceptions, what takes the place of a limit, what stops the clock."""
    sight = sight_of(given, head)
    said = [say_condition(one, sight) for key in ("unless", "excused") for one in as_list(given.get(key))]
    said += [_instead(one, sight) for one in as_list(given.get("instead"))]
    for pause in as_list(given.get("pauses")):
        begins, ends = say_search(pause["begins"], sight), say_search(pause["ends"], sight)
        anew = Say("重新计算", "runs anew") if pause.get("then") == "restart" else Say("继续计算", "runs on")
        zh = f"{begins.zh}起时限停止，{ends.zh}后{anew.zh}"
        said.append(Say(zh, f"the limit stops with {begins.en} and {anew.en} with {ends.en}"))
    if given.get("rounds"):
        said.append(
            Say(
                "再次提出的另起一轮，此前的记录不算",
                "what is asked anew begins a round; what stands before does not count",
            )
        )
    for one in as_list(given.get("ends")):
        ended = say_search(one, sight)
        said.append(Say(f"{ended.zh}后不再等候", f"nothing is awaited after {ended.en}"))
    return tuple(said)


def _instead(given: Located, sight: Sight) -> Say:
    if "path" in given:
        path = say_path(given["path"], sight)
        return Say(f"有{path.zh}的，以其为限", f"where there is a {path.en}, it is the limit")
    fact = say_search(Located({key: value for key, value in given.items() if key != "value"}), sight)
    return Say(f"有{fact.zh}的，以其所定为限", f"where there is {fact.en}, what it sets is the limit")


def _opening(given: Located) -> object:
    """Return what a rule looks at: its act, what opens its limit, or what it counts."""
    openings = [given.get(name) for name in ("on", "opens", *MEASURES)]
    return next((one for one in openings if one is not None), None)


def _looks_at(opening: object, sight: Sight) -> Say:
    """Say at which facts of a case a rule looks: at each, or at the first or last, for each value of some fields."""
    said, pick = say_facts(list(sight.triggers)), opening.get("pick") if isinstance(opening, Located) else None
    if not isinstance(opening, Located) or pick not in PICKED_IN_WORDS:
        return Say(f"每遇{said.zh}即看一次", f"It looks at each {said.en}")
    which = PICKED_IN_WORDS[pick]
    fields = [say_field(str(name), sight.triggers) for name in as_list(opening.get("of_each"))]
    among = say_all(opening["where"], sight) if opening.get("where") else None
    met = Say("", "") if among is None else Say(f"（限{among.zh}的）", f" where {among.en}")
    one = f"it looks at the {which.en} {said.en} alone"
    if not fields:
        return Say(f"几次登记的{met.zh}，只看{which.zh}{said.zh}", f"Of several{met.en} {one}")
    zh, en = "、".join(field.zh for field in fields), ", ".join(field.en for field in fields)
    return Say(f"{zh}相同的几次{met.zh}，只看{which.zh}{said.zh}", f"Of those with the same {en}{met.en} {one}")


def _lines(given: Located, sight: Sight) -> Iterator[Say]:
    if sight.triggers:
        yield _looks_at(_opening(given), sight)
    if given.get("when"):
        when = say_all(given["when"], sight)
        yield Say(f"仅限：{when.zh}", f"Only where: {when.en}")
    if given.get("per") is not None:
        per = say_members(given["per"], sight)
        yield Say(f"逐一判定：{per.zh}", f"Judged for each of: {per.en}")
    yield from DEMANDS[str(given["kind"])](given, sight)
