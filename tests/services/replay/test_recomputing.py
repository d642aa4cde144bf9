"""Recomputed = recorded, over invented histories; and each way in which they differ is named."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.alert import AlertRaised
from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Ledger, Proposal
from events.parsing import History
from projections.alerts.facts import Provenance
from projections.databases.views_file import ViewsFile
from projections.replay.recomputation import Ran, Recomputation
from services.judging import Judging
from services.replay.basis import DistrictBasis
from services.replay.ledger_until import reach_of
from services.replay.recomputing import ran_so_far, recomputed
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.playing import Direct
from tests.services.replay.replay_scene import ASKED, NOW, basis, facts_of

KNOWN = Ran(None, None)


def lived(facts: Iterable[AnyFact], district: str, judging: Judging, views: ViewsFile) -> MemoryLedger:
    """Record a history day by day, the watch judging after each."""
    ledger = MemoryLedger()
    every = list(facts)
    direct = Direct(ledger, every[0].recorded_at)
    watch = DistrictWatch(district, judging, Surroundings(ledger, direct, views, direct.clock))
    for _, day in groupby(every, key=lambda one: one.recorded_at.date()):
        for fact in day:
            direct.now = max(direct.now, fact.recorded_at)
            ledger.record([Proposal(facts=(fact,), recorded_at=fact.recorded_at)], direct.now)
        watch.catch_up()
    return ledger


def again(ledger: Ledger, district: str, by: DistrictBasis | None = None, ran: Ran = KNOWN) -> Recomputation:
    return recomputed(ledger, by or basis(district), district, reach_of(ledger, district, NOW), ran)


def rewritten(ledger: Ledger, changed: dict[int, AnyFact | None]) -> Ledger:
    """Return the ledger as it would be had somebody changed or dropped facts behind its back."""
    other = MemoryLedger()
    for fact in ledger.read("xinzhou", 0, 10_000):
        now = changed.get(fact.sequence, fact)
        if now is not None:
            sequence = other.head("xinzhou").sequence + 1
            other.append("xinzhou", [replace(now, sequence=sequence)])
    return other


def other_engine(by: DistrictBasis, engine: str) -> DistrictBasis:
    """Return the same rules judged by another version of the program."""
    provenance: Provenance = by.judging.by._replace(engine=engine)
    return by._replace(judging=dataclasses.replace(by.judging, by=provenance, key=f"{by.judging.key} {engine}"))


@pytest.fixture
def views(tmp_path: Path) -> Iterator[ViewsFile]:
    with ViewsFile(tmp_path / "views.sqlite") as made:
        yield made


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(district=st.sampled_from(sorted(DISTRICTS)), seed=st.integers(0, 2**32), breaches=st.integers(1, 4))
def test_any_invented_history_gives_the_alerts_that_were_recorded(
    tmp_path: Path, district: str, seed: int, breaches: int
) -> None:
    year = plan(DISTRICTS[district], 40, seed, breaches)
    facts = list(History(history_text(district, year).encode().splitlines()))
    place = tmp_path / f"{district}-{seed}-{breaches}.sqlite"
    with ViewsFile(place) as made:
        ledger = lived(facts, district, basis(district).judging, made)
        found = again(ledger, district, ran=ran_so_far(made, district, basis(district).judging))
    assert (found.verdict, found.differences) == ("equal", ())
    assert found.recorded == found.recomputed == found.equal > 0


@pytest.fixture
def ledger(views: ViewsFile) -> MemoryLedger:
    later = [
        {**ASKED, "subject": {"kind": "countersign", "id": f"cs-{n}"}, "occurred_at": f"2026-1{n}-10"} for n in (1, 2)
    ]
    return lived(facts_of([ASKED, *later]), "xinzhou", basis("xinzhou").judging, views)


def alerts_of(ledger: Ledger) -> Sequence[AnyFact]:
    return [one for one in ledger.read("xinzhou", 0, 10_000) if isinstance(one.data, AlertRaised)]


def codes(found: Recomputation) -> list[tuple[str, str, str]]:
    return [(one.where, one.transition, one.code) for one in found.differences]


def test_an_alert_that_was_dropped_or_invented_is_not_explained(ledger: MemoryLedger) -> None:
    raised = alerts_of(ledger)[0]
    every = ledger.read("xinzhou", 0, 10_000)
    invented = replace(raised, id=every[0].id, subject=replace(raised.subject, id=str(every[0].id)))
    other = MemoryLedger()
    for fact in every:
        other.append("xinzhou", [replace(invented, sequence=fact.sequence) if fact is raised else fact])
    found = again(other, "xinzhou", ran=Ran(every[-1].sequence, by_these=True))
    assert found.verdict == "unexplained"
    assert codes(found) == [
        ("recomputed_alone", "raised", "recompute.unexplained"),
        ("recorded_alone", "raised", "recompute.unexplained"),
    ]


def test_an_alert_that_says_something_else_is_named_with_its_fields(ledger: MemoryLedger) -> None:
    raised = alerts_of(ledger)[0]
    assert isinstance(raised.data, AlertRaised)
    changed = replace(raised, data=replace(raised.data, severity="breach", due_at=raised.occurred_at))
    found = again(rewritten(ledger, {raised.sequence: changed}), "xinzhou")
    assert [(one.where, one.fields, one.code) for one in found.differences] == [
        ("says_otherwise", ("due_at", "severity"), "recompute.unexplained")
    ]
    assert (found.differences[0].rule, found.differences[0].subject) == ("xinzhou/28.2-reply", "countersign/cs-1")


def test_a_fact_dropped_from_the_history_leaves_its_alert_without_a_cause(ledger: MemoryLedger) -> None:
    asked = ledger.read("xinzhou", 0, 1)[0]
    other = MemoryLedger()
    for fact in ledger.read("xinzhou", 0, 10_000):
        same = replace(fact, data=replace(fact.data, departments=("u-nobody",))) if fact.id == asked.id else fact
        other.append("xinzhou", [same])
    found = again(other, "xinzhou", ran=Ran(other.head("xinzhou").sequence, by_these=True))
    assert found.verdict == "unexplained"
    assert {one.where for one in found.differences} == {"recorded_alone", "recomputed_alone"}


def test_what_the_watch_has_not_judged_yet_is_explained(ledger: MemoryLedger) -> None:
    late = facts_of([{**ASKED, "subject": {"kind": "countersign", "id": "cs-9"}, "occurred_at": "2026-12-15"}])[0]
    now = late.recorded_at
    ledger.record([Proposal(facts=(late,), recorded_at=now)], now)
    ran = Ran(ledger.head("xinzhou").sequence, by_these=True)
    assert again(ledger, "xinzhou", ran=ran).verdict == "equal"
    ledger.record_clock("xinzhou", NOW, NOW)
    found = again(ledger, "xinzhou", ran=ran)
    assert found.verdict == "explained"
    assert {code for _, _, code in codes(found)} == {"recompute.not_judged_yet"}


def test_another_program_or_rulebook_shows_its_difference_before_it_is_adopted(
    ledger: MemoryLedger, views: ViewsFile
) -> None:
    here = basis("xinzhou")
    newer = other_engine(here, "9.9.9")
    found = again(ledger, "xinzhou", newer, ran_so_far(views, "xinzhou", newer.judging))
    assert (found.verdict, found.engine, found.engines_recorded) == ("explained", "9.9.9", (here.judging.by.engine,))
    assert {(one.where, one.fields, one.code) for one in found.differences} == {
        ("says_otherwise", ("engine",), "recompute.other_engine")
    }
    without = here._replace(
        by=here.by._replace(
            rules=[one for one in here.by.rules if one.header.id != "xinzhou/28.2-reply"], dispatch=None
        )
    )
    hashed = without._replace(
        judging=dataclasses.replace(here.judging, by=here.judging.by._replace(hashes={"xinzhou/2023": "other"}))
    )
    gone = again(ledger, "xinzhou", hashed)
    assert (gone.verdict, gone.recomputed) == ("explained", 0)
    assert {code for _, _, code in codes(gone)} == {"recompute.other_rulebook"}
