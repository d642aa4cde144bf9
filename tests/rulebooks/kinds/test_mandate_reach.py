"""How far an entrustment reaches: what it names bounds it, and what is not recorded is not guessed."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, rule, stands

SIGN = """
kind: authority
on: document.signed
who: trigger.actor.person
may:
  - holds: [district_head]
  - entrusted: {kinds: [sign_documents], by: {holds: [district_head]}}
"""
CHAIR = """
kind: authority
on: meeting.opened
who: trigger.chair
may:
  - entrusted: {kinds: [acting_head], by: {holds: [district_head]}}
"""
CONSENT = """
kind: authority
on: matter.closed
who: trigger.actor.person
may:
  - entrusted: {kinds: [approve], by: {holds: [district_head]}, for: case}
"""
CHAIR_FOR = """
kind: authority
on: meeting.opened
who: trigger.chair
may:
  - entrusted: {kinds: [chair_meeting, special_task], by: {holds: [district_head]}, for: [case, case.agenda.matter]}
"""
SIGN_FOR = """
kind: authority
on: document.signed
who: trigger.actor.person
may:
  - entrusted: {kinds: [sign_documents], by: {holds: [district_head]}, for: case}
"""
SIGN_MINUTES = """
kind: authority
on: minutes.signed
who: trigger.actor.person
may:
  - entrusted: {kinds: [sign_documents], by: {holds: [district_head]}}
