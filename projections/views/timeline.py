"""A case's timeline (案卷时间线): every fact of it and every fact elsewhere that names it, what was struck out too."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET, Struct

from events.fact import AnyFact, case_key
from events.moment import TIME_ZONE
from events.record import RecordAnnulled, RecordCorrected
from events.vocabulary import field_types
from projections.views.description import CLASSIFICATION, Description, Filter, Order, between, column, of_list
from projections.views.view import Row, View, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.field_types import FieldType
    from projections.views.view import Value, Values

_LONGEST: Final = 120
"""Characters that the timeline shows of a text; the fact itself has the whole."""
_SHOWN: Final = 6
"""Fields of a fact that the timeline shows at most."""
_CIRCUMSTANCES: Final = frozenset({"rulebook", "calendar", "setting", "clock"})
"""Kinds of case that facts name by the thousand without being about them."""
_CORRECTIONS: Final = (RecordCorrected, RecordAnnulled)
_UNSHOWN: Final = frozenset({"clock", "access"})
"""Kinds of case whose facts have no place in a timeline."""


def _rows(fact: AnyFact, counts: bool, struck: AnyFact | None) -> Iterable[Row]:  # noqa: FBT001  the shape of OfFact
    """Return the rows of a fact in the cases that it names; that in its own case only when it does not count."""
    named = _named(fact) if struck is None else [case_key(struck.subject), *_named(struck)]
    if (counts and not named) or fact.subject.kind in _UNSHOWN:
        return []
    own = case_key(fact.subject)
    cases = [case for case in dict.fromkeys(named) if case != own]
    return [_row(fact, own, case, counts=counts) for case in (cases if counts else [own, *cases])]


def _own_row(fact: AnyFact) -> Row | None:
    """Return the row of a fact in its own case, as long as it counts."""
    own = case_key(fact.subject)
    return None if fact.subject.kind in _UNSHOWN else _row(fact, own, own, counts=True)


def _row(fact: AnyFact, own: str, case: str, *, counts: bool) -> Row:
    values: dict[str, Value] = {
        "case": case,
        "at": fact.occurred_at.text,
        "sequence": fact.sequence,
        "of": own,
        "counts": counts,
        "classification": fact.classification,
    }
    return Row(f"{case}|{fact.sequence:012d}", values)


def with_its_fact(row: Values, fact: AnyFact) -> dict[str, Value]:
    """Return a row of the timeline with what its fact says, which stands in the ledger and is not stored again."""
    recorded, actor, data = fact.recorded_at.astimezone(TIME_ZONE), fact.actor, fact.data
    told_of_it: dict[str, Value] = {
        "recorded_at": recorded.isoformat(),
        "type": fact.type,
        "person": told(actor.person),
        "unit": told(actor.unit),
        "post": told(actor.post),
        "on_behalf_of": told(fact.on_behalf_of),
        "says": says(fact),
        "late": recorded.date() > fact.occurred_at.day,
        "strikes": str(data.wrong) if isinstance(data, _CORRECTIONS) else None,
        "origin": fact.origin,
        "fact": str(fact.id),
    }
    whole = {**row, **told_of_it}
    return {"key": row["key"], **{one.name: whole[one.name] for one in TIMELINE.description.columns}}


def _named(fact: AnyFact) -> list[str]:
    """Return the cases that a fact names, its own among them where it does so."""
    found: list[str] = []
    if naming := _naming(fact.type):
        _gather(fact.data, naming, found)
    return found


class _Naming(NamedTuple):
    """A field that names cases, or whose entries have fields that do."""

    name: str
    is_list: bool
    within: tuple[_Naming, ...]


@cache
def _naming(type_: str) -> tuple[_Naming, ...]:
    return _naming_among(field_types(type_))


def _naming_among(fields: Mapping[str, FieldType]) -> tuple[_Naming, ...]:
    found = (_Naming(name, one.is_list, _naming_among(one.fields or {})) for name, one in fields.items() if _holds(one))
    return tuple(found)


def _holds(field: FieldType) -> bool:
    return bool(field.ref_kinds or (field.fields and any(map(_holds, field.fields.values()))))


def _gather(holder: Struct, fields: Iterable[_Naming], found: list[str]) -> None:
    """Add the cases that some fields name."""
    for name, is_list, within in fields:
        value = getattr(holder, name, None)
        if value is None or value is UNSET:
            continue
        for entry in value if is_list else (value,):
            if within:
                _gather(entry, within, found)
            elif (case := str(entry)).partition("/")[0] not in _CIRCUMSTANCES:
                found.append(case)


def says(fact: AnyFact) -> dict[str, str]:
    """Return the first fields of a fact that are short and not personal, by name."""
    said: dict[str, str] = {}
    data = fact.data
    for name, attribute, is_list in _shown(fact.type):
        value = getattr(data, attribute, None)
        if value is None or value is UNSET:
            continue
        text = value if type(value) is str else "、".join(map(str, value)) if is_list else _text(value)
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
        version=3,
        columns=(
            column("case", "案卷", "Case", "case"),
            column("at", "发生时间", "Occurred", "moment"),
            column("recorded_at", "入账时间", "Recorded", "moment", derived=True),
            column("sequence", "序号", "Sequence", "whole"),
            column("type", "事实", "Fact", "fact_type", derived=True),
            column("of", "所属案卷", "Of the case", "case"),
            column("person", "行为人", "By", "person", derived=True),
            column("unit", "行为单位", "For the unit", "unit", derived=True),
            column("post", "职务", "In the post", "post", derived=True),
            column("on_behalf_of", "代为", "On behalf of", "person", derived=True),
            column("says", "内容", "What it says", "fields", derived=True),
            column("late", "补录", "Recorded on a later day", "yes_no", derived=True),
            column("counts", "有效", "Counts", "yes_no"),
            column("strikes", "更正或作废", "Strikes out", "fact", derived=True),
            of_list("origin", "录入来源", "Origin", "origin", derived=True),
            column("fact", "事实编号", "Fact id", "fact", derived=True),
            CLASSIFICATION,
        ),
        filters=(Filter(name="case", column="case", needed=True), *between("at")),
        orders=(
            Order(name="occurred", column="at", zh="发生时间", en="as it occurred"),
            Order(name="recorded", column="sequence", zh="入账次序", en="latest recorded first", descending=True),
        ),
    ),
    of_fact=_rows,
    looks_at=lambda type_: bool(_naming(type_)),
    of_ledger=_own_row,
)
