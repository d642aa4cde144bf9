"""What a batch of facts changes in a view: pure, and the same rows however the facts are cut into batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from events.fact import case_key
from events.record import RecordAnnulled, RecordCorrected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from projections.corrections import Corrections
    from projections.views.view import OfCase, OfFact, Row, View


CORRECTION: Final = "correction"
"""The kind of the cases of corrections and annulments."""


class Around(Protocol):
    """What a view reads beyond the batch itself."""

    def facts_of(self, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        """Return the facts of cases up to the last of the batch."""
        ...

    def find(self, fact_id: UUID) -> AnyFact | None:
        """Return a fact by id; None when it was recorded after the batch."""
        ...

    def targets(self, sources: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Return the cases to which cases lead, by what was saved before the batch."""
        ...

    def sources(self, targets: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Return the cases that lead to cases, by what was saved before the batch."""
        ...


class Changed(NamedTuple):
    """The groups of rows that a batch makes anew, and the links between cases that it brought.

    `first` are those groups that follow from the batch's own facts alone, so that no batch before it made them.
    """

    groups: dict[str, list[Row]]
    links: frozenset[tuple[str, str]]
    first: frozenset[str] = frozenset()


def changed(view: View, batch: Sequence[AnyFact], around: Around, corrections: Corrections) -> Changed:
    """Return what a batch changes; `corrections` takes those in the batch, and is to know all before it."""
    touched = list(batch)
    for fact in batch:
        if fact.subject.kind == CORRECTION:
            touched += [one for one, _ in corrections.take(fact) if one.sequence <= batch[-1].sequence]
            touched += _corrections_below(fact, around)
    groups: dict[str, list[Row]] = {}
    links: frozenset[tuple[str, str]] = frozenset()
    if view.of_case is not None:
        rows, links = _of_cases(view.of_case, touched, around, corrections)
        groups.update(rows)
    first: frozenset[str] = frozenset()
    if view.of_fact is not None:
        groups.update(_of_facts(view.of_fact, touched, around, corrections))
        first = frozenset(map(_group_of, batch))
    return Changed(groups, links, first)


def _of_cases(
    of_case: OfCase, touched: Sequence[AnyFact], around: Around, corrections: Corrections
) -> tuple[dict[str, list[Row]], frozenset[tuple[str, str]]]:
    cases = {case_key(fact.subject) for fact in touched if fact.subject.kind in of_case.kinds}
    links: frozenset[tuple[str, str]] = frozenset()
    leading: dict[str, set[str]] = {}
    if of_case.leads is not None:
        links = frozenset((case_key(fact.subject), case) for fact in touched for case in of_case.leads(fact))
        heard = {case_key(fact.subject) for fact in touched if of_case.hears(fact)}
        cases.update(case for found in (around.targets(heard) if heard else {}).values() for case in found)
        cases.update(target for _, target in links)
        leading = {case: {case, *found} for case, found in (around.sources(cases) if cases else {}).items()}
    for source, target in links:
        leading.setdefault(target, {target}).add(source)
    if not cases:
        return {}, links
    histories = around.facts_of({one for case in cases for one in leading.get(case, (case,))})
    return {
        f"c:{case}": list(of_case.rows(case, _in_order(leading.get(case, (case,)), histories, corrections)))
        for case in sorted(cases)
    }, links


def _in_order(
    cases: Iterable[str], histories: Mapping[str, Sequence[AnyFact]], corrections: Corrections
) -> list[AnyFact]:
    """Return the facts of some cases that count; one recorded late stands where it occurred."""
    counting = (fact for case in cases for fact in histories[case] if not corrections.struck(fact.id))
    return sorted(counting, key=lambda fact: (fact.occurred_at.latest, fact.sequence))


def _group_of(fact: AnyFact) -> str:
    return f"f:{fact.sequence}"


def _of_facts(
    of_fact: OfFact, touched: Iterable[AnyFact], around: Around, corrections: Corrections
) -> dict[str, list[Row]]:
    return {
        _group_of(fact): list(of_fact(fact, not corrections.struck(fact.id), _struck_by(fact, around)))
        for fact in {one.sequence: one for one in touched}.values()
    }


def _corrections_below(correction: AnyFact, around: Around) -> list[AnyFact]:
    """Return the corrections that a correction strikes out or, by that, brings back."""
    found: dict[UUID, AnyFact] = {}
    fact: AnyFact | None = correction
    while fact is not None and isinstance(fact.data, RecordCorrected | RecordAnnulled) and fact.id not in found:
        found[fact.id] = fact
        fact = around.find(fact.data.wrong)
    return list(found.values())[1:]


def _struck_by(fact: AnyFact, around: Around) -> AnyFact | None:
    """Return the fact that a correction is about in the end, also through a correction of that correction."""
    seen = {fact.id}
    while isinstance(fact.data, RecordCorrected | RecordAnnulled):
        wrong = around.find(fact.data.wrong)
        if wrong is None or wrong.id in seen:
            return None
        seen.add(wrong.id)
        fact = wrong
        if not isinstance(fact.data, RecordCorrected | RecordAnnulled):
            return fact
    return None
