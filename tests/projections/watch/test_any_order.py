"""Whatever the order in which the same facts are recorded, and whenever the hour moved between, the end is the same."""

from __future__ import annotations

import datetime as dt
from random import Random
from uuid import uuid5

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.moment import Moment
from events.record import RecordAnnulled
from events.roster import RosterPersonAppointed, RosterPersonLeftPost, RosterUnitEstablished
from tests.projections.playing import Played, cases_of, districts, end_of_time, history, play, shuffled


@pytest.mark.parametrize("district", districts())
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
@example(seed=9870)  # xinzhou: a government recorded after years in which plenaries were counted
@example(seed=20108)  # xinqiu: a matter classified after the meeting at which it was an item
@example(seed=20471)  # xinzhou: one person in two posts
def test_any_order_of_recording_ends_in_the_same_findings(district: str, seed: int) -> None:
    choice = Random(seed)
    facts = history(district, choice)
    end = end_of_time(facts)
    moments = sorted({fact.occurred_at.latest + 1 for fact in facts})
    clocks = {choice.randrange(len(facts)): choice.choice(moments) for _ in range(choice.randint(0, 3)) if facts}
    assert play(district, shuffled(facts, choice), clocks, end) == play(district, facts, {}, end)


MEETINGS = next(
    case.facts for case in cases_of("xinzhou") if case.rule == "xinzhou/17.2-frequency" and case.name == "每年各一次"
)
"""A plenary in March 2024 and one in March 2025, after a roster."""
ESTABLISHED = next(fact for fact in MEETINGS if case_key(fact.subject) == "unit/u-gov")
OTHERS = [fact for fact in MEETINGS if fact is not ESTABLISHED]
IN_2025 = Moment("2025-06-30").latest
AFTER_ALL = Moment("2027-06-30").latest


def again(fact: AnyFact, at: str, kind: str) -> AnyFact:
    """Return a fact that establishes the same unit at another time, of another kind."""
    assert isinstance(fact.data, RosterUnitEstablished)
    return replace(fact, id=uuid5(fact.id, at), occurred_at=Moment(at), data=replace(fact.data, kind=kind))


def annulled(wrong: AnyFact) -> AnyFact:
    """Return the fact that annuls another."""
    data = RecordAnnulled(wrong=wrong.id, reason="误录")
    subject = replace(wrong.subject, kind="correction", id="c-1")
    return replace(wrong, id=uuid5(wrong.id, "annulled"), type="record.annulled.v1", subject=subject, data=data)


def test_years_judged_before_the_government_was_recorded_are_tied_to_it_once_it_is() -> None:
    late = play("xinzhou", [*OTHERS, ESTABLISHED], {len(OTHERS) - 1: IN_2025}, AFTER_ALL)
    assert late == play("xinzhou", [ESTABLISHED, *OTHERS], {}, AFTER_ALL)


def test_a_government_established_twice_is_what_the_later_fact_says_though_the_earlier_is_recorded_late() -> None:
    earlier = again(ESTABLISHED, "2023-12-01", "department")
    for order in ([earlier, ESTABLISHED], [ESTABLISHED, earlier]):
        played = Played("xinzhou")
        for fact in order:
            played.take(fact)
        assert played.watch.world.roster.unit("u-gov") == ESTABLISHED.data


def test_a_government_entered_twice_stays_when_one_entry_is_annulled() -> None:
    twice = again(ESTABLISHED, "2023-12-01", "government")
    late = play("xinzhou", [ESTABLISHED, twice, *OTHERS, annulled(twice)], {len(OTHERS): IN_2025}, AFTER_ALL)
    assert late == play("xinzhou", [ESTABLISHED, twice, annulled(twice), *OTHERS], {}, AFTER_ALL)
    assert {one.kept.trigger for one in late if one.kept.rule == "xinzhou/17.2-frequency"} == {ESTABLISHED.id}


CHAIRED = next(
    case.facts for case in cases_of("xinzhou") if case.rule == "xinzhou/17.1-chair" and case.name == "区长召集主持"
)
"""An executive meeting in March 2026 under the head, after a roster."""


