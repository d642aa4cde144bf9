"""order: who speaks before whom (发言次序)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.moment import Moment
from events.vocabulary import enums
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.asides import read_of
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.truth import Truth
    from rulebooks.rule import Rule


class Entry(NamedTuple):
    """One who spoke: the place taken (a number or a moment), who, and the group of the person, if of any.

    `known` says whether the person's post is on record, `sure` whether it is certain that the entry belongs here.
    """

    place: int | Moment | None
    person: str
    group: int | None
    known: bool
    sure: bool
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
        zh, en = "、".join(label[0] for label in labels), ", ".join(label[1] for label in labels)
        names.append(Say(one.get("zh") or zh, one.get("en") or en))
    return tuple(roles), tuple(names)


def _answer(order: Compiled, frame: Frame) -> Answer:
    entries = [_entry(order, frame, fact, sure=truth is True) for fact, truth in order.entries.find(frame)]
    frame.used.extend(one.fact for one in entries)
    if not entries:
        frame.missing.append(f"{frame.file.key}: {'、'.join(order.entries.types)}")
        return Answer(None, (Say("发言次序没有记录", "in what order people spoke is not recorded"),))
    open_pair: tuple[Entry, Entry] | None = None
    for earlier, later in _pairs(entries):
        before = _before(later, earlier)
        if before is True and earlier.sure and later.sure:
            return Answer(truth=False, reason=(_described(order, later, earlier),))
        if before is not False:
            open_pair = open_pair or (earlier, later)
    return _unless_unknown(order, frame, entries, open_pair)


def _unless_unknown(
    order: Compiled, frame: Frame, entries: list[Entry], open_pair: tuple[Entry, Entry] | None
) -> Answer:
    """Say what keeps an order open in which nobody surely spoke too early; if nothing does, it was kept."""
    unknown = [one for one in entries if not one.known]
    if unknown and len(entries) > 1:
        frame.missing.extend(f"{frame.file.key} {one.fact.type}: post ({one.person})" for one in unknown)
        return Answer(None, (Say("有发言人职务没有记录", "the post of a speaker is not recorded"),))
    if open_pair is None and any(one.sure for one in entries):
        return Answer(truth=True)
    if open_pair is None or not all(one.sure for one in open_pair):
        return Answer(None, (Say("发言所属议题无法判定", "to which item a statement belongs cannot be told"),))
    frame.missing.extend(f"{frame.file.key} {one.fact.type}: {order.by.text} ({one.person})" for one in open_pair)
    persons = " ".join(one.person for one in open_pair)
    return Answer(None, (Say(f"{persons} 的先后无法判定", f"who of {persons} spoke first cannot be told"),))


def _pairs(entries: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Return each entry of an earlier group with each of a later one."""
    grouped = [one for one in entries if one.group is not None]
    return [(one, other) for one in grouped for other in grouped if (one.group or 0) < (other.group or 0)]


def _before(one: Entry, other: Entry) -> Truth:
    """Tell whether one spoke before another; not known for one number given twice, or two days without hours."""
    if isinstance(one.place, int) and isinstance(other.place, int):
        return None if one.place == other.place else one.place < other.place
    if isinstance(one.place, Moment) and isinstance(other.place, Moment):
        return None if one.place == other.place else one.place.before(other.place)
    return None


def _entry(order: Compiled, frame: Frame, fact: AnyFact, *, sure: bool) -> Entry:
    given = next(iter(read_of(frame, fact, order.by)), None)
    place = given if isinstance(given, int | Moment) else None
    person = str(next(iter(read_of(frame, fact, order.person)), ""))
    post = None if order.post is None else next(iter(read_of(frame, fact, order.post)), None)
    held = _roles(frame, fact, person, post)
    if held is None:
        return Entry(place, person, None, known=False, sure=sure, fact=fact)
    groups = [number for number, roles in enumerate(order.roles) if roles & held]
    return Entry(place, person, max(groups, default=None), known=True, sure=sure, fact=fact)


def _roles(frame: Frame, fact: AnyFact, person: str, post: object) -> set[str] | None:
    roster = frame.world.roster
    if isinstance(post, str):
        established = roster.post(post)
        return None if established is None else {established.role}
    if not roster.known(person):
        return None
    return {one.role for one in roster.posts_of(person, fact.occurred_at.latest)}


def _described(order: Compiled, first: Entry, second: Entry) -> Say:
    one, other = order.names[first.group or 0], order.names[second.group or 0]
    zh = f"{one.zh} {first.person}（{first.place}）先于 {other.zh} {second.person}（{second.place}）发言"
    en = f"{one.en} {first.person} ({first.place}) spoke before {other.en} {second.person} ({second.place})"
    return Say(zh, en)
