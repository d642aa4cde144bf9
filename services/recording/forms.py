"""Whole forms in one request: an attendance list and a speaking order become their facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from events.errors import FactError
from events.fact import Actor, AnyFact, Classification
from events.moment import Moment
from events.parsing import Defaults, complete, parse

Entry = Mapping[str, Any]

_ATTENDANCE: Final = "meeting.attendance_recorded.v1"
_STATEMENT: Final = "meeting.statement_made.v1"


class FormHead(Struct, frozen=True, kw_only=True):
    """What all lines of a form have in common.

    `form` names this form: the same form handed in again gives the same facts, so that it is answered as a repeat.
    """

    form: UUID
    district: str
    meeting: str
    occurred_at: Moment
    actor: Actor
    classification: Classification = "internal"


def attendance_form(head: FormHead, entries: Sequence[Entry]) -> tuple[AnyFact, ...]:
    """Return one `meeting.attendance_recorded` an entry, which holds its data: person, present, capacity and so on.

    Raise FactError naming the entry, such as `entries[3].person`, also for a person who stands in the list twice.
    """
    return _expand(head, _ATTENDANCE, entries)


def speaking_order_form(head: FormHead, item: int, entries: Sequence[Entry]) -> tuple[AnyFact, ...]:
    """Return one `meeting.statement_made` an entry, in the order in which they spoke to an agenda item.

    An entry holds person, stance and what else is known; item and order are filled in. Raise FactError as above.
    """
    ordered = [{"item": item, "order": place, **entry} for place, entry in enumerate(entries, 1)]
    return _expand(head, _STATEMENT, ordered, several_times=True)


def _expand(
    head: FormHead, type_: str, entries: Sequence[Entry], *, several_times: bool = False
) -> tuple[AnyFact, ...]:
    if not entries:
        raise FactError("empty_form", "表中没有任何一行；请至少填一行。", "the form has no line; fill in one at least.")
    seen: set[object] = set()
    facts: list[AnyFact] = []
    for place, entry in enumerate(entries):
        try:
            fact = _fact(head, type_, place, entry)
        except FactError as error:
            raise _at_entry(error, place) from None
        person = getattr(fact.data, "person", None)
        if person in seen and not several_times:
            raise FactError(
                "person_twice",
                f"{person} 在表中出现两次；请只保留一行，中途离会请另录。",
                f"{person} stands in the form twice; keep one line, and record leaving the room by its own fact.",
                field=f"entries[{place}].person",
            )
        seen.add(person)
        facts.append(fact)
    return tuple(facts)


def _fact(head: FormHead, type_: str, place: int, entry: Entry) -> AnyFact:
    given = {
        "id": str(uuid5(head.form, f"{type_} {place}")),
        "type": type_,
        "subject": {"kind": "meeting", "id": head.meeting},
        "occurred_at": head.occurred_at.text,
        "actor": msgspec.to_builtins(head.actor),
        "data": dict(entry),
    }
    return parse(complete(given, place, Defaults(district=head.district, classification=head.classification)))


def _at_entry(error: FactError, place: int) -> FactError:
    named = error.field or ""
    field = f"entries[{place}].{named.removeprefix('data.')}" if named.startswith("data.") else named or None
    return FactError(error.code, error.reason_zh, error.reason_en, field=field)
