"""How far an entrustment (委托) reaches: the meeting, matters, seal, fields of work and kinds of documents it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from rulebooks.comparisons import several
from rulebooks.fields import defining_types
from rulebooks.path_parts import case_kinds_of
from rulebooks.paths import compile_path
from rulebooks.truth import Truth, conjunction

if TYPE_CHECKING:
    from rulebooks.absences import Mandate
    from rulebooks.frame import Frame
    from rulebooks.path_parts import Path
    from rulebooks.scope import Scope


class Reach(NamedTuple):
    """What a rule asks a mandate for: `objects` acted on, their `fields` of work, the `document_kind` of a paper."""

    objects: Path | None
    fields: Path | None
    document_kind: Path | None

    def covers(self, mandate: Mandate, frame: Frame) -> Truth:
        """Tell whether what is acted on lies within what a mandate is bounded to; None when that is not known.

        A mandate that names a meeting, matters or a seal holds for these, where the rule says `for` what it is asked.
        Otherwise the fields of work and the kinds of documents that it names bound it, both of them.
        """
        given = mandate.given
        named = _texts(given.meeting, given.matters, given.seal)
        if named and self.objects is not None:
            return _within(named, self.objects.read(frame))
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
    """Compile what is acted on: what the path `target` leads to, and without one, or without fields, the rule's case.

    Raise CompileError for a path that is none.
    """
    objects = None if target is None else compile_path(target, scope)
    fields = document_kind = None
    if objects is not None:
        kinds = case_kinds_of(objects.kind)
        if any(defining_types(kind, "fields") for kind in kinds):
            fields = compile_path(f"{objects.text}.fields", scope)
        if kinds == ("document",):
            document_kind = compile_path(f"{objects.text}.kind", scope)
    if fields is None and defining_types(scope.subject_kind, "fields"):
        fields = compile_path("case.fields", scope)
    if document_kind is None and scope.subject_kind == "document":
        document_kind = compile_path("case.kind", scope)
    return Reach(objects, fields, document_kind)


def _texts(*given: object) -> frozenset[str]:
    return frozenset(one for value in given for one in several(value) if isinstance(one, str))


def _within(bounds: frozenset[str], value: object) -> Truth:
    found = several(value)
    if any(one in bounds for one in found):
        return True
    return None if UNSET in found else False
