"""Paths: how a rule names a value, such as `trigger.departments` or `case.matters.flags`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import UNSET, UnsetType

from events.cases import CASE_KINDS
from events.field_types import FieldType
from events.vocabulary import FACTS, field_types, subject_kind
from rulebooks.fields import attribute, defining_types, full_type, types_with_reference
from rulebooks.problems import CompileError

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.frame import Frame
    from rulebooks.scope import Scope

Reader = Callable[["Frame"], Any]
FactReader = Callable[["Frame"], "AnyFact | UnsetType | None"]
"""Gives a fact; None when there is none, UNSET when it is not known which, or whether, there is."""
Step = Callable[["Frame", Any], Any]
Hops = tuple[tuple[str, str | None, str | None], ...] | None
"""The links from the rule's subject to a case: ("out" | "in", case kind, field); None when no fact can lead back."""


class Kind(NamedTuple):
    """What a path leads to: a vocabulary type (`ref:...`, `person`, `struct` ...), and whether there are several."""

    base: str
    many: bool = False
    fields: dict[str, FieldType] | None = None
    name: str = ""


class Path(NamedTuple):
    """A compiled path: `read` gives the value, UNSET when it is not known, None when it is known to be none."""

    text: str
    read: Reader
    kind: Kind
    hops: Hops = ()


ENVELOPE: Final[dict[str, Kind]] = {
    "occurred_at": Kind("moment"),
    "recorded_at": Kind("datetime"),
    "on_behalf_of": Kind("person"),
    "under": Kind("ref:entrustment|ab_arrangement"),
    "subject": Kind("case"),
    "id": Kind("uuid"),
    "origin": Kind("enum:origin"),
}
OTHERWISE: Final = {"unit": "person", "person": "unit"}
"""An entry of a list names a person or a unit: where it names one, the other is none rather than unknown."""
ACTOR: Final[dict[str, Kind]] = {"person": Kind("person"), "post": Kind("post"), "unit": Kind("unit")}


def case_kinds_of(kind: Kind) -> tuple[str, ...]:
    """Return the case kinds that a reference may lead to."""
    if not kind.base.startswith("ref:"):
        return ()
    named = kind.base[4:].split("|")
    return tuple(CASE_KINDS) if named == ["any"] else tuple(named)


def _kind_of_field(field: FieldType) -> Kind:
    if field.fields:
        return Kind("struct", field.is_list, dict(field.fields))
    return Kind(field.type, field.is_list)


def compile_path(text: object, scope: Scope) -> Path:
    """Compile a path; raise CompileError for a name that the vocabulary does not have."""
    if not isinstance(text, str) or not text:
        raise CompileError(f"路径应为文字：{text!r}", f"a path is text, not {text!r}")
    root, *rest = text.split(".")
    read, kind, hops = _root(root, rest, scope, text)
    while rest:
        read, kind, hops = _step(read, kind, hops, rest, scope, text)
    return Path(text, read, kind, hops)


