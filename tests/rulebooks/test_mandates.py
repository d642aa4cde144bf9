"""From when to when somebody was entrusted, in whatever order that was recorded."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from events.moment import Moment, day_of
from projections.watch.casefiles import CaseFiles
from rulebooks.record.mandates import Mandates, mandates_of
from rulebooks.record.tenures import ALWAYS
from tests.rulebooks.kinds.histories import fact

if TYPE_CHECKING:
    from events.fact import AnyFact

CASE = "entrustment/e-1"


def given(on: str, since: str, to: str = "p-2", **until: str) -> AnyFact:
    return fact("entrustment.given", CASE, on, kind="sign_documents", by="p-1", to=to, from_=since, **until)


def ended(on: str) -> AnyFact:
    return fact("entrustment.ended", CASE, on, reason="提前返岗")


def entrusted(*facts: AnyFact) -> list[tuple[str, str, str]]:
    """Return to whom and from which day to which, the same in whatever order it was recorded."""
    found = []
    for order in permutations(facts):
        files = CaseFiles()
        for one in order:
            files.add(one)
        every = mandates_of(files.file(CASE))
        days = ["" if one.until == ALWAYS else str(day_of(one.until)) for one in every]
        found.append([(one.given.to, str(day_of(one.since)), day) for one, day in zip(every, days, strict=True)])
    assert all(one == found[0] for one in found)
    return found[0]


def test_an_entrustment_runs_to_its_last_day_or_until_it_is_ended() -> None:
    assert entrusted(given("2025-10-01", "2025-10-08", until="2025-10-15")) == [("p-2", "2025-10-08", "2025-10-15")]
    assert entrusted(given("2025-10-01", "2025-10-08")) == [("p-2", "2025-10-08", "")]
    for on, last in (("2025-10-12", "2025-10-12"), ("2025-10-20", "2025-10-15")):
        grant = given("2025-10-01", "2025-10-08", until="2025-10-15")
        assert entrusted(grant, ended(on)) == [("p-2", "2025-10-08", last)]


def test_one_withdrawn_before_it_began_never_held() -> None:
    assert entrusted(given("2025-10-01", "2025-10-08", until="2025-10-15"), ended("2025-10-05")) == []


def test_one_given_for_another_year_leaves_the_first_year_as_it_was() -> None:
    first, again = given("2025-01-02", "2025-01-02", until="2025-12-31"), given("2025-12-20", "2026-01-01")
    assert entrusted(first, again) == [("p-2", "2025-01-02", "2025-12-31"), ("p-2", "2026-01-01", "")]


def test_what_ended_one_does_not_end_what_was_given_after_it() -> None:
    first = given("2025-01-02", "2025-01-02", until="2025-12-31")
    expected = [("p-2", "2025-01-02", "2025-06-30"), ("p-3", "2025-09-01", "")]
    assert entrusted(first, ended("2025-06-30"), given("2025-09-01", "2025-09-01", "p-3")) == expected
    same_day = [("p-2", "2025-01-02", "2025-06-29"), ("p-3", "2025-06-30", "")]
    assert entrusted(first, ended("2025-06-30"), given("2025-06-30", "2025-06-30", "p-3")) == same_day


def test_one_given_anew_takes_the_place_of_the_former_from_its_first_day() -> None:
    first, again = given("2025-01-02", "2025-01-02"), given("2025-03-03", "2025-03-03", "p-3")
    assert entrusted(first, again) == [("p-2", "2025-01-02", "2025-03-02"), ("p-3", "2025-03-03", "")]


def test_each_grant_of_a_case_is_found_at_its_time_and_what_was_there_before_is_no_longer() -> None:
    files, mandates = CaseFiles(), Mandates()
    for one in (
        given("2025-01-02", "2025-01-02", until="2025-12-31"),
        given("2025-12-20", "2026-01-01", "p-3"),
        ended("2026-02-01"),
    ):
        files.add(one)
        mandates.put(files.file(CASE))
    asked = {day: mandates.given_by("p-1", Moment(day).earliest) for day in ("2025-07-01", "2026-01-31", "2026-02-02")}
    assert {day: [one.given.to for one in found] for day, found in asked.items()} == {
        "2025-07-01": ["p-2"],
        "2026-01-31": ["p-3"],
        "2026-02-02": [],
    }
    assert [one.given.to for one in mandates.of(CASE)] == ["p-2", "p-3"]
    assert mandates.given_to("p-2", Moment("2026-01-31").earliest) == []
