"""Cases written as others with a difference: `like` names a case of the same rule, `but` says what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from events.moment import Instant, Moment
from rulebooks.checks.short_facts import FACT_KEYS, type_name
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

JUDGED_BY: Final = ("until", "roster", "party")
INHERITED: Final = (*JUDGED_BY, "severity")
ENVELOPE: Final = ("on", "by", "under", "on_behalf_of", "recorded", "classification")
SHOWN: Final = 4
"""How many names are offered where one is not found."""
CHANGES: Final = ("data", "lacks", "is", *ENVELOPE)


def variants(given: Located) -> Iterator[Located]:
    """Return the cases that one with `each` stands for, one for each difference listed there; else the case itself."""
    if "each" not in given:
        yield given
        return
    listed = as_list(given["each"])
    if "like" not in given or not listed:
        raise CompileError("each 须与 like 同用，并列出差别", "`each` wants `like` beside it and differences", given)
    common = {key: value for key, value in given.items() if key != "each"}
    for number, one in enumerate(listed, start=1):
        but = [*as_list(given.get("but")), *as_list(one)]
        at = next((change for change in as_list(one) if isinstance(change, Located)), given)
        yield _located({**common, "name": f"{given['name']}（{number}）", "but": but}, at)


def written_out(given: Located, standing: Mapping[str, Sequence[Located]]) -> Located:
    """Return a case with all its facts, as if it had not been written as another one with a difference.

    `standing` holds, by name, the cases of the rule that stand before it, written out; raise CompileError for a `like`
    or a change that means nothing.
    """
    if "like" not in given:
        if "but" in given:
            raise CompileError("but 须与 like 同用", "`but` wants `like` beside it", given)
        return given
    like = _named(given, standing)
    keys = [key for key in INHERITED if key in like and (key != "severity" or given.get("expect") == like["expect"])]
    whole = {key: like[key] for key in keys} | {
        key: value for key, value in given.items() if key not in {"like", "but"}
    }
    if "but" not in given and not given.get("facts") and all(like.get(key) == whole.get(key) for key in JUDGED_BY):
        raise CompileError(
            f"与案例“{like['name']}”毫无差别：请写 but 或 facts",
            f"the same as case {like['name']!r}: write but or facts",
            given,
        )
    return _located({**whole, "facts": _facts(given, as_list(like["facts"]))}, given)


def _named(given: Located, standing: Mapping[str, Sequence[Located]]) -> Located:
    name = given["like"]
    found = standing.get(str(name), ())
    if not found:
        near = get_close_matches(str(name), standing, n=SHOWN, cutoff=0) if standing else ["—"]
        options = "、".join(near)
        raise CompileError(
            f"like：此前没有本规则的案例“{name}”，相近的有：{options}",
            f"like: no case {name!r} of this rule stands before; near it: {options}",
            given,
        )
    if len(found) > 1:
        raise CompileError(
            f"like：有 {len(found)} 个案例都叫“{name}”，请先改名",
            f"like: {len(found)} cases are called {name!r}; rename them first",
            given,
        )
    return found[0]


def _facts(given: Located, own: list[Located]) -> list[Located]:
    """Return the facts of the case it is like, changed; what was moved or added stands where it would be recorded."""
    changed: dict[int, Located | None] = {}
    for change in as_list(given.get("but")):
        if not isinstance(change, Located) or len({"fact", "without"} & change.keys()) != 1:
            raise CompileError(
                "but 的每一项须写 fact: 第几个事实，或 without: 第几个事实",
                "each entry of `but` wants `fact` or `without` with the number of a fact",
                given,
            )
        number = _number(change, len(own))
        before = changed.get(number, own[number - 1])
        if before is None:
            raise CompileError(f"第 {number} 个事实已略去", f"fact {number} is left out already", change)
        if "without" in change:
            checked_keys(change, ("without",))
            changed[number] = None
        else:
            changed[number] = _changed(before, change, number)
    kept: list[Located] = []
    set_anew: list[Located] = []
    for number, fact in enumerate(own, start=1):
        now = changed.get(number, fact)
        if now is not None:
            (kept if _recorded(now) == _recorded(fact) else set_anew).append(now)
    for fact in (*set_anew, *as_list(given.get("facts"))):
        at = _recorded(fact)
        place = next((place for place, one in enumerate(kept) if _recorded(one) > at), len(kept))
        kept.insert(place, fact)
    return kept


def _number(change: Located, most: int) -> int:
    number = change.get("fact", change.get("without"))
    if not isinstance(number, int) or not 1 <= number <= most:
        raise CompileError(
            f"没有第 {number} 个事实：所仿案例有 {most} 个，从 1 数起，不计 roster",
            f"no fact {number}: the case has {most} of its own, counted from 1 without the roster",
            change,
        )
    return number


def _changed(fact: Located, change: Located, number: int) -> Located:
    checked_keys(change, CHANGES, ("fact",))
    if not any(key in change for key in CHANGES):
        raise CompileError(f"第 {number} 个事实没有写出差别", f"nothing differs in fact {number}", change)
    new: dict[str, Any] = dict(fact)
    if "is" in change:
        new = _retyped(new, fact, change)
    data = dict(fact.get("data") or {})
    for name in as_list(change.get("lacks")):
        if name not in data:
            raise CompileError(
                f"第 {number} 个事实没有可略去的“{name}”", f"fact {number} has no {name!r} to leave out", change
            )
        del data[name]
    for name, value in (change.get("data") or {}).items():
        if name in data:
            _differs(data[name], value, name, change)
        data[name] = value
    for key in ENVELOPE:
        if key in change:
            _differs(fact.get(key), change[key], key, change)
            new[key] = change[key]
    return _located({key: value for key, value in {**new, "data": data}.items() if value is not None}, fact)


def _retyped(new: dict[str, Any], fact: Located, change: Located) -> dict[str, Any]:
    """Give a fact the type and the case of `is: {AREA.FACT: KIND/ID}`."""
    named = change["is"]
    if not isinstance(named, Located) or len(named) != 1:
        raise CompileError("is 应写作 {area.fact: kind/id}", "`is` reads {AREA.FACT: KIND/ID}", change)
    name = type_name(fact)
    _differs({name: fact[name]}, named, "is", change)
    return {**named, **{key: value for key, value in new.items() if key in FACT_KEYS}}


def _differs(before: object, now: object, name: str, change: Located) -> None:
    if before == now:
        raise CompileError(f"“{name}”本来就是 {now}", f"{name!r} is {now!r} already", change)


def _recorded(fact: Located) -> Instant:
    """Return when a fact would be recorded: as stated, else when it happened."""
    at = str(fact.get("recorded", fact.get("on", "")))
    try:
        return Moment(at).latest
    except ValueError as error:
        raise CompileError(f"应为时间：{at!r}", f"a moment is wanted, not {at!r}", fact) from error


def _located(new: dict[str, Any], at: Located) -> Located:
    located = Located(new)
    located.file, located.line = at.file, at.line
    return located
