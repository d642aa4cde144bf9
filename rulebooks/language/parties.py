"""Triggers and parties: on which facts a rule looks, and at each of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import UNSET

from events.vocabulary import field_types
from rulebooks.language.comparisons import several
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import compile_matcher, fact_types
from rulebooks.language.fields import attribute
from rulebooks.language.frame import Frame
from rulebooks.language.path_parts import Kind
from rulebooks.language.paths import compile_path
from rulebooks.language.persons import members, named_body
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.casefile import order_of
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World


class Party(NamedTuple):
    """One of those at whom a rule looks: the value, and how an alert names it (party or period)."""

    value: Any
    party: str | None
    period: str | None = None


NOBODY: Final = Party(None, None)
UNKNOWN: Final = Party(UNSET, None)
"""One or several of whom it is not recorded who they are, or whether they are meant."""
PICKS = ("each", "first", "last", "preferred")
PICKED: Final = ("pick", "of_each")
_AMONG: Final = "where"
DAY: Final = "day"
ACTOR: Final = "actor"
ON_BEHALF_OF: Final = "on_behalf_of"
BESIDE_FIELDS: Final = (DAY, ACTOR, ON_BEHALF_OF)
"""Beside the fields of a fact, the day on which it happened, who did it and for whom tell it from others."""
NAMING = ("person", "unit", "department", "question", "entry")
"""The fields that tell one entry of a list from another, in this order."""
Parties = Callable[[Frame], Iterable[Party]]


class Pick(NamedTuple):
    """Which facts of a case open a rule: each, or one; with `of_each` one for each value of these fields.

    One is picked among those of which `among` is not known to be untrue, where it is given.
    """

    which: str = "each"
    of_each: tuple[str, ...] = ()
    among: Test | None = None

    @property
    def each(self) -> bool:
        """Whether no fact of the case keeps another from opening the rule."""
        return self.which == "each"

    @property
    def some_alone(self) -> bool:
        """Whether a fact may open the rule whatever else is in its case."""
        return self.each or (bool(self.of_each) and self.among is None)


def compile_triggers(given: object, scope_of: Callable[[tuple[str, ...]], Scope]) -> tuple[Scope, Pick]:
    """Read `on:`/`opens:`, a fact, a list of facts, or `{fact, pick, of_each, where}` with one of `PICKS`."""
    if not isinstance(given, Located):
        return scope_of(fact_types(given)), Pick()
    checked_keys(given, (*PICKED, _AMONG), ("fact",))
    types, pick = compile_pick(given)
    scope = scope_of(types)
    if _AMONG not in given:
        return scope, pick
    if pick.which not in {"first", "last"}:
        raise CompileError("where 须与 pick: first 或 last 同写", "`where` wants pick: first or last", given)
    return scope, pick._replace(among=compile_all(given[_AMONG], scope))


def compile_pick(given: Located) -> tuple[tuple[str, ...], Pick]:
    """Read `fact`, and of `PICKED` what stands beside it."""
    types, which = fact_types(given["fact"], given), given.get("pick", "each")
    if which not in PICKS:
        options = "、".join(PICKS)
        raise CompileError(f"pick 可用：{options}", f"pick is one of: {options}", given)
    of_each = tuple(map(str, as_list(given.get("of_each"))))
    if of_each and which not in {"first", "last"}:
        raise CompileError("of_each 须与 pick: first 或 last 同写", "`of_each` wants pick: first or last", given)
    for name in of_each:
        if name not in BESIDE_FIELDS and not any(_tells_apart(one, name) for one in types):
            raise CompileError(f"of_each 不能用“{name}”", f"`of_each` cannot use {name!r}", given)
    return types, Pick(which, of_each)


def among_which(given: object) -> list[object]:
    """Return the conditions of the acts among which one is picked, which are conditions of the rule too."""
    return as_list(given.get(_AMONG)) if isinstance(given, Located) else []


def _tells_apart(type_name: str, field: str) -> bool:
    found = field_types(type_name).get(field)
    return found is not None and not found.type.startswith(("list:", "object"))


def picked(world: World, file: CaseFile, types: tuple[str, ...], pick: Pick) -> Sequence[AnyFact]:
    """Return the facts of a case that open a rule (`preferred`: the last of the first type that is on record)."""
    if pick.which == "preferred":
        types = next(((one,) for one in types if file.of_types((one,))), types)
    facts = file.of_types(types)
    if pick.among is not None:
        facts = [one for one in facts if pick.among(Frame(world, file, one, one.occurred_at)) is not False]
    if pick.each or not facts:
        return facts
    if not pick.of_each:
        return (facts[0],) if pick.which == "first" else (facts[-1],)
    chosen: dict[tuple[object, ...], AnyFact] = {}
    for fact in facts if pick.which == "last" else reversed(facts):
        chosen[_told_apart(fact, pick.of_each)] = fact
    return sorted(chosen.values(), key=order_of)


def alone_among(file: CaseFile, types: tuple[str, ...], pick: Pick, fact: AnyFact) -> bool:
    """Tell whether a fact opens a rule whatever else is in its case, which it keeps from opening nothing."""
    if pick.each:
        return True
    if not pick.of_each:
        return False
    mine = _told_apart(fact, pick.of_each)
    return all(one.id == fact.id or _told_apart(one, pick.of_each) != mine for one in file.of_types(types))


def _told_apart(fact: AnyFact, fields: tuple[str, ...]) -> tuple[object, ...]:
    """Return what tells a fact from others of its type; of two without a field it tells nothing."""
    return tuple(_tells(fact, one) for one in fields)


def _tells(fact: AnyFact, name: str) -> object:
    if name == DAY:
        return fact.occurred_at.day
    if name == ACTOR:
        return fact.actor.person or fact.actor.unit or fact.actor.post
    if name == ON_BEHALF_OF:
        return fact.on_behalf_of
    return getattr(fact.data, attribute(name), UNSET)


def party_of(value: Any) -> Party:  # noqa: ANN401  # a value of the vocabulary
    """Name one party: an agenda entry by its item, another entry by whom or what it names, anything else by itself."""
    if isinstance(value, str):
        return Party(value, value)
    item = getattr(value, "item", None)
    if item is not None:
        return Party(value, None, f"item {item}")
    for name in NAMING:
        named = getattr(value, name, None)
        if isinstance(named, str):
            return Party(value, named)
    return Party(value, str(value))


def compile_parties(given: object, scope: Scope) -> tuple[Parties, Scope]:
    """Compile `per:`, a path, `{members: BODY}` or `{fact, ..., value: PATH}`; return the scope that knows `party`."""
    if isinstance(given, Located) and "members" in given:
        checked_keys(given, (), ("members",))
        body = named_body(given["members"], scope, given)
        return _members(body), scope.per(Kind("person"), None, None)
    if isinstance(given, Located):
        return _values_of_facts(given, scope)
    path = compile_path(given, scope)

    def parties(frame: Frame) -> Iterable[Party]:
        values = several(path.read(frame))
        known = [party_of(one) for one in values if one is not UNSET and one is not None]
        return [*known, UNKNOWN] if UNSET in values else known

    return parties, scope.per(path.kind._replace(many=False), path.hops, path.text.rpartition(".")[2])


def _members(body: Any) -> Parties:  # noqa: ANN401  # a Body; named so to keep the import type-only
    return lambda frame: [Party(person, person) for person in members(frame, body)]


def _values_of_facts(given: Located, scope: Scope) -> tuple[Parties, Scope]:
    if "value" not in given:
        raise CompileError("per 的事实须写 value", "`per` over facts wants a value", given)
    search = Located({key: value for key, value in given.items() if key != "value"})
    search.file, search.line = given.file, given.line
    matcher = compile_matcher(search, scope, compile_all)
    path, *others = [compile_path(given["value"], scope.testing(matcher.types, hops)) for hops in matcher.hops]

    def parties(frame: Frame) -> Iterable[Party]:
        found: dict[str, Party] = {}
        perhaps: set[str] = set()
        for fact, truth in matcher.find(frame):
            before, frame.it = frame.it, fact
            value = path.read(frame)
            frame.it = before
            for one in several(value):
                if truth is None or one is UNSET:
                    perhaps.add(str(one))
                else:
                    found.setdefault(str(one), party_of(one))
        return [*found.values(), UNKNOWN] if perhaps - found.keys() else list(found.values())

    also = tuple(other.hops for other in others)
    return parties, scope.per(path.kind._replace(many=False), path.hops, path.text.rpartition(".")[2], also)
