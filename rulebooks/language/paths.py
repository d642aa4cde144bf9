"""Paths: how a rule names a value, such as `trigger.departments` or `case.matters.flags`."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, UnsetType

from events.vocabulary import FACTS, field_types
from rulebooks.language.fact_paths import TRIGGER, of_fact
from rulebooks.language.fields import attribute, defining_types, full_type, types_with_reference
from rulebooks.language.path_parts import Hops, Kind, Path, Reader, Step, case_kinds_of, chain, kind_of_field
from rulebooks.language.roster_paths import step_into_roster
from rulebooks.language.scope import CARRIED
from rulebooks.problems import CompileError

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

OWN_CASE: Final[Reader] = attrgetter("file.key")
UNDER: Final = "under"
"""What entitled an actor: named by the envelope of a fact and thus no link between cases; whoever reads it is asked
anew when any entrustment or arrangement comes."""
CARRIED_BY: Final = "carried_by"
"""The step from a matter to its documents: those that name it among their matters, or lie among its papers."""
OTHERWISE: Final = {"unit": "person", "person": "unit"}
"""An entry of a list names a person or a unit: where it names one, the other is none rather than unknown."""


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
    if root in {"trigger", "it", "around"}:
        return _root_fact(root, rest, scope, text)
    if root in {"first", "last"}:
        return _first_last(attrgetter("file.key"), root, rest, scope, (), text)
    if root == "case":
        return OWN_CASE, Kind(f"ref:{scope.subject_kind}", name="case"), ()
    if root == "party":
        return attrgetter("party"), *_known(root, scope.party, text, "per"), scope.party_hops
    if root == "entry":
        return attrgetter("entry"), *_known(root, scope.entry, text, "some"), scope.entry_hops
    if root == "who":
        return attrgetter("who"), Kind("person"), None
    known = "trigger, case, party, it, around, entry, who, first, last"
    raise CompileError(f"{text}：路径须以 {known} 之一开头", f"{text}: a path begins with one of {known}")


def _root_fact(root: str, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    if root == "trigger":
        return of_fact(TRIGGER, scope.trigger_types, rest, (), text)
    inner = root == "it"
    types, hops = (scope.it_types, scope.it_hops) if inner else (scope.around_types, scope.around_hops)
    if not types:
        where = "where" if inner else "where 之内的 where"
        deep = "outside `where`" if inner else "but in a `where` inside another"
        raise CompileError(f"{text}：{root} 只在 {where} 里有", f"{text}: there is no `{root}` {deep}")
    return of_fact(attrgetter("it" if inner else "outer"), types, rest, hops, text)


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

    return of_fact(read, (name,), rest, hops, text)


def _step(read: Reader, kind: Kind, hops: Hops, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    if kind.base == "struct":
        name = rest.pop(0)
        fields = kind.fields or {}
        if name not in fields:
            options = "、".join(sorted(fields))
            raise CompileError(f"{text}：没有“{name}”，可用：{options}", f"{text}: no {name!r}; use one of: {options}")
        found = kind_of_field(fields[name])
        step = _attribute_step(attribute(name), text)
        return chain(read, kind, step), found._replace(many=kind.many or found.many), hops
    if kind.base.startswith("ref:"):
        return _step_into_case(read, kind, hops, rest, scope, text)
    if kind.base in {"person", "unit", "post"}:
        return step_into_roster(read, kind, rest, scope, text)
    raise CompileError(f"{text}：{kind.base} 之后不能再写", f"{text}: nothing can follow a {kind.base}")


def _step_into_case(
    read: Reader, kind: Kind, hops: Hops, rest: list[str], scope: Scope, text: str
) -> tuple[Reader, Kind, Hops]:
    kinds = case_kinds_of(kind)
    if kind.name != "case":
        field = scope.last_reference(text, rest)
        if field == UNDER:
            scope.reads_mandates()
            scope.reads_roster()
        hops = None if hops is None or field == UNDER else (*hops, ("out", None, field))
    name = rest[0]
    if name == CARRIED_BY and "matter" in kinds:
        rest.pop(0)
        return _documents_of(read, kind, hops, scope)
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
    kinds_found = {kind_of_field(field_types(types[0])[name]).base for _, types in having}
    found = kind_of_field(field_types(having[0][1][0])[name])
    if len(kinds_found) > 1 and all(base.startswith("enum:") for base in kinds_found):
        found = found._replace(base="string")
    reader = _own_field(name) if read is OWN_CASE else chain(read, kind, _case_field_step(name))
    return reader, found._replace(many=kind.many or found.many), hops


def _documents_of(read: Reader, kind: Kind, hops: Hops, scope: Scope) -> tuple[Reader, Kind, Hops]:
    scope.reads(types_with_reference("matter", "documents"), hops)
    hops = None if hops is None else (*hops, CARRIED)
    scope.reads(types_with_reference("document", "matters"), hops)

    def step(frame: Frame, key: Any) -> tuple[str, ...]:  # noqa: ANN401  # a value of the vocabulary
        files = frame.world.files
        naming, among_papers = files.referring(key, "document", "matters"), files.referred(key, "documents")
        return tuple(sorted({*naming, *among_papers}) if among_papers else naming)

    return chain(read, kind, step), Kind("ref:document", many=True, name="case"), hops


def _case_field_step(name: str) -> Step:
    def step(frame: Frame, key: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        file = frame.file if key == frame.file.key else frame.world.files.file(key)
        value, fact = file.fields_read.get(name) or file.field(name)
        if fact is None:
            frame.missing.append(f"{key}: {name}")
        else:
            frame.used.append(fact)
        return value

    return step


def _own_field(name: str) -> Reader:
    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        file = frame.file
        value, fact = file.fields_read.get(name) or file.field(name)
        if fact is None:
            frame.missing.append(f"{file.key}: {name}")
        else:
            frame.used.append(fact)
        return value

    return read


def _attribute_step(python_name: str, text: str) -> Step:
    def step(frame: Frame, value: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = getattr(value, python_name)
        if found is UNSET:
            if isinstance(getattr(value, OTHERWISE.get(python_name, ""), None), str):
                return None
            frame.missing.append(text)
        return found

    return step
