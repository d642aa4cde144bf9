"""The names of units and posts in a report, by the roster; persons stay ids, since their names are personal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.roster import RosterPostEstablished, RosterUnitEstablished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.ledger.port import LedgerReader
    from services.evidence.wanted import Gate, Wanted


def names_of(ledger: LedgerReader, wanted: Wanted, gate: Gate, ids: Iterable[str]) -> dict[str, str]:
    """Return what units and posts were called last, up to the end of the package and so far as its reader may know."""
    cases = [f"{kind}/{one}" for one in sorted(set(ids)) for kind in ("unit", "post")]
    names: dict[str, str] = {}
    for history in ledger.read_cases(wanted.district, cases).values():
        for fact in history:
            if fact.sequence > wanted.last or not gate.shows(fact):
                continue
            match fact.data:
                case RosterUnitEstablished(name=name) | RosterPostEstablished(title=name):
                    names[fact.subject.id] = name
                case _:
                    pass
    return names
