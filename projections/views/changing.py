"""What a batch of facts changes in a view: pure, and the same rows however the facts are cut into batches."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from events.record import RecordAnnulled, RecordCorrected
from projections.views.gathered import CORRECTION, Gathered, as_they_occurred

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from projections.corrections import Corrections
    from projections.views.view import Leads, OfCase, OfFact, Row, View


class Around(Protocol):
    """What a view reads beyond the batch itself."""

    def facts_of(self, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        """Return the facts of cases up to the last of the batch, as they occurred."""
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


def changed(view: View, batch: Gathered, around: Around, corrections: Corrections) -> Changed:
    """Return what a batch changes; `corrections` takes those in the batch, and is to know all before it."""
    touched = _with_what_is_corrected(batch, around, corrections)
    groups: dict[str, list[Row]] = {}
    links: frozenset[tuple[str, str]] = frozenset()
    if view.of_case is not None:
        rows, links = _of_cases(view.of_case, touched, around, corrections)
        groups.update(rows)
    first: frozenset[str] = frozenset()
    if view.of_fact is not None:
        each = _of_facts(view.of_fact, touched.facts, around, corrections)
        made = {_group_of(fact): rows for fact, rows in each if rows or touched is not batch}
        groups.update(made)
        first = frozenset(made if touched is batch else map(_group_of, batch.facts))
    return Changed(groups, links, first)


def _with_what_is_corrected(batch: Gathered, around: Around, corrections: Corrections) -> Gathered:
    """Return the facts of a batch and those whose standing its corrections change, each once."""
    further: list[AnyFact] = []
    for fact in batch.corrections:
        further += [one for one, _ in corrections.take(fact) if one.sequence <= batch.through]
        further += _corrections_below(fact, around)
    if not further:
        return batch
    return Gathered(list({one.sequence: one for one in (*batch.facts, *further)}.values()))


def _of_cases(
    of_case: OfCase, touched: Gathered, around: Around, corrections: Corrections
) -> tuple[dict[str, list[Row]], frozenset[tuple[str, str]]]:
    cases = {case for kind in of_case.kinds for case in touched.by_kind.get(kind, ())}
    links: frozenset[tuple[str, str]] = frozenset()
    leading: dict[str, set[str]] = {}
    if of_case.leads is not None:
        links, leading = _led_to(of_case, of_case.leads, cases, touched, around)
    if not cases:
        return {}, links
    histories = around.facts_of({*cases, *(one for found in leading.values() for one in found)})
    return {f"c:{case}": list(rows) for case, rows in _each(of_case, cases, leading, histories, corrections)}, links


def _led_to(
    of_case: OfCase, leads: Leads, cases: set[str], touched: Gathered, around: Around
) -> tuple[frozenset[tuple[str, str]], dict[str, set[str]]]:
    """Add the cases to which facts of other cases lead; return the links, and for each case those that lead to it."""
    sources = {case: facts for kind in of_case.others for case, facts in touched.by_kind.get(kind, {}).items()}
    links = frozenset((source, case) for source, facts in sources.items() for one in facts for case in leads(one))
    heard = {source for source, facts in sources.items() if any(map(of_case.hears, facts))}
    cases.update(case for found in (around.targets(heard) if heard else {}).values() for case in found)
    cases.update(target for _, target in links)
    leading = {case: set(found) for case, found in (around.sources(cases) if cases else {}).items()}
    for source, target in links:
        leading.setdefault(target, set()).add(source)
    return links, leading


def _each(
    of_case: OfCase,
    cases: set[str],
    leading: Mapping[str, set[str]],
    histories: Mapping[str, Sequence[AnyFact]],
    corrections: Corrections,
) -> Iterator[tuple[str, Iterable[Row]]]:
    """Yield each case with its rows: by its own facts that count, and what it hears of the others'."""
    # Worked out once for all cases to which one leads, such as the matters of a meeting.
    heard = {
        source: [one for one in histories[source] if of_case.hears(one)] for source in set().union(*leading.values())
    }
    for case in sorted(cases):
        facts = histories[case]
        if (sources := leading.get(case)) is not None:
            others = chain.from_iterable(heard[source] for source in sources if source != case)
            facts = as_they_occurred([*facts, *others])
        if not corrections.none:
            facts = [one for one in facts if not corrections.struck(one.id)]
        yield case, of_case.rows(case, facts)


def _group_of(fact: AnyFact) -> str:
    return f"f:{fact.sequence}"


def _of_facts(
    of_fact: OfFact, touched: Iterable[AnyFact], around: Around, corrections: Corrections
) -> Iterator[tuple[AnyFact, list[Row]]]:
    none = corrections.none
    for fact in touched:
        counts = none or not corrections.struck(fact.id)
        struck = _struck_by(fact, around) if fact.subject.kind == CORRECTION else None
        yield fact, list(of_fact(fact, counts, struck))


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
