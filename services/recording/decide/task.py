"""Instructions: only a unit that was given the item can sign for it or report it as done."""

from __future__ import annotations

from collections.abc import Sequence

from events.fact import AnyFact, Fact
from events.instruction import (
    InstructionAssigned,
    InstructionBrokenDown,
    InstructionCompleted,
    InstructionIssued,
    InstructionReceived,
    InstructionReminded,
)
from services.recording.decide.decision import Known, listed, past_is_unknown
from services.recording.refusals import Refusal, never_asked


def by_a_unit(
    fact: Fact[InstructionReceived | InstructionCompleted], case: Sequence[AnyFact], _known: Known
) -> Refusal | None:
    """Refuse a receipt or completion by a unit that was never given the item."""
    unit = fact.data.unit
    if past_is_unknown(fact, case):
        return None
    given: frozenset[str] = frozenset()
    for one in case:
        given = _evolve(given, one)
    if unit in given:
        return None
    return never_asked(f"该事项从未交办给 {unit}", f"This item was never given to {unit}", "data.unit")


def _evolve(units: frozenset[str], fact: AnyFact) -> frozenset[str]:
    match fact.data:
        case InstructionIssued() as issued:
            return units | {*issued.units}
        case InstructionAssigned() as assigned:
            return units | {assigned.lead, *listed(assigned.co_units)}
        case InstructionBrokenDown() as parts:
            return units | {part.unit for part in parts.parts}
        case InstructionReminded() as reminded:
            return units | {reminded.unit}
        case _:
            return units
