"""The first segment of a path after a fact: a field of its envelope or of its data."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, UnsetType

from events.vocabulary import field_types, subject_kind
from rulebooks.language.fields import attribute
from rulebooks.language.frame import fact_name
from rulebooks.language.path_parts import FactReader, Hops, Kind, Reader, kind_of_field
from rulebooks.problems import CompileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import FactData
    from rulebooks.language.frame import Frame

TRIGGER: Final[FactReader] = attrgetter("trigger")
"""The act that a rule looks at: always there, so that its fields are read without asking whether it is."""
ENVELOPE: Final[dict[str, Kind]] = {
    "occurred_at": Kind("moment"),
    "recorded_at": Kind("datetime"),
    "on_behalf_of": Kind("person"),
    "under": Kind("ref:entrustment|ab_arrangement"),
    "subject": Kind("case"),
    "id": Kind("uuid"),
    "origin": Kind("enum:origin"),
}
ACTOR: Final[dict[str, Kind]] = {"person": Kind("person"), "post": Kind("post"), "unit": Kind("unit")}


def of_fact(
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
    return _data_field(fact, attribute(name), types, name), kind_of_field(field_types(having[0])[name]), hops


def _of_actor(fact: FactReader, rest: list[str], hops: Hops, text: str) -> tuple[Reader, Kind, Hops]:
    part = rest.pop(0) if rest else ""
    if part not in ACTOR:
        raise CompileError(
            f"{text}：actor 后须写 person、post 或 unit", f"{text}: actor wants person, post or unit after it"
        )

    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or found is UNSET:
            return found
        frame.used.append(found)
        value = getattr(found.actor, part)
        if value is UNSET:
            frame.missing.append(f"{fact_name(found)}: actor.{part}")
        return value

    return read, ACTOR[part], hops


def _envelope(fact: FactReader, name: str) -> Reader:
    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or found is UNSET:
            return found
        value = getattr(found, name)
        return None if value is UNSET else value

    return read


def _envelope_subject(fact: FactReader) -> Reader:
    def read(frame: Frame) -> str | UnsetType | None:
        found = fact(frame)
        if found is None or found is UNSET:
            return found
        return f"{found.subject.kind}/{found.subject.id}"

    return read


def _data_field(fact: FactReader, python_name: str, types: tuple[str, ...], name: str) -> Reader:
    everywhere = all(name in field_types(one) for one in types)
    if fact is TRIGGER and everywhere:
        return _trigger_field(python_name, types, name)
    field = attrgetter(python_name) if everywhere else _if_there(python_name)

    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        found = fact(frame)
        if found is None or found is UNSET:
            return found
        value = field(found.data)
        if value is UNSET:
            frame.missing.append(f"{fact_name(found)}: {name}")
        return value

    return read


def _trigger_field(python_name: str, types: tuple[str, ...], name: str) -> Reader:
    field = attrgetter(f"trigger.data.{python_name}")
    if all(field_types(one)[name].required for one in types):
        return field

    def read(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        value = field(frame)
        if value is UNSET:
            frame.missing.append(f"{fact_name(frame.trigger)}: {name}")
        return value

    return read


def _if_there(python_name: str) -> Callable[[FactData], object]:
    return lambda data: getattr(data, python_name, None)
