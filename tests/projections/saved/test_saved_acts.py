"""What is saved of absences and entrustments leads a replay to the same cases as taking every fact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from random import Random

import msgspec
import pytest

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import MICROSECONDS_A_DAY, instant_of
from events.parsing import History
from projections.databases.views_database import ViewsDatabase, ViewsError
from projections.replay.as_of import bears_on_all
from projections.replay.knowledge import ReadIndex
from projections.replay.spans import Spans
from projections.saved.batch import NOTHING_SAVED, Batch, Progress
from projections.saved.saved_acts import ActsThrough, SavedActs
from projections.saved.snapshot import Snapshot
from projections.watch.acts_asked import ACTS
from projections.watch.filing import BACKGROUND_KINDS
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from tests.projections.kept import Places

DISTRICT = "xinzhou"
KEY = "a key"


@pytest.fixture(scope="module")
def ledger() -> MemoryLedger:
    """Return a ledger of a quarter of a year, some of it recorded days later."""
    history = history_text(DISTRICT, plan(DISTRICTS[DISTRICT], 90, 7, 6)).encode().splitlines()
    found = MemoryLedger()
    for fact in History(history):
        found.record([Proposal(facts=(fact,), recorded_at=fact.recorded_at)], fact.recorded_at)
    return found


def saved(ledger: MemoryLedger, views: ViewsDatabase, through: int, batch: int) -> None:
    """Save as a watch does, batch by batch, up to a sequence."""
    shelf, position = Snapshot(views, ledger, DISTRICT), 0
    shelf.open_for(KEY)
    while position < through:
        facts = ledger.read(DISTRICT, position, min(batch, through - position))
        position = facts[-1].sequence
        background = [one for one in facts if one.subject.kind in BACKGROUND_KINDS]
        taken = msgspec.structs.replace(NOTHING_SAVED, acts=tuple(one for one in facts if one.subject.kind in ACTS))
        progress = Progress(position, instant_of(facts[-1].recorded_at))
        shelf.save(Batch(progress=progress, saved=taken, background=background))


def asked(spans: Spans, facts: Sequence[AnyFact]) -> list[tuple[object, ...]]:
    """Return what some spans answer about everybody, on days drawn by lot."""
    choice = Random(3)
    days = [one.occurred_at.earliest for one in facts]
    answers: list[tuple[object, ...]] = []
    for kind in sorted(ACTS):
        persons = sorted(spans.concerned(kind))
        answers.append((kind, tuple(persons)))
        for person in persons:
            for since in choice.sample(days, 3):
                until = since + choice.randint(0, 9) * MICROSECONDS_A_DAY
                cases = tuple(sorted(spans.touching(kind, person, since, until)))
                answers.append((kind, person, since, until, cases))
    return answers


@pytest.mark.parametrize(("part", "batch"), [(1.0, 50), (0.5, 7), (0.8, 1)])
def test_spans_saved_as_far_as_the_watch_came_and_taken_beyond_answer_as_if_all_were_taken(
    ledger: MemoryLedger, places: Places, part: float, batch: int
) -> None:
    head = ledger.head(DISTRICT).sequence
    facts = ledger.read(DISTRICT, 0, head)
    through = int(head * part)
    whole = ReadIndex()
    for fact in facts:
        whole.take(fact)
    with places.anew() as place, closing(place.watch()) as views:
        saved(ledger, views, through, batch)
        spans = Spans(ActsThrough(views, DISTRICT, through))
        for fact in facts[through:]:
            if fact.subject.kind in ACTS:
                spans.take(fact)
        answers = asked(spans, facts)
        background = SavedActs(views, DISTRICT).background()
    assert answers == asked(whole.spans(), facts)
    assert any(len(one) == 5 and one[-1] for one in answers)
    of_all = [one for one in whole.background() if bears_on_all(one.subject.kind, one.type)]
    assert [one for one in background if bears_on_all(one.subject.kind, one.type)] == [
        one for one in of_all if one.sequence <= through
    ]


def test_of_the_acts_those_are_background_that_occurred_before_all_that_were_known(
    ledger: MemoryLedger, places: Places
) -> None:
    acts = [one for one in ledger.read(DISTRICT, 0, 10_000) if one.subject.kind == "absence"]
    late = sorted(acts, key=lambda one: one.occurred_at.earliest)
    first, second, third = late[0], late[len(late) // 2], late[-1]
    with places.anew() as place, closing(place.watch()) as views, views.writing():
        SavedActs(views, DISTRICT).save([second, third], [])
        assert SavedActs(views, DISTRICT).background() == [second]
        SavedActs(views, DISTRICT).save([first], [])
        assert SavedActs(views, DISTRICT).background() == sorted([first, second], key=lambda one: one.sequence)


def test_a_replay_is_refused_rather_than_answered_from_what_was_thrown_away(
    ledger: MemoryLedger, places: Places
) -> None:
    with places.anew() as place, closing(place.watch()) as views:
        saved(ledger, views, 100, 50)
        acts = ActsThrough(views, DISTRICT, 100)
        assert acts.concerned("absence") is not None
        Snapshot(views, ledger, DISTRICT).open_for("another key")
        with pytest.raises(ViewsError, match="judged anew"):
            acts.concerned("absence")
