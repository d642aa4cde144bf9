"""A preview says what the watch then says once the facts are recorded, to the letter, and leaves no trace."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from structlog.testing import capture_logs

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal, Recorded
from events.moment import Moment, datetime_of, day_of
from events.parsing import Defaults, History
from projections.databases.views_file import ViewsFile
from projections.effects import Effect
from projections.saved.batch import NOTHING_SAVED
from projections.saved.saved_shelf import SavedShelf
from projections.saved.watch_tables import TABLES
from projections.watch.shelf import Kept
from rulebooks.judgement import Judgement
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from services.judging import Judging
from services.previews.judges import LiveJudge, SavedJudge
from services.recording.preview import Judged
from services.watching.district_watch import DistrictWatch
from services.watching.striking import PATIENCE
from services.watching.surroundings import Surroundings
from tests.projections.playing import Direct, districts, history, judging, shuffled
from tests.rulebooks.kinds.histories import fact

HISTORIES = Path(__file__).parents[3] / "services" / "sample" / "histories"
STATES = ("open", "paused", "forecast", "satisfied", "violated", "waived", "not_determinable")
Stands = Mapping[tuple[str, str, str | None, UUID, str | None], Kept]
Told = tuple[str, str, str | None, str | None, str | None, str | None, str | None, str | None, tuple[str, ...]]


@cache
def demonstration(district: str) -> Sequence[AnyFact]:
    """Return the demonstration of a district, read once."""
    lines = (HISTORIES / district / "demonstration.jsonl").read_bytes().splitlines()
    return tuple(History(lines, Defaults(district=district)))


def with_mishaps(facts: Sequence[AnyFact], choice: Random) -> list[AnyFact]:
    """Return a history in which some facts are recorded late, and some are annulled, now and then the annulment too."""
    found = list(facts)
    for _ in range(choice.randint(0, len(found) // 10)):
        late = found.pop(choice.randrange(len(found)))
        found.insert(choice.randint(0, len(found)), late)
    for number in range(choice.randint(0, 6)):
        place = choice.randrange(len(found))
        annulment = fact(
            "record.annulled",
            f"correction/c-{number}",
            found[place].occurred_at.text,
            wrong=str(found[place].id),
            reason="误录",
        )
        found.insert(choice.randint(place + 1, len(found)), replace(annulment, district=found[place].district))
    return found


class Office:
    """A ledger in memory whose district is watched, with views in a file, and the ways to preview."""

    def __init__(self, district: str, folder: Path, by: Judging | None = None) -> None:
        self.district = district
        self.by = by or judging(district)
        self.ledger = MemoryLedger()
        self.direct = Direct(self.ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        self.path = folder / "views.sqlite"
        self.views = ViewsFile(self.path)
        self.shelf = SavedShelf(self.views, self.ledger, district)
        self.start()

    def start(self) -> None:
        """Start the watch, as after a crash."""
        surroundings = Surroundings(self.ledger, self.direct, self.views, self.direct.clock)
        self.watch = DistrictWatch(self.district, self.by, surroundings, most_cases=5)

    def reach(self, facts: Sequence[AnyFact]) -> None:
        """Let the clock come to when facts are recorded."""
        latest = max(one.recorded_at for one in facts)
        self.direct.now = max(self.direct.now, latest, *(datetime_of(one.occurred_at.latest) for one in facts))

    def record(self, facts: Sequence[AnyFact]) -> None:
        (outcome,) = self.ledger.record([Proposal(facts=tuple(facts))], self.direct.now)
        assert isinstance(outcome, Recorded), outcome

    def live(self, facts: Sequence[AnyFact]) -> Judged[Effect]:
        judge = LiveJudge(lambda _: self.watch, judging, self.ledger, self.open_views, self.direct.clock)
        return judge(self.district, facts, self.ledger.head(self.district).sequence)

    def saved(self, facts: Sequence[AnyFact]) -> Judged[Effect]:
        with self.open_views() as views:
            judge = SavedJudge(judging, self.ledger, views, self.direct.clock)
            return judge(self.district, facts, self.ledger.head(self.district).sequence)

    def from_scratch(self, facts: Sequence[AnyFact]) -> Judged[Effect]:
        judge = SavedJudge(judging, self.ledger, None, self.direct.clock)
        return judge(self.district, facts, self.ledger.head(self.district).sequence)

    def open_views(self) -> ViewsFile:
        return ViewsFile(self.path, writable=False)

    def stands(self) -> Stands:
        found = self.shelf.judgements(*STATES)
        return {(one.rule, one.subject, one.party, one.trigger, one.period): one for one in found}

    def everything(self) -> tuple[object, ...]:
        tables = [self.views.read(f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608  our own names
        return (tables, self.ledger.read(self.district, 0, 10_000), self.watch.position)

    def alert_steps(self, after: int) -> dict[UUID, tuple[str, ...]]:
        steps: dict[UUID, tuple[str, ...]] = {}
        for one in self.ledger.read(self.district, after):
            if one.origin == "watch":
                alert = UUID(one.subject.id)
                steps[alert] = (*steps.get(alert, ()), one.type.removeprefix("alert.").removesuffix(".v1"))
        return steps


def changed(before: Stands, after: Stands) -> Counter[Told]:
    """Return how judgements that were saved changed."""
    found: Counter[Told] = Counter()
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if _shown(old) != _shown(new):
            one = new or old
            assert one is not None
            state = None if new is None else new.state
            due = None if new is None else _due(new)
            was = None if old is None else old.state
            found[one.rule, one.subject, one.party, one.period, was, state, due, one.happened, one.missing] += 1
    return found


def _shown(one: Kept | None) -> tuple[object, ...]:
    return () if one is None else (one.state, one.due, one.provisional, one.happened, one.missing)


def _due(one: Kept) -> str | None:
    if one.due is None:
        return None
    return day_of(one.due).isoformat() if one.due_is_day else Moment.at(one.due).text


def told(effects: Iterable[Effect]) -> Counter[Told]:
    """Return what a preview says of judgements, in the same form."""
    return Counter(
        (one.rule, one.subject, one.party, one.period, one.before, one.after, one.due_at, one.happened_at, one.missing)
        for one in effects
        if one.what != "unchanged"
    )


def steps_of(effects: Iterable[Effect]) -> dict[UUID, tuple[str, ...]]:
    return {one.alert: one.alert_steps for one in effects if one.alert_steps}


def check(office: Office, facts: Sequence[AnyFact], choice: Random) -> None:
    """Preview facts, from a watch that lags behind and from one that does not, record them, and compare."""
    office.reach(facts)
    previews = [choice.choice([office.live, office.saved, office.from_scratch])(facts)]
    office.watch.catch_up()
    office.direct.now += 2 * PATIENCE
    office.watch.catch_up()
    office.direct.now += dt.timedelta(seconds=1)
    previews.append(choice.choice([office.live, office.saved])(facts))
    before, head = office.stands(), office.ledger.head(office.district).sequence
    office.record(facts)
    office.watch.catch_up()
    really = changed(before, office.stands())
    if any(
        one.origin != "watch" for one in office.ledger.read(office.district, previews[0].through, head)[: -len(facts)]
    ):
        previews.pop(0)  # the clock struck since, so that both are not about the same moment
    assert [told(preview.changes) for preview in previews] == [really] * len(previews)
    assert (previews[-1].through, previews[-1].unjudged) == (head, ())
    assert steps_of(previews[-1].changes) == office.alert_steps(head)


@pytest.mark.parametrize("district", districts())
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_a_preview_says_what_the_watch_says_once_the_facts_are_recorded(district: str, seed: int) -> None:
    choice = Random(seed)
    if choice.randrange(2):
        facts = with_mishaps(demonstration(district), choice)
    else:
        facts = with_mishaps(shuffled(history(district, choice), choice), choice)
    cuts = [0, *sorted(choice.randint(0, len(facts)) for _ in range(7)), len(facts)]
    with tempfile.TemporaryDirectory() as folder:
        office = Office(district, Path(folder))
        for begin, end in pairwise(cuts):
            middle = min(end, begin + choice.choice([1, 1, 1, 2, 3, 5, 20]))
            if begin < middle:
                check(office, facts[begin:middle], choice)
            if choice.randrange(4) == 0:
                office.start()
            for one in facts[middle:end]:
                office.reach([one])
                office.record([one])
                if choice.randrange(3) == 0:
                    office.watch.advance()
        office.views.close()


def test_a_preview_leaves_no_trace(tmp_path: Path) -> None:
    office = Office("xinzhou", tmp_path)
    facts = demonstration("xinzhou")
    office.reach(facts[:60])
    office.record(facts[:60])
    office.watch.catch_up()
    before = office.everything()
    for preview in (office.live, office.saved, office.live):
        assert preview(facts[60:120]).changes
    assert office.everything() == before
    assert office.watch.watch.save() == NOTHING_SAVED
    office.views.close()


def test_a_fact_that_is_in_the_ledger_changes_nothing_when_it_comes_again(tmp_path: Path) -> None:
    office = Office("xinzhou", tmp_path)
    facts = demonstration("xinzhou")[:60]
    office.reach(facts)
    office.record(facts)
    office.watch.catch_up()
    assert office.live([*facts, *facts]).changes == ()
    office.views.close()


def test_a_fact_that_the_program_cannot_judge_is_named_by_its_place(tmp_path: Path) -> None:
    def fail(_world: World, _file: CaseFile) -> list[Judgement]:
        raise ZeroDivisionError

    whole = judging("xinzhou")
    rules = tuple(dataclasses.replace(rule, judge=fail, alone=frozenset()) for rule in whole.rules)
    office = Office("xinzhou", tmp_path, dataclasses.replace(whole, rules=rules, key="faulty"))
    asked = fact(
        "countersign.requested",
        "countersign/cs-1",
        "2026-09-28",
        departments=["u-land"],
        kind="opinion",
        about="matter/m-1",
        sponsor="u-housing",
        form="online",
    )
    office.reach([asked])
    with capture_logs() as logs:
        assert office.live([asked]).unjudged == (0,)
    assert [one["event"] for one in logs] == ["preview.fact_not_judged"]
    office.views.close()


def test_without_a_rulebook_nothing_is_judged(tmp_path: Path) -> None:
    office = Office("xinzhou", tmp_path)
    judge = LiveJudge(lambda _: None, lambda _: None, office.ledger, office.open_views, office.direct.clock)
    assert judge("nowhere", demonstration("xinzhou")[:1], 7) == Judged(through=7)
    office.views.close()
