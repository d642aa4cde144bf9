"""One act of each, or among those that meet a condition: what is entered twice is looked at only once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import fact, judged, rule, world

USED = """
kind: gate
on: {fact: seal.used, pick: first, of_each: about}
settle: now
needs: [{zh: 用印审批, en: approval, path: trigger.approval, given: true}]
"""
OF_PAPER = """
kind: gate
on: {fact: seal.used, pick: last, where: [{path: trigger.about, is: document/d-1}]}
settle: now
needs: [{zh: 用印审批, en: approval, path: trigger.approval, given: true}]
"""
PAID = """
kind: content
on: {fact: funds.paid, pick: first, of_each: [payment_basis, payee, day]}
carries: [{zh: 审批人, en: approved, path: trigger.approved_by, given: true}]
"""


MARKED = """
kind: content
on: {fact: document.marked_by_leader, pick: first, of_each: [actor, day]}
carries: [{zh: 意见, en: an opinion, path: trigger.opinion, given: true}]
"""


def used(paper: str, on: str, approval: str | None = None) -> AnyFact:
    return fact("seal.used", "seal/s-1", on, about=f"document/{paper}", purpose_text="印", copies=1, approval=approval)


def paid(on: str, basis: str = "document/d-1", **more: object) -> AnyFact:
    return fact("funds.paid", "funds/f-1", on, amount_wan="1", payer="u-a", payment_basis=basis, **more)


def test_the_first_of_each_value_is_looked_at_in_the_order_of_time() -> None:
    facts = [used("d-2", "2026-03-05"), used("d-1", "2026-03-04"), used("d-2", "2026-03-03", "approval/a-1")]
    found = judged(rule(USED), facts)
    assert [(one.state, one.trigger.occurred_at.text) for one in found] == [
        ("satisfied", "2026-03-03"),
        ("violated", "2026-03-04"),
    ]


def test_the_last_of_each_value_is_looked_at() -> None:
    facts = [used("d-1", "2026-03-03", "approval/a-1"), used("d-1", "2026-03-03")]
    assert [one.state for one in judged(rule(USED.replace("first", "last")), facts)] == ["violated"]


def test_several_fields_and_the_day_tell_acts_apart_and_acts_without_a_field_are_alike() -> None:
    facts = [
        paid("2026-03-03T09:00:00+08:00", payee="u-b"),
        paid("2026-03-03T10:00:00+08:00", payee="u-b"),
        paid("2026-03-04T09:00:00+08:00", payee="u-b"),
        paid("2026-03-04T10:00:00+08:00", "document/d-2", payee="u-b"),
        paid("2026-03-05T09:00:00+08:00"),
        paid("2026-03-05T10:00:00+08:00"),
    ]
    hours = [one.trigger.occurred_at.said for one in judged(rule(PAID), facts)]
    days = ["2026-03-03 09:00", "2026-03-04 09:00", "2026-03-04 10:00", "2026-03-05 09:00"]
    assert hours == days


def test_who_acted_tells_acts_apart_a_unit_or_a_post_where_no_person_is_recorded() -> None:
    def marked(hour: int, by: dict[str, str]) -> AnyFact:
        on = f"2026-03-03T{hour:02d}:00:00+08:00"
        return fact("document.marked_by_leader", "document/d-1", on, by, level="leader_in_charge", mark="circle")

    actors = [
        {"person": "p-a", "unit": "u-a"},
        {"person": "p-b", "unit": "u-a"},
        {"person": "p-a"},
        {"unit": "u-a"},
        {"unit": "u-a"},
        {"post": "post-a"},
        {"post": "post-a"},
    ]
    found = judged(rule(MARKED), [marked(9 + hour, by) for hour, by in enumerate(actors)])
    assert [one.trigger.occurred_at.said for one in found] == [
        "2026-03-03 09:00",
        "2026-03-03 10:00",
        "2026-03-03 12:00",
        "2026-03-03 14:00",
    ]


def test_for_whom_somebody_acted_tells_acts_apart() -> None:
    for_two = [replace(used("d-1", "2026-03-03"), on_behalf_of=person) for person in ("p-a", "p-b", "p-a")]
    compiled = rule(USED.replace("of_each: about", "of_each: on_behalf_of"))
    assert [one.trigger.on_behalf_of for one in judged(compiled, for_two)] == ["p-a", "p-b"]


def test_a_new_act_is_judged_alone_unless_one_like_it_is_on_record() -> None:
    compiled = rule(USED)
    assert compiled.judge_alone is not None
    first, other, again = used("d-1", "2026-03-03"), used("d-2", "2026-03-04"), used("d-1", "2026-03-02")
    for facts, alone in (([first, other], True), ([first, other, again], False)):
        there = world(facts, "2026-12-31")
        file = there.files.file(case_key(first.subject))
        found = compiled.judge_alone(there, file, file.of_type("seal.used.v1")[-1 if alone else 0])
        assert (None if found is None else [one.state for one in found]) == (["violated"] if alone else None)


def test_one_is_picked_among_those_that_meet_the_condition() -> None:
    facts = [used("d-1", "2026-03-03", "approval/a-1"), used("d-1", "2026-03-04"), used("d-2", "2026-03-05")]
    found = [(one.state, one.trigger.occurred_at.text) for one in judged(rule(OF_PAPER), facts)]
    assert found == [("violated", "2026-03-04")]


def test_one_of_each_value_is_picked_among_those_that_meet_the_condition() -> None:
    compiled = rule(OF_PAPER.replace("pick: last", "pick: first, of_each: day"))
    facts = [
        used("d-2", "2026-03-03T08:00:00+08:00"),
        used("d-1", "2026-03-03T09:00:00+08:00", "approval/a-1"),
        used("d-1", "2026-03-04"),
    ]
    assert [one.state for one in judged(compiled, facts)] == ["satisfied", "violated"]
    assert compiled.judge_alone is None


def test_one_of_which_the_condition_is_not_known_may_be_picked() -> None:
    unknown = OF_PAPER.replace("path: trigger.about, is: document/d-1", "path: trigger.about.kind, is: request")
    assert [one.state for one in judged(rule(unknown), [used("d-1", "2026-03-03", "approval/a-1")])] == ["satisfied"]


@pytest.mark.parametrize(
    "written",
    [
        "{fact: seal.used, of_each: about}",
        "{fact: seal.used, pick: preferred, of_each: about}",
        "{fact: seal.used, pick: first, of_each: colour}",
        "{fact: document.received, pick: first, of_each: co_senders}",
        "{fact: [document.answered, document.forwarded], pick: first, of_each: colour}",
        "{fact: seal.used, where: [{path: trigger.about, is: document/d-1}]}",
        "{fact: seal.used, pick: preferred, where: [{path: trigger.about, is: document/d-1}]}",
    ],
)
def test_it_wants_a_pick_and_a_field_of_one_value(written: str) -> None:
    with pytest.raises(CompileError):
        rule(USED.replace("{fact: seal.used, pick: first, of_each: about}", written))
