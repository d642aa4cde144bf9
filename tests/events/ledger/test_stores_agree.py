"""Whatever is recorded, in whatever batches: every store answers alike, and the cut into batches does not matter."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import chain, cycle
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from events.ledger.case_cache import CaseCache
from events.ledger.errors import Reason
from events.ledger.memory import MemoryLedger
from events.ledger.port import Histories, Ledger, Outcome, Proposal, Recorded, Refused, Repeated
from events.postgres.ledger import PostgresLedger
from events.sqlite.ledger import SqliteLedger
from tests.events.ledger.conftest import emptied
from tests.events.ledger.examples import NINE, XINZHOU, YUANZHOU, withdrawn

TOO_MANY = Refused(Reason("matter.too_many", "已有两条", "there are two"))


def at_most_two(histories: Histories) -> Refused | None:
    return TOO_MANY if any(len(facts) > 1 for facts in histories.values()) else None


FACTS = st.builds(
    lambda number, district, reason: withdrawn(
        number, matter=f"m-{number % 4}", district=district, reason=reason, name=str(number)
    ),
    st.integers(min_value=0, max_value=12),
    st.sampled_from([XINZHOU, XINZHOU, YUANZHOU]),
    st.sampled_from(["另行研究", "另行研究", "另行研究", "撤回"]),
)
PROPOSALS = st.builds(
    lambda facts, key, expected, decide: Proposal(
        facts=tuple(facts), key=key, expected=expected, reads=("matter/m-2",), decide=decide
    ),
    st.lists(FACTS, max_size=3),
    st.sampled_from([None, None, "form-1", "form-2"]),
    st.dictionaries(st.sampled_from(["matter/m-0", "matter/m-1"]), st.integers(0, 2), max_size=1),
    st.sampled_from([None, None, at_most_two]),
)
BATCHES = st.lists(st.lists(PROPOSALS, max_size=6), max_size=6)


def settled(outcomes: Sequence[Outcome]) -> list[object]:
    """Return outcomes with receipts looked at, so that lazy ones compare."""
    return [
        (type(outcome), tuple(outcome.receipts)) if isinstance(outcome, Recorded | Repeated) else outcome
        for outcome in outcomes
    ]


def state(ledger: Ledger) -> list[object]:
    """Return everything that a ledger tells."""
    cases = [f"matter/m-{number}" for number in range(4)]
    told: list[object] = []
    for district in (XINZHOU, YUANZHOU):
        histories = {case: list(facts) for case, facts in ledger.read_cases(district, cases).items()}
        told += [ledger.head(district), ledger.read(district), histories, ledger.verify(district)]
    return told


@given(BATCHES)
def test_the_file_answers_as_the_memory_does(batches: list[list[Proposal]]) -> None:
    memory = MemoryLedger()
    with tempfile.TemporaryDirectory() as folder:
        with SqliteLedger(Path(folder) / "ledger.sqlite") as ledger:
            for batch in batches:
                assert settled(ledger.record(batch, NINE)) == settled(memory.record(batch, NINE))
            assert state(ledger) == state(memory)
        with SqliteLedger(Path(folder) / "ledger.sqlite") as ledger:
            again = list(chain.from_iterable(batches))
            assert settled(ledger.record(again, NINE)) == settled(memory.record(again, NINE))
            assert state(ledger) == state(memory)


@given(BATCHES)
@settings(max_examples=20)
def test_the_database_answers_as_the_memory_does_whichever_of_two_processes_records(
    migrated: str, batches: list[list[Proposal]]
) -> None:
    memory = MemoryLedger()
    emptied(migrated)
    with PostgresLedger(migrated) as one, PostgresLedger(migrated) as other:
        for batch, writer in zip(batches, cycle([one, other]), strict=False):
            assert settled(writer.record(batch, NINE)) == settled(memory.record(batch, NINE))
        assert state(one) == state(memory)
        again = list(chain.from_iterable(batches))
        assert settled(other.record(again, NINE)) == settled(memory.record(again, NINE))
        assert state(one) == state(memory)


@given(BATCHES)
def test_the_cut_into_batches_does_not_matter(batches: list[list[Proposal]]) -> None:
    one, many = MemoryLedger(), MemoryLedger()
    proposals = list(chain.from_iterable(batches))
    together = settled(one.record(proposals, NINE))
    apart = [settled(many.record([proposal], NINE))[0] for proposal in proposals]
    assert (together, state(one)) == (apart, state(many))


@given(BATCHES)
def test_what_was_recorded_is_dense_and_verifies(batches: list[list[Proposal]]) -> None:
    ledger = MemoryLedger()
    for batch in batches:
        ledger.record(batch, NINE)
    for district in (XINZHOU, YUANZHOU):
        facts = ledger.read(district)
        assert [fact.sequence for fact in facts] == list(range(1, len(facts) + 1))
        assert len({fact.id for fact in facts}) == len(facts)
        assert ledger.verify(district).facts == len(facts)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=40), st.integers(1, 20))
def test_a_cache_of_cases_is_bounded_and_holds_what_was_kept_last(kept: list[tuple[str, int]], most: int) -> None:
    cache = CaseCache(most)
    for name, length in kept:
        history = tuple(withdrawn(number) for number in range(length))
        cache.keep(name, history)
        assert len(cache) <= most
        assert cache.find(name) == (history if length <= most else None)
