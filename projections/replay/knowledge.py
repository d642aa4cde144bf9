"""What a replay asks of a ledger, and the facts of a case as they stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from events.fact import case_key
from projections.replay.as_of import bears_on_all
from projections.replay.spans import Spans
from projections.watch.acts_asked import ACTS
from projections.watch.shelf import Link
from rulebooks.language.references import references_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from events.moment import Instant
    from projections.replay.as_of import AsOf
    from projections.watch.past_counts import CountRow
    from projections.watch.shelf import Kept


class Index(Protocol):
    """What is known of a district beyond single cases, so that a replay need not read the whole of its ledger."""

    def background(self) -> Sequence[AnyFact]:
        """Return roster, calendar, rulebooks adopted, corrections and waivers, in order.

        Among them is, for any sequence, the fact known by then that occurred first.
        """
        ...

    def spans(self) -> Spans:
        """Return whom absences and entrustments concern, and how far each may reach."""
        ...

    def naming(self, case: str) -> Iterable[str]:
        """Return the cases with a fact that names a case, by key; there may be some more."""
        ...

    def dated_back(self) -> Sequence[int]:
        """Return the facts read, by sequence, that say they were recorded before the fact before them."""
        ...


class ReadIndex:
    """An index made by reading facts, from the first one on or from where a saved one ends."""

    def __init__(self, saved: Index | None = None, through: int = 0) -> None:
        """`through` is the sequence as far as the saved index knows the background."""
        self._saved = saved
        self._through = through
        self._background = [] if saved is None else list(saved.background())
        self._spans = Spans() if saved is None else saved.spans()
        self._naming: dict[str, dict[str, None]] = {}
        self._recorded_at: dt.datetime | None = None
        self._dated_back: list[int] = []
        self._first: Instant | None = min((one.occurred_at.earliest for one in self._background), default=None)

    def take(self, fact: AnyFact) -> None:
        """Take the next fact; one that the saved index has may come again."""
        if self._recorded_at is not None and fact.recorded_at < self._recorded_at:
            self._dated_back.append(fact.sequence)
        self._recorded_at = fact.recorded_at
        for case, _ in references_of(fact):
            self._naming.setdefault(case, {})[case_key(fact.subject)] = None
        if fact.sequence <= self._through or fact.origin in {"watch", "clock"}:
            return
        if fact.subject.kind in ACTS:
            self._spans.take(fact)
        if bears_on_all(fact.subject.kind, fact.type) or self._is_first(fact):
            self._background.append(fact)

    def _is_first(self, fact: AnyFact) -> bool:
        """Tell whether a fact occurred before all that are known."""
        earliest = fact.occurred_at.earliest
        if self._first is not None and earliest >= self._first:
            return False
        self._first = earliest
        return True

    def background(self) -> Sequence[AnyFact]:
        """Return what bears on every case."""
        return self._background

    def spans(self) -> Spans:
        """Return how far absences and entrustments reach."""
        return self._spans

    def naming(self, case: str) -> Iterable[str]:
        """Return the cases that name a case."""
        return {**dict.fromkeys(() if self._saved is None else self._saved.naming(case)), **self._naming.get(case, {})}

    def dated_back(self) -> Sequence[int]:
        """Return the facts read here that were recorded before the fact before them."""
        return self._dated_back


class Knowledge:
    """The facts of one district, read case by case and kept while a replay lasts."""

    def __init__(self, ledger: LedgerReader, district: str, index: Index) -> None:
        self.district = district
        self.index = index
        self._ledger = ledger
        self._cases: dict[str, Sequence[AnyFact]] = {}
        self._found: dict[UUID, AnyFact | None] = {}

    def facts_of(self, case: str) -> Sequence[AnyFact]:
        """Return every fact of a case, those of the watch too, in order of recording."""
        found = self._cases.get(case)
        if found is None:
            found = self._cases[case] = self._ledger.read_case(self.district, case)
        return found

    def read_ahead(self, cases: Iterable[str]) -> None:
        """Read the facts of several cases at once."""
        self._cases.update(self._ledger.read_cases(self.district, [one for one in cases if one not in self._cases]))

    def find(self, fact_id: UUID) -> AnyFact | None:
        """Return a fact by id."""
        if fact_id not in self._found:
            self._found[fact_id] = self._ledger.find(self.district, fact_id)
        return self._found[fact_id]


class ShelfAsOf:
    """The shelf of a throwaway watch: nothing is saved on it, facts are those that count at a moment."""

    def __init__(self, knowledge: Knowledge, as_of: AsOf) -> None:
        self._knowledge = knowledge
        self._as_of = as_of
        self.acts = knowledge.index.spans()
        self._background: dict[str, list[AnyFact]] = {}
        for fact in self.background():
            if bears_on_all(fact.subject.kind, fact.type):
                self._background.setdefault(case_key(fact.subject), []).append(fact)

    def background(self) -> Iterator[AnyFact]:
        """Return what bears on every case, as far as it counts."""
        return (one for one in self._knowledge.index.background() if self._as_of.counts(one))

    def facts_of(self, case: str, through: int) -> list[AnyFact]:  # noqa: ARG002  the moment bounds them
        """Return the facts of a case that the watch judges by."""
        held = self._background.get(case)
        if held is not None:
            return held
        facts = self._knowledge.facts_of(case)
        return [one for one in facts if one.origin != "watch" and self._as_of.counts(one)]

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id, when it counts."""
        found = self._knowledge.find(fact_id)
        return None if found is None or not self._as_of.counts(found) else found

    def standing_of(self, subject: str) -> Iterable[Kept]:  # noqa: ARG002  nothing is saved
        """Return nothing: a replay judges anew."""
        return ()

    def links_to(self, target: str) -> list[Link]:
        """Return who refers to a case, as far as the facts that do so count."""
        sources = list(self._knowledge.index.naming(target))
        self._knowledge.read_ahead(sources)
        return [
            Link(source, target, field)
            for source in sources
            for fact in self.facts_of(source, 0)
            for case, field in references_of(fact)
            if case == target
        ]

    def subjects_since(self, instant: Instant) -> Iterable[str]:  # noqa: ARG002  nothing is saved
        """Return nothing, as above."""
        return ()

    def subjects_violating(self) -> Iterable[str]:
        """Return nothing, as above."""
        return ()

    def counts_of(self, rule: str, case: str | None) -> Iterable[tuple[str, CountRow]]:  # noqa: ARG002  nothing is saved
        """Return nothing, as above."""
        return ()
