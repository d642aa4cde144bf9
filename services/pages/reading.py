"""What the pages show: rows of views, an alert with its proof, a case, put together for the templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from msgspec import UNSET

from events.alert import AlertAcknowledged, AlertAnswered, AlertEscalated, AlertReopened, AlertWaived, AlertWithdrawn
from events.fact import case_key
from projections.views.query import Query, QueryError
from services.http import problems
from services.http.actions import classes_seen
from services.http.asking_views import asked_by, open_rows
from services.http.problems import ProblemError
from services.views.asking import ViewPage, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from services.http.parts import Parts
    from services.identity.caller import Caller

ROWS_A_PAGE: Final = 50
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


def steps_of(facts: Sequence[AnyFact]) -> list[Step]:
    """Return the life of an alert step by step."""
    return [Step(fact.type, fact.occurred_at.text, tuple(_said(fact))) for fact in facts]


def _said(fact: AnyFact) -> Iterator[str]:
    for name in _WORDS.get(type(fact.data), ()):
        value = getattr(fact.data, name, UNSET)
        if value is not UNSET and value is not None:
            yield "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