def _root(root: str, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    if root in {"trigger", "it"}:
        return _root_fact(root, rest, scope, text)
    if root in {"first", "last"}:
        return _first_last(lambda frame: frame.file.key, root, rest, scope, (), text)
    if root == "case":
        return lambda frame: frame.file.key, Kind(f"ref:{scope.subject_kind}", name="case"), ()
    if root == "party":
        return lambda frame: frame.party, *_known(root, scope.party, text, "per"), scope.party_hops
    if root == "entry":
        return lambda frame: frame.entry, *_known(root, scope.entry, text, "some"), scope.entry_hops
    if root == "who":
        return lambda frame: frame.who, Kind("person"), None
    known = "trigger, case, party, it, entry, who, first, last"
    raise CompileError(f"{text}：路径须以 {known} 之一开头", f"{text}: a path begins with one of {known}")


def _root_fact(root: str, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    if root == "trigger":
        return _of_fact(lambda frame: frame.trigger, scope.trigger_types, rest, (), text)
    if not scope.it_types:
        raise CompileError(f"{text}：这里没有 it", f"{text}: there is no `it` outside `where`")
    return _of_fact(lambda frame: frame.it, scope.it_types, rest, scope.it_hops, text)


def _known(root: str, kind: Kind | None, text: str, needs: str) -> tuple[Kind]:
    """Return the kind of what a root stands for; refuse it where nothing gives it."""
    if kind is None:
        raise CompileError(f"{text}：没有 {needs}，就没有 {root}", f"{text}: there is no `{root}` without `{needs}`")
    return (kind,)


def _first_last(
    key: Reader, which: str, rest: list[str], scope: Scope, hops: Hops, text: str
) -> tuple[Reader, Kind, Hops]:
    if len(rest) < 2:  # noqa: PLR2004  # area and name of a fact
        raise CompileError(f"{text}：{which} 后须写事实名", f"{text}: {which} wants AREA.FACT after it")
    name = full_type(f"{rest.pop(0)}.{rest.pop(0)}")
    if name not in FACTS:
        raise CompileError(f"{text}：词汇表没有事实 {name}", f"{text}: the vocabulary has no fact {name}")
    index = 0 if which == "first" else -1
    scope.reads((name,), hops)

    def read(frame: Frame) -> AnyFact | UnsetType | None:
        target = key(frame)
        if not isinstance(target, str):
            return UNSET if target is UNSET else None
        facts = (frame.file if target == frame.file.key else frame.world.files.file(target)).of_type(name)
        if facts:
            return facts[index]
        if frame.partial:
            frame.missing.append(f"{target}: {name}")
            return UNSET
        return None

    return _of_fact(read, (name,), rest, hops, text)


def _of_fact(
    fact: FactReader,
    types: tuple[str, ...],
    rest: list[str],
    hops: Hops,
    text: str,
) -> tuple[Reader, Kind, Hops]:
    """Compile the first segment after a fact: an envelope field or a field of its data."""
    if not rest:
        return fact, Kind("fact"), hops
    name = rest.pop(0)
    if name == "actor":
        return _of_actor(fact, rest, hops, text)
    if name in ENVELOPE:
        kind = ENVELOPE[name]
        if name == "subject":
            kinds = "|".join(sorted({subject_kind(one) for one in types}))
            return _envelope_subject(fact), Kind(f"ref:{kinds}", name="case"), hops
        return _envelope(fact, name), kind, hops
    having = [one for one in types if name in field_types(one)]
    if not having:
        options = "、".join(sorted({field for one in types for field in field_types(one)} | set(ENVELOPE) | {"actor"}))
        raise CompileError(
            f"{text}：没有字段“{name}”，可用：{options}", f"{text}: no field {name!r}; use one of: {options}"
        )
    return _data_field(fact, attribute(name), types, name), _kind_of_field(field_types(having[0])[name]), hops


def _of_actor(fact: FactReader, rest: list[str], hops: Hops, text: str) -> tuple[Reader, Kind, Hops]:
    part = rest.pop(0) if rest else ""
    if part not in ACTOR:
        raise CompileError(
            f"{text}：actor 后须写 person、post 或 unit", f"{text}: actor wants person, post or unit after it"
        )

    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or isinstance(found, UnsetType):
            return found
        frame.used.append(found)
        value = getattr(found.actor, part)
        if value is UNSET:
            frame.missing.append(f"{_place(found)}: actor.{part}")
        return value

    return read, ACTOR[part], hops


def _place(fact: AnyFact) -> str:
    return f"{fact.subject.kind}/{fact.subject.id} {fact.type}"


def _envelope(fact: FactReader, name: str) -> Reader:
    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or isinstance(found, UnsetType):
            return found
        value = getattr(found, name)
        return None if value is UNSET else value

    return read


def _envelope_subject(fact: FactReader) -> Reader:
    def read(frame: Frame) -> str | UnsetType | None:
        found = fact(frame)
        if found is None or isinstance(found, UnsetType):
            return found
        return f"{found.subject.kind}/{found.subject.id}"

    return read


def _data_field(fact: FactReader, python_name: str, types: tuple[str, ...], name: str) -> Reader:
    everywhere = all(name in field_types(one) for one in types)

    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or isinstance(found, UnsetType):
            return found
        value = getattr(found.data, python_name) if everywhere else getattr(found.data, python_name, None)
        if value is UNSET:
            frame.missing.append(f"{_place(found)}: {name}")
        return value

    return read


def _step(read: Reader, kind: Kind, hops: Hops, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    if kind.base == "struct":
        name = rest.pop(0)
        fields = kind.fields or {}
        if name not in fields:
            options = "、".join(sorted(fields))
            raise CompileError(f"{text}：没有“{name}”，可用：{options}", f"{text}: no {name!r}; use one of: {options}")
        found = _kind_of_field(fields[name])
        step = _attribute_step(attribute(name), text)
        return _chain(read, kind, step), found._replace(many=kind.many or found.many), hops
    if kind.base.startswith("ref:"):
        return _step_into_case(read, kind, hops, rest, scope, text)
    if kind.base in {"person", "unit", "post"}:
        return _step_into_roster(read, kind, rest, scope, text)
    raise CompileError(f"{text}：{kind.base} 之后不能再写", f"{text}: nothing can follow a {kind.base}")


def _step_into_case(
    read: Reader, kind: Kind, hops: Hops, rest: list[str], scope: Scope, text: str
) -> tuple[Reader, Kind, Hops]:
    kinds = case_kinds_of(kind)
    if kind.name != "case":
        field = scope.last_reference(text, rest)
        if hops is not None:
            if len(hops) == 0:
                scope.reads(types_with_reference(scope.subject_kind, field), ())
            hops = (*hops, ("out", None, field))
    name = rest[0]
    if name in {"first", "last"}:
        which = rest.pop(0)
        if kind.many:
            raise CompileError(f"{text}：{which} 前只能有一个案卷", f"{text}: {which} wants one case before it")
        return _first_last(read, which, rest, scope, hops, text)
    rest.pop(0)
    having = [(one, types) for one in kinds if (types := defining_types(one, name))]
    if not having:
        shown = "、".join(kinds[:6])
        raise CompileError(
            f"{text}：案卷 {shown} 没有字段“{name}”", f"{text}: cases of kind {shown} have no field {name!r}"
        )
    for _, types in having:
        scope.reads(types, hops)
    kinds_found = {_kind_of_field(field_types(types[0])[name]).base for _, types in having}
    found = _kind_of_field(field_types(having[0][1][0])[name])
    if len(kinds_found) > 1 and all(base.startswith("enum:") for base in kinds_found):
        found = found._replace(base="string")
    step = _case_field_step(name)
    return _chain(read, kind, step), found._replace(many=kind.many or found.many), hops


def _case_field_step(name: str) -> Step:
    def step(frame: Frame, key: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        file = frame.file if key == frame.file.key else frame.world.files.file(key)
        value, fact = file.field(name)
        if fact is None:
            frame.missing.append(f"{key}: {name}")
        else:
            frame.used.append(fact)
        return value

    return step


def _attribute_step(python_name: str, text: str) -> Step:
    def step(frame: Frame, value: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = getattr(value, python_name)
        if found is UNSET:
            if isinstance(getattr(value, OTHERWISE.get(python_name, ""), None), str):
                return None
            frame.missing.append(text)
        return found

    return step


_ROSTER_STEPS: Final[dict[str, dict[str, Kind]]] = {
    "person": {"roles": Kind("enum:role", many=True), "units": Kind("unit", many=True)},
    "unit": {
        "kind": Kind("enum:unit_kind"),
        "parent": Kind("unit"),
        "fields": Kind("string", many=True),
        "first_level_budget": Kind("bool"),
        "heads": Kind("person", many=True),
    },
    "post": {"role": Kind("enum:role"), "unit": Kind("unit")},
}
HEADS_OF_UNITS: Final = ("unit_head", "town_head", "office_director")


def _step_into_roster(read: Reader, kind: Kind, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    name = rest.pop(0)
    options = _ROSTER_STEPS[kind.base]
    if name not in options:
        shown = "、".join(options)
        raise CompileError(
            f"{text}：{kind.base} 没有“{name}”，可用：{shown}",
            f"{text}: a {kind.base} has no {name!r}; use one of: {shown}",
        )
    scope.reads_roster()
    step = {"person": _person_step, "unit": _unit_step, "post": _post_step}[kind.base](name)
    found = options[name]
    return _chain(read, kind, step), found._replace(many=kind.many or found.many), None


def _person_step(name: str) -> Step:
    def step(frame: Frame, person: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        roster = frame.world.roster
        if not roster.known(person):
            frame.missing.append(f"person/{person}: {name}")
            return UNSET
        holdings = roster.posts_of(person, frame.at.latest)
        frame.used.extend(one.fact for one in holdings)
        return tuple(dict.fromkeys(one.role if name == "roles" else one.unit for one in holdings))

    return step


def _unit_step(name: str) -> Step:
    def step(frame: Frame, unit: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        roster = frame.world.roster
        if name == "heads":
            found = [one for role in HEADS_OF_UNITS for one in roster.holders(role, frame.at.latest, unit)]
            return tuple(one.person for one in found)
        established = roster.unit(unit)
        value = UNSET if established is None else getattr(established, name)
        if value is UNSET:
            frame.missing.append(f"unit/{unit}: {name}")
        return value

    return step


def _post_step(name: str) -> Step:
    def step(frame: Frame, post: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        established = frame.world.roster.post(post)
        if established is None:
            frame.missing.append(f"post/{post}: {name}")
            return UNSET
        return getattr(established, name)

    return step


def _chain(read: Reader, kind: Kind, step: Step) -> Reader:
    """Go on from a value, or from each of several; what is unknown or none stays so."""
    if not kind.many:

        def one(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
            value = read(frame)
            return value if value is UNSET or value is None else step(frame, value)

        return one

    def several(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        values = read(frame)
        if values is UNSET or values is None:
            return values
        found: list[Any] = []
        for value in values:
            got = value if value is UNSET or value is None else step(frame, value)
            if isinstance(got, list | tuple):
                found.extend(got)
            elif got is not None:
                found.append(got)
        return tuple(found)

    return several
