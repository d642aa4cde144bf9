"""Paths and values in words, with the labels of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.vocabulary import FACTS, enums, field_types, label, subject_kind
from rulebooks.judgement import Say
from rulebooks.language.fields import full_type, types_of_kind
from rulebooks.language.parties import ACTOR, DAY, ON_BEHALF_OF
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.field_types import FieldType

ROOTS: Final = {
    "trigger": Say("所判事实", "act"),
    "case": Say("本案", "case"),
    "it": Say("其", ""),
    "around": Say("前者", "former"),
    "entry": Say("该项", "entry"),
    "party": Say("当事方", "party"),
    "who": Say("该人", "person"),
}
PLAIN: Final = {
    "occurred_at": Say("时间", "time"),
    "recorded_at": Say("入账时间", "time of recording"),
    "on_behalf_of": Say("所代表的人", "person acted for"),
    "under": Say("依据", "authority"),
    "subject": Say("案卷", "case"),
    "actor": Say("", ""),
    "person": Say("人员", "person"),
    "post": Say("岗位", "post"),
    "unit": Say("单位", "unit"),
    "roles": Say("职务", "roles"),
    "units": Say("所在单位", "units"),
    "rank": Say("职级", "rank"),
    "name": Say("名称", "name"),
    "kind": Say("种类", "kind"),
    "parent": Say("上级单位", "parent unit"),
    "heads": Say("负责人", "heads"),
    "successors": Say("承接单位", "successors"),
    "partners": Say("AB角", "AB partners"),
    "carried_by": Say("所附公文", "documents that carry it"),
    "role": Say("职务", "role"),
}
ACTED: Final = {
    "person": Say("办理人", "person acting"),
    "post": Say("办理人岗位", "post acting"),
    "unit": Say("办理单位", "unit acting"),
}
BESIDE_FIELDS: Final = {DAY: Say("日期", "day"), ACTOR: ACTED["person"], ON_BEHALF_OF: PLAIN[ON_BEHALF_OF]}


class Sight(NamedTuple):
    """What the names in a rule stand for while it is put into words: its facts, those under test, what is shared."""

    head: Located
    triggers: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    party: str = ""

    def testing(self, types: Iterable[str]) -> Sight:
        """Return the sight inside a `where` that tests facts of these types."""
        return self._replace(tested=tuple(types), around=self.tested)


class _Reached(NamedTuple):
    """Where a path has come: the facts whose fields come next, the field itself, and the words so far."""

    types: tuple[str, ...]
    field: FieldType | None
    fields: Mapping[str, FieldType] | None
    words: tuple[Say, ...]


def known_types(given: object) -> tuple[str, ...]:
    """Return the recorded names of facts that a rulebook names, unknown ones left out."""
    listed = given if isinstance(given, list) else [given]
    if isinstance(given, Located):
        return known_types(given.get("fact"))
    return tuple(name for name in (full_type(str(one)) for one in listed if one) if name in FACTS)


def say_facts(given: object) -> Say:
    """Name facts by the vocabulary: “会签提出” countersign.requested."""
    names = known_types(given)
    zh = "或".join(f"“{label(name)[0]}”" for name in names)
    return Say(zh, " or ".join(name.rpartition(".")[0] for name in names))


def say_path(text: object, sight: Sight) -> Say:
    """Put a path into words: 所判事实的涉及单位, concerned units of the act."""
    words = _reached(str(text), sight).words
    zh = "的".join(word.zh for word in words if word.zh).replace("其的", "其")
    return Say(zh, " of the ".join(word.en for word in reversed(words) if word.en) or "fact itself")


def say_field(name: str, types: tuple[str, ...]) -> Say:
    """Name a field of facts, the day on which they happened, who acted or for whom."""
    if name in BESIDE_FIELDS:
        return BESIDE_FIELDS[name]
    return _step(name, _Reached(types, None, None, ()), acted=False).words[-1]


def say_values(values: object, text: object, sight: Sight) -> Say:
    """Put values of the field to which a path leads into words, by its closed list."""
    field = _reached(str(text), sight).field
    listed = values if isinstance(values, list) else [values]
    return say_words([str(one) for one in listed], None if field is None else field.enum)


def say_words(values: Iterable[str], enum: str | None) -> Say:
    """Put values of a closed list into words."""
    choices = enums()[enum].values if enum is not None and enum in enums() else {}
    labels = [Say(*choices[one]) if one in choices else Say(one, one) for one in values]
    return Say("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))


def _reached(text: str, sight: Sight) -> _Reached:
    root, *rest = text.split(".")
    if root in {"first", "last"}:
        return _along(rest[2:], _first_last(root, rest[:2]))
    words = (ROOTS.get(root, Say(root, root)),)
    if root == "case":
        return _along(rest, _Reached(_of_case(sight.triggers), None, None, words))
    if root == "party" and sight.party:
        reached = _reached(sight.party, sight._replace(party=""))
        return _along(rest, reached._replace(words=words))
    types = {"it": sight.tested, "around": sight.around}.get(root, sight.triggers)
    return _along(rest, _Reached(types, None, None, words))


def _first_last(which: str, named: list[str]) -> _Reached:
    types = known_types(".".join(named))
    said = say_facts(list(types))
    first = which == "first"
    words = Say(f"{'首次' if first else '最近一次'}{said.zh}", f"{which} {said.en}")
    return _Reached(types, None, None, (words,))


def _of_case(types: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for kind in dict.fromkeys(map(subject_kind, types)) for name in types_of_kind(kind))


def _along(names: list[str], reached: _Reached) -> _Reached:
    acted = False
    while names:
        name, *names = names
        if name in {"first", "last"} and len(names) > 1:
            there = _first_last(name, names[:2])
            reached, names = there._replace(words=(*reached.words, *there.words)), names[2:]
            continue
        reached = _step(name, reached, acted=acted)
        acted = name == "actor"
    return reached


def _step(name: str, reached: _Reached, *, acted: bool) -> _Reached:
    field = _field(name, reached)
    said = ACTED[name] if acted and name in ACTED else PLAIN.get(name)
    if field is not None:
        said = Say(field.zh, name.replace("_", " "))
    words = (*reached.words, said or Say(name, name.replace("_", " ")))
    if name == "subject":
        return _Reached(_of_case(reached.types), None, None, words)
    if name == "carried_by":
        return _Reached(types_of_kind("document"), None, None, words)
    if field is None:
        return _Reached((), None, None, words)
    if field.ref_kinds:
        return _Reached(tuple(one for kind in field.ref_kinds for one in types_of_kind(kind)), field, None, words)
    if field.type == "unit":
        return _Reached(types_of_kind("unit"), field, None, words)
    return _Reached((), field, field.fields, words)


def _field(name: str, reached: _Reached) -> FieldType | None:
    if reached.fields is not None:
        return reached.fields.get(name)
    found = [field_types(one)[name] for one in reached.types if name in field_types(one)]
    return next((one for one in found if one.choices), found[0] if found else None)
