"""What each field of a fact is, read from its class: for rule lint, case files, errors and documents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from msgspec import inspect

from events.fields import Choices
from events.moment import Moment


class FieldType(NamedTuple):
    """One field as the vocabulary names it.

    `type` is the type of the field, or of one entry when `is_list`: `string`, `int`, `decimal`, `bool`, `date`,
    `datetime`, `moment`, `uuid`, `person`, `post`, `unit`, `enum:NAME`, `ref:KIND|KIND`, `ref:any`, or `object` with
    `fields`.
    """

    name: str
    type: str
    is_list: bool
    required: bool
    zh: str
    en: str
    personal: bool = False
    given_by: str | None = None
    choices: Choices | None = None
    fields: Mapping[str, FieldType] | None = None

    @property
    def enum(self) -> str | None:
        """The name of its closed list of values, if it has one."""
        return self.choices.name if self.choices else None

    @property
    def ref_kinds(self) -> tuple[str, ...]:
        """The case kinds a reference may name; `("any",)` for every kind, empty when the field is no reference."""
        return tuple(self.type.removeprefix("ref:").split("|")) if self.type.startswith("ref:") else ()


_PLAIN: dict[type[inspect.Type], str] = {
    inspect.BoolType: "bool",
    inspect.DateType: "date",
    inspect.IntType: "int",
    inspect.UUIDType: "uuid",
    inspect.StructType: "object",
}


@cache
def fields_of(struct: type[msgspec.Struct]) -> Mapping[str, FieldType]:
    """Return the fields of a fact class, or of the envelope, by the name they have in JSON and in their order."""
    read = inspect.type_info(struct)
    known = read.fields if isinstance(read, inspect.StructType) else ()
    return MappingProxyType({field.encode_name: _field(field) for field in known})


def _field(read: inspect.Field) -> FieldType:
    kind, extra, labels = _unwrap(read.type)
    if isinstance(kind, inspect.UnionType):
        (kind, inner, _) = _unwrap(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        extra |= inner
    is_list = isinstance(kind, inspect.VarTupleType)
    if isinstance(kind, inspect.VarTupleType):
        kind, inner, _ = _unwrap(kind.item_type)
        extra |= inner
    choices = extra.get("choices")
    given_by = extra.get("given_by")
    return FieldType(
        name=read.encode_name,
        type=str(extra.get("type") or _plain(kind)),
        is_list=is_list,
        required=read.required,
        zh=str(labels.get("title", "")),
        en=str(labels.get("description", "")),
        personal=bool(extra.get("personal")),
        given_by=given_by if isinstance(given_by, str) else None,
        choices=choices if isinstance(choices, Choices) else None,
        fields=fields_of(kind.cls) if isinstance(kind, inspect.StructType) else None,
    )


def _unwrap(read: inspect.Type) -> tuple[inspect.Type, dict[str, object], dict[str, object]]:
    if isinstance(read, inspect.Metadata):
        return read.type, dict(read.extra or {}), dict(read.extra_json_schema or {})
    return read, {}, {}


def _plain(read: inspect.Type) -> str:
    if isinstance(read, inspect.CustomType):
        return "moment" if read.cls is Moment else "decimal"
    return _PLAIN[type(read)]
