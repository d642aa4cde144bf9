"""Who was away and who was entrusted years ago lies on the shelf; a late fact or a correction finds it there."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from events.fact import AnyFact
from tests.projections.kept import Places
from tests.projections.playing import cases_of
from tests.projections.saved.test_saved_watch import live_and_compare
from tests.rulebooks.kinds.histories import fact

BOTH_AWAY = "xinqiu/8.1-both-away"
ALONE = "常务副区长在阜，无须另行委托"
NOBODY = "区长与常务副区长均不在阜，未指定他人"
ENTRUSTED = "均不在阜，区长指定其他副区长"
PARTNER, MANDATE = "ab-e", "en-1"


def facts_of(name: str) -> list[AnyFact]:
    """Return the facts of a case of the rule."""
    return list(next(one for one in cases_of("xinqiu") if (one.rule, one.name) == (BOTH_AWAY, name)).facts)


def of(facts: list[AnyFact], case: str) -> list[AnyFact]:
    """Return those facts that belong to a case."""
    return [one for one in facts if one.subject.id == case]


def told(type_: str, case: str, day: str, **data: object) -> AnyFact:
    """Return a fact of the district."""
    return replace(fact(type_, case, day, **data), district="xinqiu")


def annulled(wrong: AnyFact) -> AnyFact:
    """Return what annuls a fact long afterwards."""
    return told("record.annulled", "correction/c-1", "2029-03-02", wrong=str(wrong.id), reason="误录")


def years_later() -> list[AnyFact]:
    """Return facts of somebody else's leave, of which some limit runs out: time passes, and the watch lets go."""
    leave = {
        "person": "p-dep2",
        "kind": "personal_leave",
        "from": "2029-01-08",
        "until": "2029-01-09",
        "reason": "私事",
    }
    asked = told("absence.registered", "absence/q-1", "2029-01-02", **leave)
    return [asked, *(told("absence.departed", f"absence/q-{day}", f"2029-02-{day}") for day in (10, 20))]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("name", "late", "wrong", "state"),
    [
        (NOBODY, (), (), "violated"),
        (NOBODY, (PARTNER,), (), "violated"),
        (NOBODY, (), (PARTNER,), "satisfied"),
        (ALONE, (), (), "satisfied"),
        (ENTRUSTED, (), (), "satisfied"),
        (ENTRUSTED, (MANDATE,), (), "satisfied"),
        (ENTRUSTED, (), (MANDATE,), "violated"),
        (ENTRUSTED, (PARTNER,), (MANDATE,), "violated"),
        (ENTRUSTED, (MANDATE,), (PARTNER,), "satisfied"),
    ],
)
def test_what_is_recorded_or_annulled_years_later_is_judged_by_who_was_away_then(
    folders: Places, name: str, late: tuple[str, ...], wrong: tuple[str, ...], state: str, seed: int
) -> None:
    facts = facts_of(name)
    later = [one for case in late for one in of(facts, case)]
    corrections = [annulled(of(facts, case)[0]) for case in wrong]
    recorded = [*(one for one in facts if one not in later), *years_later(), *later, *corrections]
    saved = live_and_compare(folders, "xinqiu", recorded, Random(seed), behind=False)
    assert [one.state for one in saved if one.rule == BOTH_AWAY and one.subject == "absence/ab-h"] == [state]


@pytest.mark.parametrize("seed", range(2))
def test_an_absence_called_off_years_later_accuses_nobody_any_more(folders: Places, seed: int) -> None:
    called_off = told("absence.cancelled", f"absence/{PARTNER}", "2029-03-02", reason="误记")
    recorded = [*facts_of(NOBODY), *years_later(), called_off]
    saved = live_and_compare(folders, "xinqiu", recorded, Random(seed), behind=False)
    assert [one.state for one in saved if one.rule == BOTH_AWAY and one.subject == "absence/ab-h"] == ["satisfied"]
