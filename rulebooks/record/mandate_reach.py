"""How far an entrustment (委托) reaches: the meeting, matters, seal, fields of work and kinds of documents it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from rulebooks.language.comparisons import several
from rulebooks.language.fields import defining_types
from rulebooks.language.path_parts import Kind, Path, case_kinds_of
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import Truth, conjunction, disjunction
from rulebooks.problems import as_list

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope
    from rulebooks.record.mandates import Mandate


class Object(NamedTuple):
    """What is acted on, and where that may be a paper the matters that the paper names."""

    path: Path
    matters: Path | None

    def lies_within(self, named: frozenset[str], frame: Frame) -> Truth:
        """Tell whether it is among the cases that a mandate names, or a paper of matters among these."""
        value = self.path.read(frame)
        itself = _within(_of_kinds(named, self.path), value)
        if itself is True or self.matters is None or not any(_is_paper(one) for one in several(value)):
            return itself
        return disjunction((itself, _within(_of_kinds(named, self.matters), self.matters.read(frame))))


class Reach(NamedTuple):
    """What a rule asks a mandate for: `objects` acted on, their `fields` of work, the `document_kind` of a paper."""

    objects: tuple[Object, ...]
    fields: Path | None
    document_kind: Path | None

    def covers(self, mandate: Mandate, frame: Frame) -> Truth:
        """Tell whether what is acted on lies within what a mandate is bounded to; None when that is not known.

        A mandate that names a meeting, matters or a seal holds for these and for papers of these matters, where the
        rule says `for` what it is asked.
        Otherwise the fields of work and the kinds of documents that it names bound it, both of them.
        """
        given = mandate.given
        named = _texts(given.meeting, given.matters, given.seal)
        if named and self.objects:
            return disjunction(one.lies_within(named, frame) for one in self.objects)
        fields, kinds = _texts(given.fields), _texts(given.document_kinds)
        return conjunction(
            (
                _within(fields, self._fields_of(frame)) if fields else True,
                _within(kinds, self.document_kind.read(frame)) if kinds and self.document_kind is not None else True,
            )
        )

    def _fields_of(self, frame: Frame) -> object:
        if self.fields is None:
            frame.missing.append(f"{frame.file.key}: fields")
            return UNSET
        return self.fields.read(frame)


def compile_reach(target: object, scope: Scope) -> Reach:
    """Compile what is acted on: what one or more paths lead to; without them, or without fields, the rule's case.

    Of several the first that has fields of work, and the first that is a paper, tell these. Raise CompileError for a
    path that is none.
    """
    paths = tuple(compile_path(one, scope) for one in ([] if target is None else as_list(target)))
    fields = document_kind = None
    for path in paths:
        kinds = case_kinds_of(path.kind)
        if fields is None and any(defining_types(kind, "fields") for kind in kinds):
            fields = compile_path(f"{path.text}.fields", scope)
        if document_kind is None and kinds == ("document",):
            document_kind = compile_path(f"{path.text}.kind", scope)
    if fields is None and defining_types(scope.subject_kind, "fields"):
        fields = compile_path("case.fields", scope)
    if document_kind is None and scope.subject_kind == "document":
        document_kind = compile_path("case.kind", scope)
    if document_kind is None and scope.subject_kind == "minutes":
        document_kind = Path("minutes", lambda _frame: "minutes", Kind("enum:document_kind"))
    return Reach(tuple(_object(path, scope) for path in paths), fields, document_kind)


def _object(path: Path, scope: Scope) -> Object:
    may_be_paper = "document" in case_kinds_of(path.kind)
    return Object(path, compile_path(f"{path.text}.matters", scope) if may_be_paper else None)


def _is_paper(key: object) -> bool:
    return isinstance(key, str) and key.startswith("document/")


def _texts(*given: object) -> frozenset[str]:
    return frozenset(one for value in given for one in several(value) if isinstance(one, str))


def _of_kinds(named: frozenset[str], path: Path) -> frozenset[str]:
    """Keep of the cases that a mandate names those of a kind to which the path can lead."""
    kinds = case_kinds_of(path.kind)
    return frozenset(one for one in named if not kinds or one.partition("/")[0] in kinds)


def _within(bounds: frozenset[str], value: object) -> Truth:
    if not bounds:
        return False
    found = several(value)
    if any(one in bounds for one in found):
        return True
    return None if UNSET in found else False
