"""Alerts that the ledger still shows as open though nothing is found any more, judged by another engine or rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.alert import AlertRaised, AlertReopened, AlertResolved, AlertWithdrawn
from projections.alerts.facts import life_fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.fact import AnyFact
    from projections.alerts.book import AlertBook

RECONCILED: Final = (
    "按现行规则书、日历、内部设置和程序版本重新判定，不再有此预警 / "
    "judged anew by the rulebook, calendar, settings and program now in force, this is no alert any more"
)
"""Why such an alert is withdrawn; no fact of the history is the cause of it."""


class OpenInLedger:
    """The alerts that the ledger's own facts leave open."""

    def __init__(self) -> None:
        self._raised: dict[UUID, AnyFact] = {}
        self._open: set[UUID] = set()

    def take(self, fact: AnyFact) -> None:
        """Take the next fact of the ledger."""
        if fact.origin != "watch":
            return
        alert = UUID(fact.subject.id)
        if isinstance(fact.data, AlertRaised):
            self._raised[alert] = fact
        if isinstance(fact.data, AlertRaised | AlertReopened):
            self._open.add(alert)
        elif isinstance(fact.data, AlertResolved | AlertWithdrawn):
            self._open.discard(alert)

    def withdrawals(self, book: AlertBook, cause: AnyFact) -> list[AnyFact]:
        """Return the facts that withdraw those which the alert book does not know, or knows as withdrawn."""
        found: list[AnyFact] = []
        for alert in sorted(self._open):
            known = book.alert(alert)
            if known is None or known.standing == "withdrawn":
                data = AlertWithdrawn(facts=(cause.id,), reason=RECONCILED)
                found.append(life_fact(alert, "withdrawn", cause, self._raised[alert].classification, data))
        return found

    def __bool__(self) -> bool:
        return bool(self._open)


def open_in_ledger(facts: Iterable[AnyFact]) -> OpenInLedger:
    """Return the alerts that facts leave open."""
    found = OpenInLedger()
    for fact in facts:
        found.take(fact)
    return found
