"""Conditions in words, as a clerk would say them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rulebooks.judgement import Say
from rulebooks.language.limits import UNITS
from rulebooks.language.moments import TIMES
from rulebooks.problems import as_list
from rulebooks.source import Located
from rulebooks.words.path_words import Sight, known_types, say_facts, say_path, say_values, say_words

COMPARED: Final = {
    "more_than": Say("超过", "more than"),
    "at_least": Say("不少于", "at least"),
    "less_than": Say("少于", "less than"),
    "at_most": Say("不超过", "at most"),
}
VALUED: Final = {
    "is": Say("为", "is"),
    "in": Say("为其一", "is one of"),
    "is_not": Say("不为", "is not"),
    "not_in": Say("不为", "is none of"),
    "has": Say("含", "has"),
    "has_any": Say("含其一", "has one of"),
    "has_all": Say("均含", "has all of"),
    "has_none": Say("不含", "has none of"),
}
RELATED: Final = {
    "same_as": Say("即", "is the same as"),
    "differs_from": Say("不同于", "differs from"),
    "within": Say("在其中", "is among"),
    "not_within": Say("不在其中", "is not among"),
    "covers": Say("包括", "includes"),
    "before": Say("早于", "is before"),
    "not_after": Say("不晚于", "is not after"),
    "after": Say("晚于", "is after"),
    "not_before": Say("不早于", "is not before"),
    "since": Say("并非早于", "is not certainly before"),
    "same_day": Say("同日于", "is on the same day as"),
    "days_off_through": Say("起均为休息日，止于", "begins days off that last through"),
}


ONE_BY_ONE: Final = Say("；", "; ")


def say_all(given: object, sight: Sight, joined: Say = ONE_BY_ONE) -> Say:
    """Put a list of conditions into words, joined as asked."""
    said = [say_condition(one, sight) for one in as_list(given)]
    return Say(joined.zh.join(one.zh for one in said), joined.en.join(one.en for one in said))


def say_condition(given: object, sight: Sight) -> Say:
    """Put one condition into words; the name that its author gave it comes first."""
    if not isinstance(given, Located):
        return Say(str(given), str(given))
    if "zh" in given and "en" in given:
        return Say(str(given["zh"]), str(given["en"]))
    for form, say in FORMS.items():
        if form in given:
            return say(given, sight)
    return say_person(given, sight)


def _group(key: str, zh: str, en: str) -> Callable[[Located, Sight], Say]:
    def say(given: Located, sight: Sight) -> Say:
        said = say_all(given[key], sight, Say(f" {zh} ", f" {en} "))
        return said if len(as_list(given[key])) == 1 else Say(f"（{said.zh}）", f"({said.en})")

    return say


def _not(given: Located, sight: Sight) -> Say:
    said = say_all(given["not"], sight, Say(" 且 ", " and "))
    return Say(f"并非（{said.zh}）", f"not ({said.en})")


def _term(given: Located, sight: Sight) -> Say:
    return say_named("terms", given["term"], sight)


def say_named(part: str, name: object, sight: Sight) -> Say:
    """Return what the rulebook calls a term or a body that it shares."""
    named = (sight.head.get(part) or {}).get(name)
    return Say(str(named["zh"]), str(named["en"])) if isinstance(named, Located) else Say(str(name), str(name))


def _path(given: Located, sight: Sight) -> Say:
    path = say_path(given["path"], sight)
    for name, word in VALUED.items():
        if name in given:
            values = _values(given, name, sight)
            return Say(f"{path.zh}{word.zh}{values.zh}", f"the {path.en} {word.en} {values.en}")
    for name, word in COMPARED.items():
        if name in given:
            return Say(f"{path.zh}{word.zh} {given[name]}", f"the {path.en} is {word.en} {given[name]}")
    for name, word in RELATED.items():
        if name in given:
            other = say_path(given[name], sight)
            return Say(f"{path.zh}{word.zh}{other.zh}", f"the {path.en} {word.en} the {other.en}")
    if "count" in given:
        said = _bounds(given["count"])
        return Say(f"{path.zh}{said.zh}个", f"the {path.en} number {said.en}")
    if "recorded" in given:
        yes = given["recorded"] is True
        return Say(f"{path.zh}{'已' if yes else '未'}登记", f"the {path.en} is {'' if yes else 'not '}recorded")
    yes = given.get("given") is True
    return Say(f"{'有' if yes else '没有'}{path.zh}", f"there is {'a' if yes else 'no'} {path.en}")


def _values(given: Located, name: str, sight: Sight) -> Say:
    if isinstance(given[name], bool):
        return Say("是", "true") if given[name] else Say("否", "false")
    said = say_values(given[name], given["path"], sight)
    return Say(f"“{said.zh}”", said.en)


def _bounds(given: object) -> Say:
    parts = [
        (f"{word.zh} {given[name]} ", f"{word.en} {given[name]}")
        for name, word in COMPARED.items()
        if isinstance(given, Located) and name in given
    ]
    return Say("、".join(zh for zh, _ in parts), " and ".join(en for _, en in parts))


def _measured(given: Located, sight: Sight) -> Say:
    key = "ratio" if "ratio" in given else "sum"
    paths = [say_path(one, sight) for one in as_list(given[key])]
    said = _bounds(given)
    zh, en = " / ".join(one.zh for one in paths), " / ".join(one.en for one in paths)
    return Say(f"{zh}{'合计' if key == 'sum' else ''}{said.zh}", f"{en} is {said.en}")


def say_search(given: Located, sight: Sight, key: str = "fact") -> Say:
    """Put a search for a fact into words: which, where, by when, what must hold of it."""
    inner = sight.testing(known_types(given[key]))
    said = say_facts(given[key])
    details = [say_condition(one, inner) for one in as_list(given.get("where"))]
    for name in TIMES:
        if name in given and given[name] != "expiry":
            word, other = RELATED[name], say_path(given[name], sight)
            details.append(Say(f"{word.zh}{other.zh}", f"{word.en.removeprefix('is ')} the {other.en}"))
    if given.get("before") == "expiry":
        details.append(Say("在期满之前", "before the limit runs out"))
    if "at_least" in given:
        details.append(Say(f"至少 {given['at_least']} 次", f"at least {given['at_least']} times"))
    if not details:
        return said
    zh, en = "，".join(one.zh for one in details), ", ".join(one.en for one in details)
    return Say(f"{said.zh}（{zh}）", f"{said.en} ({en})")


def _fact(given: Located, sight: Sight) -> Say:
    said = say_search(given, sight)
    return Say(f"有{said.zh}", f"there is {said.en}")


def _no_fact(given: Located, sight: Sight) -> Say:
    said = say_search(given, sight, "no_fact")
    return Say(f"没有{said.zh}", f"there is no {said.en}")


def _some(given: Located, sight: Sight) -> Say:
    path, said = say_path(given["some"], sight), say_all(given.get("where"), sight, Say("，", ", "))
    if "count" in given:
        many = _bounds(given["count"])
        return Say(f"{path.zh}中有{many.zh}项：{said.zh}", f"{many.en} of the {path.en} fit: {said.en}")
    return Say(f"{path.zh}中有一项：{said.zh}", f"one of the {path.en} fits: {said.en}")


def _person(given: Located, sight: Sight) -> Say:
    who, said = say_path(given["person"], sight), say_person(given, sight)
    which = Say("之一", "one of ") if given.get("which") == "any" else Say("", "")
    return Say(f"{who.zh}{which.zh}是{said.zh}", f"{which.en}the {who.en} is {said.en}")


def say_person(given: Located, sight: Sight) -> Say:
    """Put what is asked of a person into words."""
    if "zh" in given and "en" in given:
        return Say(str(given["zh"]), str(given["en"]))
    said = [say(given[name], sight) for name, say in OF_PERSONS.items() if name in given]
    if "of" in given:
        unit = say_path(given["of"], sight)
        said.append(Say(f"属{unit.zh}", f"in the {unit.en}"))
    return Say("，".join(one.zh for one in said), ", ".join(one.en for one in said))


def _roles(given: object, _sight: Sight) -> Say:
    said = say_words([str(one) for one in as_list(given)], "role")
    return Say(said.zh, f"one holding: {said.en}")


def _in_charge(given: object, sight: Sight) -> Say:
    paths = [say_path(one, sight) for one in as_list(given)]
    zh, en = "或".join(one.zh for one in paths), " or ".join(one.en for one in paths)
    return Say(f"分管{zh}的人", f"in charge of the {en}")


def _entrusted(given: object, sight: Sight) -> Say:
    if not isinstance(given, Located):
        return Say("受委托", "entrusted")
    kinds = say_words([str(one) for one in as_list(given.get("kinds"))], "entrustment_kind")
    by = say_person(given["by"], sight) if isinstance(given.get("by"), Located) else Say("", "")
    by_en = f" by {by.en}" if by.en else ""
    return Say(f"受{by.zh}委托（{kinds.zh}），委托在有效期内", f"entrusted{by_en} ({kinds.en}), the mandate in force")


def _partner(given: object, sight: Sight) -> Say:
    said = say_path(given, sight)
    return Say(f"{said.zh}的AB角", f"the AB partner of the {said.en}")


def _stand_in(given: object, sight: Sight) -> Say:
    said = say_person(given, sight) if isinstance(given, Located) else Say("", "")
    return Say(f"当时外出的{said.zh}的AB角", f"the AB partner of somebody away then who is {said.en}")


def _same(given: object, sight: Sight) -> Say:
    said = say_path(given, sight)
    return Say(f"即{said.zh}", f"the same as the {said.en}")


def _any_person(given: object, sight: Sight) -> Say:
    said = [say_person(one, sight) for one in as_list(given) if isinstance(one, Located)]
    return Say(" 或 ".join(one.zh for one in said), " or ".join(one.en for one in said))


def _away(given: object, sight: Sight) -> Say:
    if not isinstance(given, Located):
        return Say("当时外出", "away then") if given else Say("当时在岗", "not away then")
    during = say_path(given["during"], sight)
    left = say_leaving(given, gone=True)
    other = say_path(given["with"], sight) if "with" in given else None
    zh, en = (f"与{other.zh}同时", f" together with the {other.en}") if other else ("", "")
    return Say(f"在{during.zh}期间{zh}外出{left.zh}", f"away{en} during the {during.en}{left.en}")


def say_leaving(given: Located, *, gone: bool) -> Say:
    """Return which boundaries one crossed, or did not, where a rule asks for some."""
    if "leaves" not in given:
        return Say("", "")
    named = say_words([str(one) for one in as_list(given["leaves"])], "boundary")
    return Say(f"（{'' if gone else '没有'}离开{named.zh}）", f" ({'' if gone else 'not '}leaving {named.en})")


OF_PERSONS: Final[dict[str, Callable[[object, Sight], Say]]] = {
    "holds": _roles,
    "member_of": lambda name, sight: say_named("bodies", name, sight),
    "in_charge_of": _in_charge,
    "entrusted": _entrusted,
    "partner_of": _partner,
    "stands_in_for": _stand_in,
    "same_as": _same,
    "is": lambda name, sight: say_named("terms", name, sight),
    "any": _any_person,
    "away": _away,
}
FORMS: Final[dict[str, Callable[[Located, Sight], Say]]] = {
    "path": _path,
    "fact": _fact,
    "no_fact": _no_fact,
    "some": _some,
    "person": _person,
    "ratio": _measured,
    "sum": _measured,
    "term": _term,
    "all": _group("all", "且", "and"),
    "any": _group("any", "或", "or"),
    "not": _not,
}


def say_limit(given: object, sight: Sight) -> Say:
    """Put a limit into words: 5个工作日, or the word of the text and how the rulebook reads it."""
    if not isinstance(given, Located):
        return Say(str(given), str(given))
    if "wording" in given:
        word = given["wording"]
        read = say_limit((sight.head.get("wording") or {}).get(word), sight)
        return Say(f"“{word}”（本规则书读作{read.zh}）", f"“{word}” (which this rulebook reads as {read.en})")
    zh, en = UNITS[given["unit"]]
    same_day = given.get("count_from") == "same_day"
    first = Say("起算日计入", "the first day counted") if same_day else Say("起算日不计", "the first day not counted")
    n = given["n"]
    return Say(f"{n}{zh}（{first.zh}）", f"{n} {en if n != 1 else en.removesuffix('s')} ({first.en})")
