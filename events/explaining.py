"""Why a mapping is no fact: looks for the first thing wrong, field by field, once reading has failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from events.cases import CASE_KINDS
from events.errors import FactError, printable
from events.field_types import FieldType
from events.fields import LONGEST_LIST
from events.value_errors import shown, value_error
from events.vocabulary import FACTS, envelope_types, field_types, subject_kind

_GIVEN_BY_LEDGER: Final = "sequence"


def explain(given: object, reason: str) -> FactError:
    """Say why a mapping cannot be read as a fact; `reason` is what the reader said, for what nobody foresaw."""
    return next(_problems(given), None) or FactError(
        "malformed", f"无法读取：{reason}", f"cannot be read: {reason}; compare it with the vocabulary"
    )


def explain_settings(given: Mapping[str, object], reason: str) -> FactError:
    """Say why the first line of a history cannot be read as its settings."""
    known = {"district": "string", "rulebook": "string", "until": "moment"}
    for name, value in given.items():
        if name not in known:
            return _unknown_field(name, name, list(known))
        field = FieldType(name, known[name], is_list=False, required=False, zh=name, en=name)
        found = value_error(field, value, name)
        if found:
            return found
    return FactError("malformed", f"设置行无法读取：{reason}", f"the settings line cannot be read: {reason}")


def _problems(given: object) -> Iterator[FactError]:
    if not isinstance(given, Mapping):
        yield FactError(
            "not_an_object", "应为一个对象；一行写一条事实。", "expected one object; write one fact a line."
        )
        return
    envelope = envelope_types()
    type_ = given.get("type")
    if isinstance(type_, str) and type_ not in FACTS:
        yield _unknown_type(type_)
    if _GIVEN_BY_LEDGER in given:
        yield FactError(
            "unknown_field",
            "序号由账册编定，不能由填报方给出；请删去。",
            "the ledger assigns the sequence; leave it out.",
            field=_GIVEN_BY_LEDGER,
        )
    yield from _fields(envelope, given, "")
    yield from _envelope(given)
    data = given.get("data")
    if isinstance(type_, str) and isinstance(data, Mapping):
        yield from _fields(field_types(type_), data, "data.")


def _envelope(given: Mapping[str, object]) -> Iterator[FactError]:
    type_, subject, actor = given["type"], given["subject"], given["actor"]
    if isinstance(type_, str) and isinstance(subject, Mapping):
        yield from _subject(type_, subject["kind"])
    if isinstance(actor, Mapping) and not any(actor.get(one) for one in ("person", "post", "unit")):
        yield FactError(
            "no_actor",
            "行为人的人员、岗位、单位至少填一项。",
            "name the actor's person, post or unit, at least one of the three.",
            field="actor",
        )


def _subject(type_: str, kind: object) -> Iterator[FactError]:
    wanted = subject_kind(type_)
    if kind == wanted:
        return
    if kind in CASE_KINDS:
        yield FactError(
            "wrong_subject_kind",
            f"{type_} 的案卷种类应为 {wanted}（{CASE_KINDS[wanted][0]}），不是 {kind}。",
            f"{type_} is about a case of kind {wanted}, not {kind}.",
            field="subject.kind",
        )
    yield FactError(
        "unknown_value",
        f"没有案卷种类 {shown(kind)}；{type_} 的案卷种类是 {wanted}。",
        f"there is no case kind {shown(kind)}; {type_} is about a {wanted}.",
        field="subject.kind",
    )


def _fields(fields: Mapping[str, FieldType], given: Mapping[str, object], path: str) -> Iterator[FactError]:
    for name in given:
        if name not in fields:
            yield _unknown_field(str(name), path + str(name), list(fields))
    for name, field in fields.items():
        if name not in given:
            if field.required:
                yield FactError(
                    "missing_field",
                    f"缺少必填字段“{field.zh}”；请补上。",
                    f"this field is required and missing: {field.en}",
                    field=path + name,
                )
        else:
            yield from _field(field, given[name], path + name)


def _field(field: FieldType, value: object, path: str) -> Iterator[FactError]:
    if value is None:
        if field.required:
            yield FactError(
                "null_in_required_field",
                "必填字段不能为 null；null 只在选填字段中表示“确知没有”。",
                "a required field cannot be null; only in an optional field null says that there is none.",
                field=path,
            )
        return
    if not field.is_list:
        yield from _one(field, value, path)
        return
    if not isinstance(value, list | tuple):
        yield _wrong_shape("列表 […]", "a list […]", value, path)
        return
    if field.required and not value:
        yield FactError(
            "empty_list", "必填的列表至少要有一项。", "a required list needs at least one entry.", field=path
        )
    if len(value) > LONGEST_LIST:
        yield FactError(
            "list_too_long",
            f"有 {len(value):,} 项，超过上限 {LONGEST_LIST:,}：每一项都可能各自产生待办与预警；请分成几个事实。",
            f"it has {len(value):,} entries, the limit is {LONGEST_LIST:,}, since each may set something in motion; "
            "give them in several facts.",
            field=path,
        )
    for number, entry in enumerate(value):
        yield from _one(field, entry, f"{path}[{number}]")


def _one(field: FieldType, value: object, path: str) -> Iterator[FactError]:
    if field.fields is None:
        found = value_error(field, value, path)
        if found:
            yield found
    elif not isinstance(value, Mapping):
        yield _wrong_shape("对象 {…}", "an object {…}", value, path)
    elif path != "data":
        yield from _fields(field.fields, value, path + ".")


def _wrong_shape(wanted_zh: str, wanted_en: str, value: object, path: str) -> FactError:
    given = shown(value)
    return FactError(
        "wrong_type", f"应为{wanted_zh}，不是 {given}。", f"expected {wanted_en}, got {given}.", field=path
    )


def _unknown_type(type_: str) -> FactError:
    near = get_close_matches(type_[:100], FACTS, n=1)
    hint_zh, hint_en = (
        (f"；是否为 {near[0]}？", f"; did you mean {near[0]}?")
        if near
        else ("；全部类型见 taizhang facts。", "; taizhang facts lists all.")
    )
    return FactError(
        "unknown_type",
        f"词汇表中没有事实类型 {shown(type_)}{hint_zh}",
        f"the vocabulary has no type {shown(type_)}{hint_en}",
        field="type",
    )


def _unknown_field(name: str, path: str, known: list[str]) -> FactError:
    near = get_close_matches(name[:100], known, n=1)
    hint_zh = f"是否为 {near[0]}？" if near else f"此处可用：{'、'.join(known) or '无'}。"
    hint_en = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known) or 'none'}."
    return FactError(
        "unknown_field",
        f"没有字段 {shown(name)}；{hint_zh}",
        f"there is no field {shown(name)}; {hint_en}",
        field=printable(path),
    )
