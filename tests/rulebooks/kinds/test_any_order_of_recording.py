"""Whatever the order in which facts are recorded, and whenever the clock strikes, each kind comes to the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact
from events.moment import Instant, Moment
from projections.watch.watch import Watch
from services.checking import Clocks
from tests.rulebooks.kinds.histories import calendar, fact, judged, leaders, partners, post, rule

BEGIN: Final = Moment("2026-03-01").earliest
END: Final = "2026-06-30"
MEETING: Final = "meeting/zw-1"
ROSTER: Final = [*leaders(3), partners("p-2", "p-3")]


def absence(case: str, person: str, on: str, since: str, until: str) -> list[AnyFact]:
    name = f"absence/{case}"
    given = {"person": person, "kind": "annual_leave", "reason": "休假", "from": since, "until": until}
    return [
        fact("absence.registered", name, on, **given),
        fact("absence.departed", name, f"{since}T08:00+08:00"),
        fact("absence.returned", name, f"{until}T18:00+08:00", {"person": person}),
    ]


REFUSED: Final = [
    *absence("r", "p-2", "2026-03-01", "2026-03-11", "2026-03-12")[:1],
    fact("absence.refused", "absence/r", "2026-03-02", reason="防汛"),
]
LET_GO: Final = [
    *absence("l", "p-3", "2026-03-01", "2026-03-10", "2026-03-11")[:1],
    fact("absence.refused", "absence/l", "2026-03-02", reason="防汛"),
    fact("absence.approved", "absence/l", "2026-03-03", from_="2026-03-10", until="2026-03-11"),
    fact("absence.returned", "absence/l", "2026-03-11"),
]
ABSENCES: Final = [
    *REFUSED,
    *LET_GO,
    *absence("a", "p-2", "2026-03-01", "2026-03-09", "2026-03-13"),
    *absence("b", "p-3", "2026-03-02", "2026-03-12", "2026-03-16"),
    *absence("c", "p-1", "2026-03-01", "2026-03-12", "2026-03-12"),
    fact("absence.changed", "absence/b", "2026-03-03", from_="2026-03-13", until="2026-03-17", reason="改期"),
    fact(
        "entrustment.given",
        "entrustment/e",
        "2026-03-10",
        kind="portfolio",
        by="p-2",
        to="p-1",
        from_="2026-03-09",
        until="2026-03-11",
    ),
]


def came(person: str, time: str, *, present: bool = True) -> AnyFact:
    at = f"2026-03-17T{time}+08:00"
    return fact("meeting.attendance_recorded", MEETING, at, person=person, present=present, capacity="member")


def spoke(person: str, order: int) -> AnyFact:
    return fact("meeting.statement_made", MEETING, "2026-03-17", item=1, person=person, order=order, stance="agree")


MEETINGS: Final = [
    fact(
        "meeting.planned",
        MEETING,
        "2026-03-10",
        kind="executive",
        title="会议",
        starts_at="2026-03-17T09:00+08:00",
        host="u-office",
        mode="in_person",
    ),
    fact("meeting.materials_distributed", MEETING, "2026-03-16", items=[1], to_persons=["p-1"], return_after=False),
    fact("meeting.opened", MEETING, "2026-03-17T09:00+08:00", chair="p-1"),
    came("p-1", "09:00"),
    came("p-2", "09:00"),
    came("p-3", "09:00", present=False),
    spoke("p-1", 1),
    spoke("p-2", 2),
    fact("meeting.person_left", MEETING, "2026-03-17T09:20+08:00", person="p-2"),
    fact("meeting.item_opened", MEETING, "2026-03-17T09:10+08:00", item=1, matter="matter/m-1"),
    fact(
        "meeting.decision_made",
        MEETING,
        "2026-03-17T09:30+08:00",
        item=1,
        matter="matter/m-1",
        decision="1",
        outcome="adopted",
    ),
    fact("meeting.closed", MEETING, "2026-03-17T11:00+08:00", minutes_need="required"),
]
NAMED: Final = """
kind: gate
on: entrustment.given
when: [{person: trigger.by, away: {during: case}}]
needs: [{zh: 同时外出, en: away together, person: trigger.to, away: {during: case, with: trigger.by}}]
settle: {facts: [entrustment.ended], within: {n: 1, unit: working_day}, from: trigger.until}
"""
MANDATES: Final = [
    *ABSENCES,
    fact(
        "entrustment.given",
        "entrustment/f",
        "2026-03-10",
        kind="acting_head",
        by="p-2",
        to="p-3",
        from_="2026-03-12",
        until="2026-03-13",
    ),
]
SETTLED: Final = "settle: {facts: [meeting.closed], within: {n: 1, unit: working_day}}\n"
LEAD_TIME: Final = """
kind: lead_time
on: meeting.planned
settle: now
act_at: case.starts_at
done: [{fact: meeting.materials_distributed}]
at_least: {n: 2, unit: working_day}
"""
ORDER: Final = """
kind: order
on: meeting.decision_made
by: it.order
person: it.person
entries: {fact: meeting.statement_made, where: [{path: it.item, same_as: trigger.item}]}
groups: [{holds: [deputy_head]}, {holds: [district_head]}]
"""
ROUTE: Final = """
kind: route
on: meeting.decision_made
settle: now
steps:
  - {zh: 送达, en: sent, fact: meeting.materials_distributed}
  - {zh: 开会, en: opened, fact: meeting.opened}
