"""When a post was held and when partners stood in for each other, in whatever order that was recorded."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from events.moment import day_of
from rulebooks.record.tenures import ALWAYS, partnerships_of, terms_of
from tests.rulebooks.kinds.histories import fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.fact import AnyFact
    from events.moment import Instant

POST = "post/post-1"
PAIR = "ab_arrangement/ab-1"
SET_UP = fact("roster.post_established", POST, "2024-01-01", title="副区长", unit="u-gov", role="deputy_head")


def appointed(since: str, held_as: str = "substantive", person: str = "p-1", **until: str) -> AnyFact:
    return fact("roster.person_appointed", POST, since, person=person, held_as=held_as, from_=since, **until)


def left(day: str, person: str = "p-1") -> AnyFact:
    return fact("roster.person_left_post", POST, day, person=person, left_on=day, leaving_reason="transferred")


def abolished(day: str) -> AnyFact:
    return fact("roster.post_abolished", POST, day, reason="职数调整")


def set_up_anew(day: str) -> AnyFact:
    return fact("roster.post_established", POST, day, title="副区长", unit="u-gov", role="deputy_head")


def arranged(since: str, *members: str, **until: str) -> AnyFact:
    return fact("roster.ab_arranged", PAIR, since, ab_form="mutual", members=list(members), from_=since, **until)


def ended(day: str) -> AnyFact:
    return fact("roster.ab_arrangement_ended", PAIR, day, ended_on=day, reason="调整")


def day(instant: Instant) -> str:
    return "" if instant == ALWAYS else str(day_of(instant))


def held(facts: Iterable[AnyFact]) -> list[tuple[str, str, str, str]]:
    """Return person, capacity, first and last day of each term; one that never began has its last day before."""
    return [(one.person, one.held_as, day(since), day(until)) for one, since, until, _ in terms_of(facts)]


def paired(facts: Iterable[AnyFact]) -> list[tuple[tuple[str, ...], str, str]]:
    return [(one.members, day(one.since), day(one.until)) for one in partnerships_of(facts)]


def always_held(*facts: AnyFact) -> list[tuple[str, str, str, str]]:
    """Return what is held, which has to be the same in whatever order the facts are given."""
    found = [held(order) for order in permutations(facts)]
    assert all(one == found[0] for one in found)
    return found[0]


def always_paired(*facts: AnyFact) -> list[tuple[tuple[str, ...], str, str]]:
    found = [paired(order) for order in permutations(facts)]
    assert all(one == found[0] for one in found)
    return found[0]


def test_whoever_leaves_as_acting_on_the_day_of_appointment_in_substance_holds_the_post_on() -> None:
    acting, substantive = appointed("2026-01-05", "acting"), appointed("2026-03-02")
    assert always_held(SET_UP, acting, left("2026-03-02"), substantive) == [
        ("p-1", "acting", "2026-01-05", "2026-03-01"),
        ("p-1", "substantive", "2026-03-02", ""),
    ]


def test_whoever_leaves_on_the_first_day_never_held_the_post() -> None:
    assert always_held(SET_UP, appointed("2026-03-02"), left("2026-03-02")) == [
        ("p-1", "substantive", "2026-03-02", "2026-03-01")
    ]


def test_a_later_term_is_not_ended_by_leaving_an_earlier_one() -> None:
    first, again = appointed("2024-03-01"), appointed("2026-03-02")
    assert always_held(SET_UP, first, left("2025-01-01"), again, left("2026-06-01")) == [
        ("p-1", "substantive", "2024-03-01", "2024-12-31"),
        ("p-1", "substantive", "2026-03-02", "2026-05-31"),
    ]


def test_a_term_that_ran_out_as_planned_is_not_what_a_later_leaving_ends() -> None:
    acting, substantive = appointed("2026-01-05", "acting", until="2026-03-01"), appointed("2026-03-02")
    assert always_held(SET_UP, acting, substantive, left("2026-05-01")) == [
        ("p-1", "acting", "2026-01-05", "2026-03-01"),
        ("p-1", "substantive", "2026-03-02", "2026-04-30"),
    ]


def test_leaving_touches_nobody_else() -> None:
    both = appointed("2026-01-05"), appointed("2026-01-06", person="p-2")
    assert always_held(SET_UP, *both, left("2026-02-01")) == [
        ("p-1", "substantive", "2026-01-05", "2026-01-31"),
        ("p-2", "substantive", "2026-01-06", ""),
    ]


def test_a_post_that_was_abolished_is_held_again_once_it_is_set_up_anew() -> None:
    before, after = appointed("2024-03-01"), appointed("2026-03-02", person="p-2")
    facts = SET_UP, before, abolished("2025-01-01"), after
    assert always_held(*facts) == [
        ("p-1", "substantive", "2024-03-01", "2024-12-31"),
        ("p-2", "substantive", "2026-03-02", "2024-12-31"),
    ]
    assert always_held(*facts, set_up_anew("2026-03-01"))[1] == ("p-2", "substantive", "2026-03-02", "")
    assert always_held(*facts, set_up_anew("2026-03-02"))[1] == ("p-2", "substantive", "2026-03-02", "")
    assert always_held(*facts, set_up_anew("2026-03-03"))[1] == ("p-2", "substantive", "2026-03-02", "2024-12-31")


def test_an_arrangement_that_ended_and_was_made_again_holds_again() -> None:
    first, again = arranged("2026-01-05", "p-1", "p-2"), arranged("2026-06-01", "p-1", "p-3")
    for last in ("2026-05-15", "2026-06-01"):
        (_, since, until), anew = always_paired(first, ended(last), again)
        assert (since, until) == ("2026-01-05", "2026-05-14" if last == "2026-05-15" else "2026-05-31")
        assert anew == (("p-1", "p-3"), "2026-06-01", "")


def test_an_arrangement_made_anew_takes_the_place_of_the_former_from_its_first_day() -> None:
    first, again = arranged("2026-01-05", "p-1", "p-2", until="2026-12-31"), arranged("2026-06-01", "p-1", "p-3")
    assert always_paired(first, again, ended("2026-09-01")) == [
        (("p-1", "p-2"), "2026-01-05", "2026-05-31"),
        (("p-1", "p-3"), "2026-06-01", "2026-08-31"),
    ]


def test_nothing_is_made_of_an_end_alone() -> None:
    assert always_paired(ended("2026-09-01")) == []
    assert always_held(SET_UP, left("2026-09-01")) == []
