"""Who knew and who acted: as far as facts show it, each person and unit once a way, with the first fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import UNSET, Struct

from events.moment import TIME_ZONE
from events.vocabulary import field_types
from projections.replay.entries import Knew

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from events.fact import AnyFact
    from events.field_types import FieldType

How = Literal["acted", "on_behalf", "recorded", "told"]
TOLD_IN: Final = frozenset(
    {
        "to",
        "to_person",
        "to_persons",
        "to_unit",
        "to_units",
        "addressees",
        "main_addressees",
        "personal_addressees",
        "departments",
        "received_by",
        "units",
    }
)
"""Fields that name those to whom a fact went: the addressee, the departments asked, who was told."""
_SOMEBODY: Final = frozenset({"person", "unit"})


def who_knew(facts: Iterable[AnyFact]) -> tuple[Knew, ...]:
    """Return who acted, who recorded and who was told, in the order in which the ledger learned it."""
    found: dict[tuple[str, How], Knew] = {}
    for fact in sorted(facts, key=lambda one: one.sequence):
        for who, how in _ways(fact):
            found.setdefault(
                (who, how),
                Knew(
                    who=who,
                    how=how,
                    since=fact.recorded_at.astimezone(TIME_ZONE).isoformat(),
                    sequence=fact.sequence,
                    type=fact.type,
                ),
            )
    return tuple(found.values())


def _ways(fact: AnyFact) -> Iterator[tuple[str, How]]:
    if fact.origin not in {"watch", "clock"}:
        acted = fact.actor.person or fact.actor.post or fact.actor.unit
        if isinstance(acted, str):
            yield acted, "acted"
        if isinstance(fact.on_behalf_of, str):
            yield fact.on_behalf_of, "on_behalf"
        if isinstance(fact.recorded_by, str):
            yield fact.recorded_by, "recorded"
    for who in _told(fact.data, field_types(fact.type)):
        yield who, "told"


def _told(holder: Struct, fields: Mapping[str, FieldType]) -> Iterator[str]:
    for name, field in fields.items():
        if name in TOLD_IN and field.type in _SOMEBODY:
            given = getattr(holder, name, UNSET)
            if given is None or given is UNSET:
                continue
            yield from map(str, given if field.is_list else (given,))
