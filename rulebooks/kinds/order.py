"""order: who speaks before whom (发言次序)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import UNSET

from events.vocabulary import enums
from rulebooks.asides import read_of
from rulebooks.conditions import compile_all
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.evidence import Matcher, compile_matcher
from rulebooks.judgement import Say
from rulebooks.paths import Path, compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.frame import Frame
    from rulebooks.rule import Rule
    from rulebooks.truth import Truth


class Entry(NamedTuple):
    """One who spoke: the place taken, who, and the groups that the person may belong to (None: not known)."""

    place: int
    person: str
    group: int | None
    known: bool
    fact: AnyFact


class Compiled(NamedTuple):
    """A compiled order: where the entries are, how they are read, and the groups from first to last."""

    entries: Matcher
    by: Path
    person: Path
    post: Path | None
    roles: tuple[frozenset[str], ...]
    names: tuple[Say, ...]


def compile_rule(context: Context) -> Rule:
    """Compile an order: no entry of a later group before one of an earlier group; who is in no group is passed over."""
    context.check((*CONSTRAINT_KEYS, "post"), ("on", "entries", "by", "person", "groups"))
    act = compile_act(context, settle="now")
    given = context.get("entries")
    if not isinstance(given, Located):
        raise CompileError("entries 须写 fact", "entries wants {fact: ...}", context.given)
    matcher = compile_matcher(given, act.scope, compile_all)
    inner = act.scope.testing(matcher.types, ())
    act.scope.reads_roster()
    roles, names = _groups(context)
    order = Compiled(
        matcher,
        compile_path(context.get("by"), inner),
        compile_path(context.get("person"), inner),
        compile_path(context.get("post"), inner) if context.get("post") else None,
        roles,
        names,
    )
    return constraint(context, act, lambda frame: _answer(order, frame))


def _groups(context: Context) -> tuple[tuple[frozenset[str], ...], tuple[Say, ...]]:
    roles: list[frozenset[str]] = []
    names: list[Say] = []
    for one in as_list(context.get("groups")):
        if not isinstance(one, Located):
            raise CompileError("groups 的每一组须写 holds", "each of groups wants holds", context.given)
        checked_keys(one, ("zh", "en"), ("holds",))
        held = [str(role) for role in as_list(one["holds"])]
        known = enums()["role"].values
        unknown = [role for role in held if role not in known]
        if unknown:
            options = "、".join(known)
            raise CompileError(f"没有角色 {unknown}，可用：{options}", f"no role {unknown}; use one of: {options}", one)
        roles.append(frozenset(held))
        labels = [known[role] for role in held]
        names.append(Say(one.get("zh") or "、".join(x[0] for x in labels), one.get("en") or ", ".join(x[1] for x in labels)))
    return tuple(roles), tuple(names)


def _answer(order: Compiled, frame: Frame) -> Answer:
    entries: list[Entry] = []
    for fact, belongs in order.entries.find(frame):
        if belongs is None:
            return Answer(None, (Say("发言所属议题无法判定", "to which item a statement belongs cannot be told"),))
        entries.append(_entry(order, frame, fact))
    entries.sort(key=lambda one: one.place)
    frame.used.extend(one.fact for one in entries)
    wrong = [pair for pair in _pairs(entries) if pair[0].known and pair[1].known]
    if wrong:
        first, second = wrong[0]
        return Answer(False, (_described(order, first, second),))
    unknown = [one for one in entries if not one.known]
    frame.missing.extend(f"{frame.file.key} {one.fact.type}: post ({one.person})" for one in unknown)
    truth: Truth = None if unknown and len(entries) > 1 else True
    return Answer(truth, (Say("有发言人职务没有记录", "the post of a speaker is not recorded"),) if truth is None else ())


def _pairs(entries: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Return each entry of a later group with one of an earlier group that came after it."""
    return [
        (earlier, later)
        for number, earlier in enumerate(entries)
        for later in entries[number + 1 :]
        if earlier.group is not None and later.group is not None and earlier.group > later.group
    ]


def _entry(order: Compiled, frame: Frame, fact: AnyFact) -> Entry:
    given = next(iter(read_of(frame, fact, order.by)), 0)
    place = given if isinstance(given, int) else 0
    person = str(next(iter(read_of(frame, fact, order.person)), ""))
    post = None if order.post is None else next(iter(read_of(frame, fact, order.post)), None)
    held = _roles(frame, fact, person, post)
    if held is None:
        return Entry(place, person, None, known=False, fact=fact)
    groups = [number for number, roles in enumerate(order.roles) if roles & held]
    return Entry(place, person, max(groups, default=None), known=True, fact=fact)


def _roles(frame: Frame, fact: AnyFact, person: str, post: Any) -> set[str] | None:  # noqa: ANN401  # UNSET or a post
    roster = frame.world.roster
    if isinstance(post, str) and post is not UNSET:
        established = roster.post(post)
        return None if established is None else {established.role}
    if not roster.known(person):
        return None
    return {one.role for one in roster.posts_of(person, fact.occurred_at.latest)}


def _described(order: Compiled, first: Entry, second: Entry) -> Say:
    one, other = order.names[first.group or 0], order.names[second.group or 0]
    zh = f"{one.zh} {first.person} 第 {first.place} 个发言，先于 {other.zh} {second.person}（第 {second.place} 个）"
    en = f"{first.person} ({one.en}) spoke at place {first.place}, before {second.person} ({other.en}) at place {second.place}"
    return Say(zh, en)
