"""Alerts that the ledger still shows as open though nothing is found any more: withdrawn, after all was judged anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.alerts.reconciliation import open_in_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.alerts.book import AlertBook

_PAGE: Final = 1_000


def withdrawals(reader: LedgerReader, district: str, position: int, book: AlertBook) -> list[AnyFact]:
    """Return the facts that withdraw what an earlier engine or rulebook left open; raise LedgerError."""
    found = open_in_ledger(_alert_facts(reader, district, position))
    last = reader.read(district, max(position - 1, 0), 1)
    return found.withdrawals(book, last[0]) if found and last else []


def _alert_facts(reader: LedgerReader, district: str, through: int) -> Iterator[AnyFact]:
    position = 0
    while position < through and (page := reader.read(district, position, _PAGE)):
        position = page[-1].sequence
        yield from (fact for fact in page if fact.origin == "watch")
