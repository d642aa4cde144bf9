"""A case's timeline (案卷时间线): every fact of it and every fact elsewhere that names it, what was struck out too."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import UNSET, Struct

from events.fact import AnyFact, case_key
from events.moment import TIME_ZONE
from events.record import RecordAnnulled, RecordCorrected
from events.vocabulary import field_types
from projections.views.description import CLASSIFICATION, Description, Filter, Order, between, column, of_list
from projections.views.view import Row, View, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.field_types import FieldType
    from projections.views.view import Value

_LONGEST: Final = 120
"""Characters that the timeline shows of a text; the fact itself has the whole."""
_SHOWN: Final = 6
"""Fields of a fact that the timeline shows at most."""
_CIRCUMSTANCES: Final = frozenset({"rulebook", "calendar", "setting", "clock"})
"""Kinds of case that facts name by the thousand without being about them."""


def _rows(fact: AnyFact, counts: bool, struck: AnyFact | None) -> Iterable[Row]:  # noqa: FBT001  the shape of OfFact
    if fact.subject.kind in {"clock", "access"}:
        return []
    own = case_key(fact.subject)
    named = dict.fromkeys((own, *(_named(struck) if struck is not None else _named(fact))))
    day = fact.occurred_at
    recorded = fact.recorded_at.astimezone(TIME_ZONE)
    late = recorded.date() > day.day
    values: dict[str, Value] = {
        "at": day.text,
        "recorded_at": recorded.isoformat(),
        "sequence": fact.sequence,
        "fact": str(fact.id),
        "type": fact.type,
        "of": own,
        "person": told(fact.actor.person),
        "unit": told(fact.actor.unit),
        "post": told(fact.actor.post),
        "on_behalf_of": told(fact.on_behalf_of),
        "origin": fact.origin,
        "late": late,
        "counts": counts,
        "strikes": str(fact.data.wrong) if isinstance(fact.data, RecordCorrected | RecordAnnulled) else None,
        "says": says(fact),
        "classification": fact.classification,
    }
    return [Row(f"{case}|{fact.sequence:012d}", {"case": case, **values}) for case in named]


def _named(fact: AnyFact) -> Iterator[str]:
    """Return the cases that a fact belongs to or names."""
    yield case_key(fact.subject)
    for case in _references(fact.data, _with_references(fact.type)):
        if case.partition("/")[0] not in _CIRCUMSTANCES:
            yield case


@cache
def _with_references(type_: str) -> Mapping[str, FieldType]:
    return {name: one for name, one in field_types(type_).items() if _holds_one(one)}


def _holds_one(field: FieldType) -> bool:
    return bool(field.ref_kinds or (field.fields and any(map(_holds_one, field.fields.values()))))


def _references(holder: Struct, fields: Mapping[str, FieldType]) -> Iterator[str]:
    for name, field in fields.items():
        value = getattr(holder, name, None)
        for entry in () if value is None or value is UNSET else value if field.is_list else (value,):
            if field.fields is not None:
                yield from _references(entry, {key: one for key, one in field.fields.items() if _holds_one(one)})
            else:
                yield str(entry)


def says(fact: AnyFact) -> dict[str, str]:
    """Return the first fields of a fact that are short and not personal, by name."""
    said: dict[str, str] = {}
    for name, attribute, is_list in _shown(fact.type):
        value = getattr(fact.data, attribute, None)
        if value is None or value is UNSET:
            continue
        text = "、".join(map(str, value)) if is_list else _text(value)
        if text:
            said[name] = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
            if len(said) == _SHOWN:
                break
    return said


@cache
def _shown(type_: str) -> Sequence[tuple[str, str, bool]]:
    """Return the fields that may be shown: name, attribute, and whether it is a list."""
    return [
        (name, "from_" if name == "from" else name, field.is_list)
        for name, field in field_types(type_).items()
        if not field.personal and field.fields is None
    ]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


TIMELINE: Final = View(
    Description(
        name="timeline",
        zh="案卷时间线",
        en="Case timeline",
        version=1,
        columns=(
            column("case", "案卷", "Case", "case"),
            column("at", "发生时间", "Occurred", "moment"),
            column("recorded_at", "入账时间", "Recorded", "moment"),
            column("sequence", "序号", "Sequence", "whole"),
            column("type", "事实", "Fact", "fact_type"),
            column("of", "所属案卷", "Of the case", "case"),
            column("person", "行为人", "By", "person"),
            column("unit", "行为单位", "For the unit", "unit"),
            column("post", "职务", "In the post", "post"),
            column("on_behalf_of", "代为", "On behalf of", "person"),
            column("says", "内容", "What it says", "fields"),
            column("late", "补录", "Recorded on a later day", "yes_no"),
            column("counts", "有效", "Counts", "yes_no"),
            column("strikes", "更正或作废", "Strikes out", "fact"),
            of_list("origin", "录入来源", "Origin", "origin"),
            column("fact", "事实编号", "Fact id", "fact"),
            CLASSIFICATION,
        ),
        filters=(Filter(name="case", column="case", needed=True), *between("at")),
        orders=(
            Order(name="occurred", column="at", zh="发生时间", en="as it occurred"),
            Order(name="recorded", column="sequence", zh="入账次序", en="latest recorded first", descending=True),
        ),
    ),
    of_fact=_rows,
)