@pytest.mark.parametrize("kind", ["unit", "post"])
def test_what_was_held_all_along_counts_though_it_was_established_and_recorded_after_the_act(kind: str) -> None:
    dated_late = [
        replace(fact, occurred_at=Moment("2026-06-01")) if fact.type == f"roster.{kind}_established.v1" else fact
        for fact in CHAIRED
    ]
    first = [fact for fact in dated_late if fact.occurred_at == Moment("2026-06-01")]
    others = [fact for fact in dated_late if fact.occurred_at != Moment("2026-06-01")]
    assert first
    assert play("xinzhou", [*others, *first], {}, AFTER_ALL) == play("xinzhou", [*first, *others], {}, AFTER_ALL)


BACK = next(
    case.facts
    for case in cases_of("xinzhou")
    if case.rule == "xinzhou/18.1-chair" and case.name == "区长提前返回以后仍由受托主持工作者主持：违反"
)
"""An executive meeting under who had presided for the head until his return three days before."""


@pytest.mark.parametrize("late", ["absence.registered.v1", "entrustment.given.v1", "absence.returned.v1"])
def test_a_mandate_for_an_absence_ends_with_the_return_whenever_either_is_recorded(late: str) -> None:
    last = next(fact for fact in BACK if fact.type == late)
    others = [fact for fact in BACK if fact is not last]
    ended = play("xinzhou", [*others, last], {len(others) - 1: Moment("2026-04-30").latest}, AFTER_ALL)
    assert ended == play("xinzhou", BACK, {}, AFTER_ALL)
    chaired = {one.kept.state for one in ended if one.kept.rule == "xinzhou/18.1-chair"}
    assert chaired == {"violated"}


RESEARCH = next(
    case.facts for case in cases_of("huancui") if case.rule == "huancui/86.1-two-months" and case.party == "p-d2"
)
"""Research by p-d2 in 2026 and by no other leader, after a roster."""


def test_who_turns_out_to_have_left_is_no_longer_held_to_the_years_after() -> None:
    held = next(fact for fact in RESEARCH if case_key(fact.subject) == "post/post-d3" and "person" in fact.type)
    data = RosterPersonLeftPost(person="p-d3", left_on=dt.date(2026, 6, 30), leaving_reason="transferred")
    moved = {"type": "roster.person_left_post.v1", "occurred_at": Moment("2026-06-30"), "data": data}
    left = replace(held, id=uuid5(held.id, "left"), **moved)
    end = Moment("2027-06-30").latest
    late = play("huancui", [*RESEARCH, left], {len(RESEARCH) - 1: end}, end)
    judged = {one.kept.party for one in late if one.kept.rule == "huancui/86.1-two-months"}
    assert late == play("huancui", [left, *RESEARCH], {}, end)
    assert "p-d3" not in judged
    assert {"p-head", "p-d2", "p-d4"} < judged


def test_who_turns_out_never_to_have_been_appointed_is_held_to_no_year() -> None:
    wrong = next(fact for fact in RESEARCH if case_key(fact.subject) == "post/post-d3" and "person" in fact.type)
    end = Moment("2027-06-30").latest
    late = play("huancui", [*RESEARCH, annulled(wrong)], {len(RESEARCH) - 1: end}, end)
    judged = {one.kept.party for one in late if one.kept.rule == "huancui/86.1-two-months"}
    assert late == play("huancui", [fact for fact in RESEARCH if fact is not wrong], {}, end)
    assert "p-d3" not in judged
    assert {"p-head", "p-d2", "p-d4"} < judged


def test_who_comes_in_a_later_year_is_held_to_the_first_whole_one_though_nothing_else_is_recorded_since() -> None:
    held = next(fact for fact in RESEARCH if case_key(fact.subject) == "post/post-d3" and "person" in fact.type)
    assert isinstance(held.data, RosterPersonAppointed)
    data = replace(held.data, person="p-new", from_=Moment("2027-03-01"))
    came = replace(held, id=uuid5(held.id, "came"), occurred_at=Moment("2027-03-01"), data=data)
    end = Moment("2029-01-15").latest
    found = play("huancui", [*RESEARCH, came], {len(RESEARCH) - 1: Moment("2027-02-28").latest}, end)
    assert found == play("huancui", [came, *RESEARCH], {}, end)
    years = {
        (one.kept.period or "")[:4]
        for one in found
        if (one.kept.rule, one.kept.party, one.kept.state) == ("huancui/86.1-two-months", "p-new", "violated")
    }
    assert years == {"2028"}


