"""What the pages show: rows of views, an alert with its proof, a case, put together for the templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from msgspec import UNSET

from events.alert import AlertAcknowledged, AlertAnswered, AlertEscalated, AlertReopened, AlertWaived, AlertWithdrawn
from events.fact import case_key
from events.moment import Moment
from projections.views.description import column
from projections.views.query import Query, QueryError
from services.http import problems
from services.http.actions import classes_seen
from services.http.asking_views import asked_by, open_rows
from services.http.problems import ProblemError
from services.views.asking import ViewPage, ask, steadily
from services.views.names import names_of
from services.written import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from services.http.parts import Parts
    from services.identity.caller import Caller

ROWS_A_PAGE: Final = 50
_PARTY: Final = column("party", "当事方", "Party", "party")
_WORDS = {
    AlertEscalated: ("to_persons",),
    AlertAcknowledged: ("note", "until"),
    AlertAnswered: ("account",),
    AlertWaived: ("reason", "until"),
    AlertWithdrawn: ("reason",),
    AlertReopened: ("reason",),
}
"""What is told of an alert's life beside the name of the fact."""


class Proof(NamedTuple):
    """One fact that proves a finding, in short."""

    type: str
    case: str
    occurred_at: str
    sequence: int


class Step(NamedTuple):
    """One step in the life of an alert, with what was said."""

    type: str
    occurred_at: str
    said: tuple[str, ...]


def rows_of(parts: Parts, view: str, district: str, query: Query, caller: Caller) -> ViewPage:
    """Return one page of a view as a caller may see it; raise ProblemError when it cannot be asked."""
    by = asked_by(parts, district, caller)
    with open_rows(parts) as rows:
        try:
            return ask(rows, parts.ledger, view, district, query, by)
        except QueryError as error:
            if error.field == "view":
                raise problems.unavailable(error.code, error.zh, error.en) from None
            raise ProblemError(422, error.code, error.zh, error.en, field=error.field) from None


def following(rows: ViewPage, **kept: str | None) -> str:
    """Return the query of the next page; empty when there is none."""
    given = {**kept, "after": rows.next}
    return urlencode({name: one for name, one in given.items() if one}) if rows.next else ""


def proof_of(parts: Parts, district: str, facts: Iterable[str], caller: Caller) -> list[Proof]:
    """Return the facts that prove a finding, those that the caller may see."""
    found = (parts.ledger.find(district, UUID(one)) for one in facts)
    classes = classes_seen(caller.roles)
    return [
        Proof(fact.type, case_key(fact.subject), fact.occurred_at.text, fact.sequence)
        for fact in found
        if fact is not None and fact.classification in classes
    ]


def parties_named(parts: Parts, district: str, caller: Caller, parties: Iterable[str | None]) -> Mapping[str, str]:
    """Return the names of persons and units by id, as a caller may see them; ids that nobody named are left out."""
    by = asked_by(parts, district, caller)
    shown = [{"party": one} for one in parties]
    with open_rows(parts) as rows:
        return steadily(lambda: names_of(rows, parts.ledger, by.keys, district, [_PARTY], shown)).entries


def steps_of(facts: Sequence[AnyFact], names: Mapping[str, str]) -> list[Step]:
    """Return the life of an alert step by step, persons by name where there is one."""
    return [Step(fact.type, fact.occurred_at.text, tuple(_said(fact, names))) for fact in facts]


def persons_told(facts: Sequence[AnyFact]) -> list[str]:
    """Return who was told in the life of an alert."""
    return [one for fact in facts if isinstance(fact.data, AlertEscalated) for one in fact.data.to_persons]


def _said(fact: AnyFact, names: Mapping[str, str]) -> Iterator[str]:
    for name in _WORDS.get(type(fact.data), ()):
        value = getattr(fact.data, name, UNSET)
        if isinstance(value, tuple):
            yield "、".join(names.get(str(one), str(one)) for one in value)
        elif value is not UNSET and value is not None:
            yield moment(value.text) if isinstance(value, Moment) else str(value)