"""
DOCUMENT = "document/d-1"
MEETING = "meeting/z-1"
MATTER = "matter/m-1"
FIRST = "entrustment/e-1"
DEPUTY = {"person": "p-2", "unit": "u-gov"}


def mandate(kind: str, case: str = FIRST, /, **more: object) -> AnyFact:
    given = {"kind": kind, "by": "p-1", "to": "p-2", "from": "2026-03-17", "until": "2026-03-17", **more}
    return fact("entrustment.given", case, "2026-03-16", **given)


def signed() -> AnyFact:
    return fact("document.signed", DOCUMENT, "2026-03-17", DEPUTY, level="leader_in_charge", version="1")


def drafted(*fields: str, kind: str = "notice", **more: object) -> AnyFact:
    given = {"title": "通知", "kind": kind, "in_name_of": "government", "issuers": ["u-gov"], "drafter": "u-housing"}
    more |= {"direction": "down", "fields": list(fields), "version": "1"}
    return fact("document.drafted", DOCUMENT, "2026-03-16", **given, **more)


@pytest.mark.parametrize(
    ("bounds", "paper", "state"),
    [
        ({}, [], "satisfied"),
        ({"fields": ["construction"]}, [drafted("finance", "construction")], "satisfied"),
        ({"fields": ["construction"]}, [drafted("finance")], "violated"),
        ({"fields": ["construction"]}, [], "not_determinable"),
        ({"document_kinds": ["notice"]}, [drafted("finance")], "satisfied"),
        ({"document_kinds": ["notice"]}, [drafted("finance", kind="reply")], "violated"),
        ({"document_kinds": ["notice"]}, [], "not_determinable"),
        ({"fields": ["construction"], "document_kinds": ["reply"]}, [drafted("construction")], "violated"),
        ({"fields": ["construction"], "document_kinds": ["notice"]}, [drafted("construction")], "satisfied"),
    ],
)
def test_a_mandate_to_sign_reaches_the_fields_and_kinds_of_documents_that_it_names(
    bounds: dict[str, object], paper: list[AnyFact], state: str
) -> None:
    history = [*leaders(2), mandate("sign_documents", **bounds), *paper, signed()]
    assert stands(rule(SIGN), history) == [Stand(state)]


def test_what_is_missing_is_named() -> None:
    (found,) = judged(rule(SIGN), [*leaders(2), mandate("sign_documents", fields=["construction"]), signed()])
    assert found.missing == (f"{DOCUMENT}: fields",)


def test_a_second_mandate_that_reaches_far_enough_leaves_nothing_open() -> None:
    narrow = mandate("sign_documents", fields=["construction"])
    wide = mandate("sign_documents", "entrustment/e-2")
    (found,) = judged(rule(SIGN), [*leaders(2), narrow, wide, signed()])
    assert (found.state, found.missing) == ("satisfied", ())


def test_a_meeting_has_no_field_of_work_by_which_it_could_be_told_whether_a_mandate_reaches_it() -> None:
    opened = fact("meeting.opened", "meeting/zw-1", "2026-03-17T09:00+08:00", chair="p-2")
    bounded = mandate("acting_head", fields=["construction"])
    (found,) = judged(rule(CHAIR), [*leaders(2), bounded, opened])
    assert (found.state, found.missing) == ("not_determinable", ("meeting/zw-1: fields",))


@pytest.mark.parametrize(
    ("bounds", "state"),
    [
        ({"matters": [MATTER]}, "satisfied"),
        ({"matters": [MATTER], "fields": ["finance"]}, "satisfied"),
        ({"matters": ["matter/m-2"], "fields": ["construction"]}, "violated"),
        ({"fields": ["construction"]}, "satisfied"),
        ({"fields": ["finance"]}, "violated"),
    ],
)
def test_a_matter_that_a_mandate_names_lies_within_it_whatever_its_field(bounds: dict[str, object], state: str) -> None:
    proposed = fact(
        "matter.proposed", MATTER, "2026-03-16", title="改造", kind="other", sponsor="u-1", fields=["construction"]
    )
    closed = fact("matter.closed", MATTER, "2026-03-17", DEPUTY, summary="办结")
    assert stands(rule(CONSENT), [*leaders(2), mandate("approve", **bounds), proposed, closed]) == [Stand(state)]


def agenda(matter: str) -> AnyFact:
    topics = [{"item": 1, "matter": matter, "kind": "ordinary"}]
    return fact("meeting.agenda_approved", MEETING, "2026-03-16", agenda=topics)


@pytest.mark.parametrize(
    ("bounds", "topics", "state"),
    [
        ({"meeting": MEETING}, [], "satisfied"),
        ({"meeting": "meeting/z-9"}, [], "violated"),
        ({"meeting": "meeting/z-9"}, [agenda(MATTER)], "violated"),
        ({"matters": [MATTER]}, [agenda(MATTER)], "satisfied"),
        ({"matters": [MATTER]}, [agenda("matter/m-2")], "violated"),
        ({"matters": [MATTER]}, [], "not_determinable"),
    ],
)
def test_where_a_rule_asks_for_several_cases_a_mandate_holds_for_those_of_the_kind_it_names(
    bounds: dict[str, object], topics: list[AnyFact], state: str
) -> None:
    opened = fact("meeting.opened", MEETING, "2026-03-17", chair="p-2")
    assert stands(rule(CHAIR_FOR), [*leaders(2), mandate("special_task", **bounds), *topics, opened]) == [Stand(state)]


@pytest.mark.parametrize(
    ("bounds", "paper", "state"),
    [
        ({"matters": [MATTER]}, drafted("finance", matters=["matter/m-2", MATTER]), "satisfied"),
        ({"matters": [MATTER]}, drafted("finance", matters=["matter/m-2"]), "violated"),
        ({"matters": [MATTER]}, drafted("finance"), "not_determinable"),
        ({"meeting": MEETING}, drafted("finance"), "violated"),
    ],
)
def test_a_mandate_for_a_matter_reaches_the_papers_that_name_the_matter(
    bounds: dict[str, object], paper: AnyFact, state: str
) -> None:
    history = [*leaders(2), mandate("sign_documents", **bounds), paper, signed()]
    assert stands(rule(SIGN_FOR), history) == [Stand(state)]


@pytest.mark.parametrize(("kinds", "state"), [(["reply"], "violated"), (["reply", "minutes"], "satisfied")])
def test_minutes_are_a_kind_of_document_that_a_mandate_may_leave_out(kinds: list[str], state: str) -> None:
    put_down = fact("minutes.signed", "minutes/n-1", "2026-03-17", DEPUTY, level="leader_in_charge")
    history = [*leaders(2), mandate("sign_documents", document_kinds=kinds), put_down]
    assert stands(rule(SIGN_MINUTES), history) == [Stand(state)]