REPORTED = next(
    case.facts
    for case in cases_of("qianjiang")
    if case.rule == "qianjiang/61.1-reported-plan" and case.name.startswith("施行前登记、施行后重新登记")
)
"""A leave registered in 2022, which begins the record, and again in 2026, over a roster of 2024."""


def test_units_set_up_years_after_the_record_began_are_held_to_the_years_that_follow() -> None:
    end = Moment("2027-04-10").latest
    found = play("qianjiang", REPORTED, {}, end)
    years = {
        one.kept.period
        for one in found
        if one.kept.rule == "qianjiang/39.1-every-year" and (one.kept.party, one.kept.state) == ("u-land", "violated")
    }
    late = [fact for fact in REPORTED if fact.subject.kind == "absence"]
    early = [fact for fact in REPORTED if fact.subject.kind != "absence"]
    assert years == {"2025", "2026"}
    assert found == play("qianjiang", [*early, *late], {len(early) - 1: end - 1}, end)


REPLIED = next(
    case.facts
    for case in cases_of("xinzhou")
    if case.rule == "xinzhou/32.1(3)-minutes" and case.name == "审签以后才印发纪要：违反"
)
"""A reply signed before the minutes of the special meeting were issued, to which only its matter leads."""


def test_what_is_looked_for_about_each_party_counts_whenever_it_is_recorded() -> None:
    minutes = [fact for fact in REPLIED if fact.subject.kind == "minutes"]
    others = [fact for fact in REPLIED if fact.subject.kind != "minutes"]
    first = play("xinzhou", [*minutes, *others], {}, AFTER_ALL)
    assert first == play("xinzhou", [*others, *minutes], {}, AFTER_ALL)
    assert {one.kept.state for one in first if one.kept.rule == "xinzhou/32.1(3)-minutes"} == {"violated"}
    without = play("xinzhou", others, {}, AFTER_ALL)
    issued = [replace(fact, occurred_at=Moment("2026-03-12")) for fact in minutes]
    in_time = play("xinzhou", [*others, *issued], {}, AFTER_ALL)
    stands = [
        {one.kept.state for one in found if one.kept.rule == "xinzhou/32.1(3)-minutes"} for found in (without, in_time)
    ]
    assert stands == [{"violated"}, {"satisfied"}]


ISSUED = next(
    case.facts
    for case in cases_of("huancui")
    if case.rule == "huancui/6.1-major-issued" and case.name == "常务会议决定后印发"
)
"""A document issued after the executive meeting had decided on the matter with which it deals."""


def test_a_decision_that_is_recorded_after_the_act_counts_as_one_recorded_before_it() -> None:
    meeting = [fact for fact in ISSUED if fact.subject.kind == "meeting"]
    others = [fact for fact in ISSUED if fact.subject.kind != "meeting"]
    late = play("huancui", [*others, *meeting], {}, AFTER_ALL)
    assert late == play("huancui", ISSUED, {}, AFTER_ALL)
    assert {one.kept.state for one in late if one.kept.rule == "huancui/6.1-major-issued"} == {"satisfied"}


ENTRUSTED = next(
    case.facts
    for case in cases_of("huancui")
    if case.rule == "huancui/53.1-signer" and case.name == "按开会时援引的委托认定"
)
"""Minutes signed by whoever had entrusted an office chair, as the opening of the meeting says."""


def test_an_entrustment_that_an_act_names_counts_though_it_is_recorded_after_the_act() -> None:
    given = [fact for fact in ENTRUSTED if fact.subject.kind == "entrustment"]
    others = [fact for fact in ENTRUSTED if fact.subject.kind != "entrustment"]
    assert play("huancui", [*others, *given], {}, AFTER_ALL) == play("huancui", ENTRUSTED, {}, AFTER_ALL)