"""
FORUM: Final = """
kind: forum
on: meeting.decision_made
settle: now
matter: trigger.matter
rows: [{zh: 事项, en: matter, bodies: [plenary]}]
"""
QUORUM: Final = "kind: quorum\non: meeting.opened\nbody: executive\npresent: {more_than: 1/2}\nitems: true\n"
RULES: Final = {
    "partners": ("kind: absence\non: absence.registered\npartners: {overlap: false}\n", ABSENCES),
    "most away": ("kind: absence\non: absence.registered\nmost_away: 2\n", ABSENCES),
    "cover": ("kind: coverage\non: absence.registered\ncover: [{mandate: [portfolio]}, {partner: true}]\n", ABSENCES),
    "away together": (NAMED, MANDATES),
    "quorum": (QUORUM + SETTLED, MEETINGS),
    "attendance": ("kind: attendance\non: meeting.opened\nexpected: {members: executive}\n" + SETTLED, MEETINGS),
    "lead time": (LEAD_TIME, MEETINGS),
    "order": (ORDER, MEETINGS),
    "route": (ROUTE, MEETINGS),
    "forum": (FORUM, MEETINGS),
}
STANDING_IN: Final = """
kind: authority
on: document.presented
who: trigger.to
may: [{stands_in_for: {holds: [deputy_head]}}]
"""
PRESENTED: Final = [
    fact("document.presented", "document/d-1", at, to=to)
    for to in ("p-2", "p-3")
    for at in ("2026-03-10", "2026-03-11T18:00+08:00", "2026-03-12T17:00+08:00", "2026-03-16")
]
NOT_AWAY: Final = STANDING_IN.replace("stands_in_for: {holds: [deputy_head]}", "away: false")
RULES["standing in"] = (STANDING_IN, [*ABSENCES, *PRESENTED])
RULES["who is not away"] = (NOT_AWAY, [*ABSENCES, *PRESENTED])
Stood = tuple[str, str, str | None, str | None, Instant | None]


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40)
@given(data=st.data())
def test_any_order_of_recording_and_any_striking_of_the_clock_end_alike(name: str, data: st.DataObject) -> None:
    text, facts = RULES[name]
    end = Moment(END).latest
    order = data.draw(st.permutations([*ROSTER, *facts]))
    hours = data.draw(st.lists(st.integers(BEGIN, end), max_size=4).map(sorted))
    strikes = data.draw(st.lists(st.integers(0, len(order)), min_size=len(hours), max_size=len(hours)).map(sorted))
    watch = Watch([rule(text)], calendar())
    clocks = Clocks(watch, "xinzhou")
    for place, one in enumerate(order):
        for strike, hour in zip(strikes, hours, strict=True):
            if strike == place:
                clocks.strike_through(hour)
        watch.take(replace(one, sequence=place + 1))
    clocks.strike_through(end)
    found: set[Stood] = {(one.subject, one.state, one.party, one.period, one.due) for _, one in watch.standing()}
    expected = {(one.subject, one.state, one.party, one.period, one.due) for one in judged(rule(text), order, END)}
    assert found == expected
    assert found


CONSENT: Final = """
kind: deadline
opens: matter.proposed
closes: {fact: approval.given, about: case, where: [{person: it.actor.person, holds: [district_head]}]}
due: {within: {n: 1, unit: month}}
"""
AWAY: Final = CONSENT.replace("holds: [district_head]", "away: true")
ENTRUSTED: Final = CONSENT.replace("holds: [district_head]", "entrusted: {kinds: [acting_head]}")
PROPOSED: Final = fact(
    "matter.proposed",
    "matter/m-1",
    "2026-03-02",
    title="事项",
    kind="other",
    sponsor="u-housing",
    fields=["construction"],
    concerned_units=[],
    forum="executive",
)
CONSENTED: Final = fact(
    "approval.given",
    "approval/a-1",
    "2026-03-12",
    {"person": "p-new"},
    kind="consent",
    about="matter/m-1",
    level="district_head",
)
MANDATE: Final = {"kind": "acting_head", "by": "p-1", "to": "p-new", "from": "2026-03-10", "until": "2026-03-20"}


def states(text: str, order: list[AnyFact], late: Sequence[AnyFact] = ()) -> list[str]:
    """Return how a rule stands after facts were recorded in an order, and others once every limit was over."""
    watch = Watch([rule(text)], calendar())
    clocks = Clocks(watch, "xinzhou")
    for place, one in enumerate([*order, *late]):
        if place == len(order):
            clocks.strike_through(Moment(END).latest)
        watch.take(replace(one, sequence=place + 1))
    clocks.strike_through(Moment(END).latest + 1)
    return [one.state for _, one in watch.standing()]


@pytest.mark.parametrize(
    ("text", "since_then"),
    [
        (CONSENT, post("p-new", "district_head", **{"from": "2026-03-10"})),
        (AWAY, absence("n", "p-new", "2026-03-10", "2026-03-10", "2026-03-20")),
        (ENTRUSTED, [fact("entrustment.given", "entrustment/n", "2026-03-10", **MANDATE)]),
    ],
    ids=["appointed", "away", "entrusted"],
)
def test_what_held_when_a_linked_case_was_acted_in_counts_though_recorded_last(
    text: str, since_then: list[AnyFact]
) -> None:
    before = [*ROSTER, *post("p-new", "unit_head", "u-housing"), PROPOSED, CONSENTED]
    assert states(text, before, since_then) == states(text, [*since_then, *before]) == ["satisfied"]
    assert states(text, before) == ["violated"]


PARTS: Final = """
kind: content
on: funds.applied
when: [{path: trigger.kind, is: project}]
carries: [{path: trigger.reason, given: true, zh: 理由, en: the reason}]
settle: now
"""


def applied(on: str, kind: str) -> AnyFact:
    return fact(
        "funds.applied",
        "funds/z-1",
        on,
        kind=kind,
        unit="u-housing",
        received_by="u-office",
        title="改造",
        fields=["construction"],
        amount_wan="9",
    )


def test_an_earlier_act_of_the_kind_that_counts_is_judged_though_recorded_after_a_later_one_of_another() -> None:
    earlier, later = applied("2026-03-02", "project"), applied("2026-03-24", "funds")
    assert states(PARTS, [earlier, later]) == states(PARTS, [later], [earlier]) == ["not_determinable"]


def test_a_mandate_for_another_absence_covers_though_that_absence_is_recorded_last_and_long_over() -> None:
    text = "kind: coverage\non: absence.registered\ncover: [{mandate: [cover], absence_of: executive}]\n"
    given = {**MANDATE, "kind": "cover", "to": "p-3", "absence": "absence/o", "from": "2026-03-02"}
    covering = fact("entrustment.given", "entrustment/o", "2026-03-02", **given)
    own, other = (
        absence("h", "p-1", "2026-03-09", "2026-03-10", "2026-03-12"),
        absence("o", "p-2", "2026-03-01", "2026-03-02", "2026-03-03"),
    )
    late = states(text, [*ROSTER, covering, *own], other)
    assert late == states(text, [*ROSTER, *other, covering, *own])
    assert "satisfied" in late


def test_what_was_counted_for_one_not_recorded_counts_for_whoever_was_in_office_though_recorded_last() -> None:
    text = "kind: tally\nsum: {fact: visit.made, value: trigger.days_spent}\nkey: trigger.leaders\n"
    text += "among: {members: executive}\nperiod: quarter\nat_least: 9\n"
    spent = [fact("visit.made", f"visit/v-{day}", f"2026-0{day}-09", days_spent="9") for day in (1, 5)]
    seen = fact("visit.made", "visit/v-2", "2026-05-08", days_spent="3", leaders=["p-1"])
    held = [*leaders(2), *post("p-new", "deputy_head", **{"from": "2026-02-10"})]
    late = states(text, [*leaders(1), seen, *spent], held)
    assert sorted(late) == sorted(states(text, [*held, seen, *spent]))
    assert late.count("not_determinable") == 3


def test_what_may_be_the_first_of_a_count_accuses_as_soon_as_it_is_recorded_that_it_is() -> None:
    text = "kind: tally\ncount: {fact: meeting.opened, when: [{path: case.kind, is: executive}]}\n"
    text += "since: first\nperiod: month\nat_least: 1\n"
    given = {"title": "会议", "host": "u-office", "mode": "in_person", "starts_at": "2026-03-10"}
    maybe, sure = (fact("meeting.opened", f"meeting/m-{month}", f"2026-0{month}-10", chair="p-1") for month in (3, 6))
    of_june, of_march = (
        fact("meeting.planned", f"meeting/m-{month}", f"2026-0{month}-01", kind="executive", **given)
        for month in (6, 3)
    )
    before = [*leaders(1), maybe, of_june, sure]
    assert states(text, before) == ["not_determinable", "not_determinable", "satisfied", "open"]
    assert states(text, before, [of_march]) == states(text, [of_march, *before])
    assert states(text, before, [of_march]) == ["satisfied", "violated", "violated", "satisfied", "open"]


def test_who_came_into_office_on_the_last_day_after_the_return_counts_though_recorded_last() -> None:
    text = "kind: coverage\non: absence.registered\ncover: [{members: executive}]\n"
    hours = {"from": "2026-03-10T08:00+08:00", "until": "2026-03-10T18:00+08:00"}
    gone = absence("h", "p-1", "2026-03-09", "2026-03-10", "2026-03-10")[1:]
    planned = {"person": "p-1", "kind": "annual_leave", "reason": "休假", **hours}
    away = [fact("absence.registered", "absence/h", "2026-03-09", **planned), *gone]
    came_in = post("p-new", "deputy_head", **{"from": "2026-03-10T20:00+08:00"})
    before = [*leaders(1), *post("p-new", "unit_head", "u-housing")]
    assert states(text, [*before, *away], came_in) == states(text, [*before, *came_in, *away])


TOLD: Final = """
kind: prohibition
on: duty.contact_tried
forbids: [{path: trigger.reached, is: false, zh: 未接通, en: not reached}]
unless: [{fact: duty.contact_changed, about: trigger.person, via: person, not_after: trigger}]
"""


@pytest.mark.parametrize(("person", "state"), [("p-1", "satisfied"), ("p-2", "violated")])
def test_what_a_person_told_on_another_day_counts_though_recorded_last(person: str, state: str) -> None:
    shift = fact("duty.rostered", "duty/z-2", "2026-03-10", date="2026-03-16", unit="u-office", officers=["p-2"])
    called = fact("duty.contact_tried", "duty/z-2", "2026-03-16T20:00+08:00", person="p-1", reached=False)
    told = fact("duty.contact_changed", "duty/z-1", "2026-03-12", person=person, to_unit="u-office", new_number=False)
    assert states(TOLD, [told, shift, called]) == states(TOLD, [shift, called], [told]) == [state]


REVIEWED: Final = """
kind: gate
on: meeting.decision_made
needs: [{zh: 审查, en: review, fact: review.concluded, about: trigger.matter.carried_by}]
settle: now
"""


@pytest.mark.parametrize("late", ["matter.papers_submitted.v1", "review.requested.v1", "review.concluded.v1"])
def test_a_review_of_a_document_among_the_papers_counts_whichever_is_recorded_last(late: str) -> None:
    papers = {"to_unit": "u-office", "version": "1", "papers": ["main_paper"], "documents": ["document/d-1"]}
    decided = {"item": 1, "matter": "matter/m-1", "decision": "1.1", "outcome": "adopted"}
    history = [
        PROPOSED,
        fact("matter.papers_submitted", "matter/m-1", "2026-03-03", **papers),
        fact("review.requested", "review/r-1", "2026-03-04", kind="legality", about="document/d-1"),
        fact("review.concluded", "review/r-1", "2026-03-05", result="pass"),
        MEETINGS[0],
        fact("meeting.decision_made", MEETING, "2026-03-17", **decided),
    ]
    before, last = [one for one in history if one.type != late], [one for one in history if one.type == late]
    assert states(REVIEWED, before) == ["violated"]
    assert states(REVIEWED, before, last) == states(REVIEWED, history) == ["satisfied"]
