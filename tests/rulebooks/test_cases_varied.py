"""What changes no finding: every case of every rulebook, told as another clerk might have recorded it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

import msgspec
import pytest
from msgspec import UNSET

from events.document import DocumentReceived
from events.fact import AnyFact, FactData, UnitId
from events.moment import Moment
from events.roster import RosterPersonAppointed, RosterPersonLeftPost
from rulebooks.checks.cases import Case, load_cases
from rulebooks.loading import HOME, RULEBOOK_FILE, Rulebook, load_rulebook
from services.checking import play

FOLDERS = sorted(path.parent for path in HOME.glob(f"*/*/{RULEBOOK_FILE}"))
GOVERNMENT = {"u-gov", "u-office"}
FINANCE = UnitId("u-finance")
SPACE = UUID(int=11)
Outcome = frozenset[tuple[str | None, str | None, str]]
each_district = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


@cache
def _judged(folder: Path) -> tuple[Rulebook, Sequence[tuple[Case, Outcome]]]:
    """Return a rulebook, and its cases with what each comes to as it is written."""
    rulebook = load_rulebook(folder)
    cases, _ = load_cases(folder, rulebook.district)
    return rulebook, [(case, _outcome(rulebook, case, case.facts)) for case in cases]


def _outcome(rulebook: Rulebook, case: Case, facts: Sequence[AnyFact]) -> Outcome:
    standing = play(facts, [rulebook], case.until, only=case.rule).watch.standing()
    return frozenset((one.party, one.period, one.state) for _, one in standing)


def _states(outcome: Outcome) -> set[str]:
    return {state for _, _, state in outcome}


def _varied(
    folder: Path,
    vary: Callable[[Sequence[AnyFact]], Sequence[AnyFact]],
    among: Callable[[set[str]], bool] = lambda _states: True,
) -> Iterator[tuple[str, str, Outcome, Outcome]]:
    """Yield rule and name of each case that is told otherwise, and what it came to before and comes to now."""
    rulebook, judged = _judged(folder)
    for case, before in judged:
        facts = vary(case.facts) if among(_states(before)) else case.facts
        if facts != case.facts:
            yield case.rule, case.name, before, _outcome(rulebook, case, facts)


def _a_minute_later(fact: AnyFact, data: FactData) -> AnyFact:
    recorded_at = fact.recorded_at + dt.timedelta(minutes=1)
    occurred_at = fact.occurred_at if _is_day(fact) else Moment(recorded_at.isoformat(timespec="minutes"))
    return msgspec.structs.replace(
        fact, id=uuid5(SPACE, fact.id.hex), data=data, recorded_at=recorded_at, occurred_at=occurred_at
    )


def _is_day(fact: AnyFact) -> bool:
    return fact.occurred_at.text == str(fact.occurred_at.day)


def _received_again(facts: Sequence[AnyFact], *, copied: bool) -> tuple[AnyFact, ...]:
    """Let a department enter each paper that reached the government: copied, or with what has to be given alone."""
    told: list[AnyFact] = []
    for fact in facts:
        told.append(fact)
        data = fact.data
        if not isinstance(data, DocumentReceived) or data.received_by not in GOVERNMENT:
            continue
        again = msgspec.structs.replace(data, received_by=FINANCE)
        if not copied:
            again = DocumentReceived(
                title=data.title, kind=data.kind, from_unit=data.received_by, received_by=FINANCE, form=UNSET
            )
        told.append(_a_minute_later(fact, again))
    return tuple(told)


@each_district
@pytest.mark.parametrize("copied", [True, False], ids=["copied", "with what has to be given alone"])
def test_a_paper_entered_by_the_unit_it_was_passed_on_to_changes_nothing(folder: Path, *, copied: bool) -> None:
    varied = _varied(folder, lambda facts: _received_again(facts, copied=copied))
    assert [(rule, name) for rule, name, before, after in varied if before != after] == []


@each_district
def test_an_hour_that_is_not_recorded_accuses_nobody(folder: Path) -> None:
    def days(facts: Sequence[AnyFact]) -> tuple[AnyFact, ...]:
        return tuple(
            fact if _is_day(fact) else msgspec.structs.replace(fact, occurred_at=Moment(str(fact.occurred_at.day)))
            for fact in facts
        )

    varied = _varied(folder, days, lambda states: states == {"satisfied"})
    accused = [(rule, name) for rule, name, _, after in varied if "violated" in _states(after)]
    assert accused == []


@each_district
def test_whoever_leaves_office_later_changes_nothing_of_what_was_settled(folder: Path) -> None:
    def all_left(facts: Sequence[AnyFact]) -> tuple[AnyFact, ...]:
        end = max(fact.recorded_at for fact in facts) + dt.timedelta(days=1)
        at = Moment(end.isoformat(timespec="minutes"))
        return (*facts, *(_left(fact, end, at) for fact in facts if isinstance(fact.data, RosterPersonAppointed)))

    varied = _varied(folder, all_left, lambda states: not states & {"open", "waiting", "paused", "forecast"})
    changed = [(rule, name) for rule, name, before, after in varied if _breaches(before) != _breaches(after)]
    assert changed == []


def _breaches(outcome: Outcome) -> Outcome:
    return frozenset(one for one in outcome if one[2] == "violated")


def _left(fact: AnyFact, recorded_at: dt.datetime, at: Moment) -> AnyFact:
    data = fact.data
    assert isinstance(data, RosterPersonAppointed)
    left = RosterPersonLeftPost(person=data.person, left_on=recorded_at.date(), leaving_reason="transferred")
    return msgspec.structs.replace(
        fact, id=uuid5(SPACE, fact.id.hex), type=left.TYPE.name, data=left, recorded_at=recorded_at, occurred_at=at
    )
