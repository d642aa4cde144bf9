"""What must have been done before an act."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from events.moment import Moment
from rulebooks.language.limits import Limit
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

REVIEWED = """
kind: gate
on: meeting.agenda_approved
per: trigger.agenda
settle: now
needs:
  - zh: 合法性审查通过
    en: legality review passed
    fact: review.concluded
    about: party.matter
    where: [{path: it.result, is: pass}]
    before: trigger
"""
UNLESS = REVIEWED + "unless: [{path: party.kind, is: first_topic}]\n"
TERMS = "{a_first_topic: {zh: 第一议题, en: a first topic, when: [{path: party.kind, is: first_topic}]}}"
LATE_PAPERS = REVIEWED.replace("settle: now\n", "")
AGENDA = "2026-03-10"


def agenda(*items: dict[str, object], on: str = AGENDA) -> list[AnyFact]:
    planned = fact(
        "meeting.planned",
        "meeting/zw-1",
        "2026-03-05",
        kind="executive",
        title="会议",
        starts_at="2026-03-12",
        host="u-office",
        mode="in_person",
    )
    return [planned, fact("meeting.agenda_approved", "meeting/zw-1", on, agenda=list(items))]


def topic(number: int, kind: str = "ordinary") -> dict[str, object]:
    return {"item": number, "matter": f"matter/m-{number}", "kind": kind}


def reviewed(number: int, on: str, result: str = "pass") -> list[AnyFact]:
    case = f"review/r-{number}"
    asked = fact(
        "review.requested", case, "2026-03-01", kind="legality", about=f"matter/m-{number}", reviewer="u-justice"
    )
    return [asked, fact("review.concluded", case, on, result=result, written=True)]


def test_each_topic_is_judged_for_itself() -> None:
    facts = [*reviewed(1, "2026-03-06"), *agenda(topic(1), topic(2))]
    found = judged(rule(REVIEWED), facts)
    assert [(one.state, one.period) for one in found] == [("satisfied", "item 1"), ("violated", "item 2")]
    assert said(found[1]) == "缺：合法性审查通过"


@pytest.mark.parametrize(
    "when",
    ["{not: [{term: a_first_topic}]}", "{any: [{not: [{term: a_first_topic}]}, {path: case.kind, is: plenary}]}"],
)
def test_a_named_condition_on_the_party_is_asked_of_each_party_wherever_it_stands(when: str) -> None:
    only_ordinary = rule(f"{REVIEWED}when: [{when}]\n", terms=TERMS)
    found = stands(only_ordinary, agenda(topic(1, "first_topic"), topic(2)))
    assert found == [Stand("violated", None, "item 2")]


@pytest.mark.parametrize(
    ("on", "state"), [("2026-03-09", "satisfied"), ("2026-03-10", "not_determinable"), ("2026-03-11", "violated")]
)
def test_what_came_on_the_day_itself_without_an_hour_leaves_it_open(on: str, state: str) -> None:
    assert stands(rule(REVIEWED), [*reviewed(1, on), *agenda(topic(1))]) == [Stand(state, None, "item 1")]


def test_a_paper_that_a_review_names_does_not_hide_what_the_review_is_about() -> None:
    asked, concluded = reviewed(1, "2026-03-06")
    with_paper = fact(
        "review.concluded", "review/r-1", "2026-03-06", result="pass", written=True, document="document/opinion"
    )
    for conclusion in (concluded, with_paper):
        facts = [asked, conclusion, *agenda(topic(1))]
        assert stands(rule(REVIEWED), facts) == [Stand("satisfied", None, "item 1")]


ISSUED = """
kind: gate
on: document.issued
settle: now
needs:
  - zh: 会议议定
    en: a decision
    fact: meeting.decision_made
    in: case.basis
    about: [case, case.matters]
    via: [document, matter]
    where: [{path: it.outcome, is: adopted}]
    not_after: trigger
"""


@pytest.mark.parametrize(
    ("basis", "document", "matter", "state"),
    [
        ("meeting/zw-1", None, "matter/m-9", "satisfied"),
        ("meeting/zw-2", "document/d-1", "matter/m-9", "satisfied"),
        ("meeting/zw-2", "document/d-1", "matter/m-1", "satisfied"),
        ("meeting/zw-2", "document/d-9", "matter/m-1", "satisfied"),
        ("meeting/zw-2", "document/d-9", "matter/m-9", "violated"),
    ],
)
def test_a_search_in_several_ways_finds_what_any_of_them_leads_to(
    basis: str, document: str | None, matter: str, state: str
) -> None:
    drafted = fact(
        "document.drafted",
        "document/d-1",
        "2026-03-01",
        title="办法",
        kind="normative",
        in_name_of="government",
        issuers=["u-gov"],
        drafter="u-housing",
        fields=["land"],
        direction="down",
        matters=["matter/m-1"],
        basis=basis,
        version="v1",
    )
    decided = fact(
        "meeting.decision_made",
        "meeting/zw-1",
        "2026-03-06",
        item=1,
        matter=matter,
        document=document,
        decision="1",
        outcome="adopted",
    )
    issued = fact(
        "document.issued",
        "document/d-1",
        "2026-03-09",
        number="1",
        dated="2026-03-09",
        printed_on="2026-03-09",
        channel="paper",
    )
    assert stands(rule(ISSUED), [drafted, decided, issued]) == [Stand(state)]


def test_of_the_facts_of_a_meeting_only_those_on_the_matter_are_about_it() -> None:
    text = REVIEWED.replace("fact: review.concluded", "fact: meeting.decision_made").replace(
        "    where: [{path: it.result, is: pass}]\n", ""
    )
    earlier = fact(
        "meeting.decision_made",
        "meeting/zw-0",
        "2026-03-01",
        item=1,
        matter="matter/m-1",
        decision="1",
        outcome="adopted",
    )
    both_there = fact("meeting.agenda_approved", "meeting/zw-0", "2026-02-27", agenda=[topic(1), topic(2)])
    facts = [both_there, earlier, *agenda(topic(1), topic(2))]
    found = [(one.state, one.period) for one in judged(rule(text), facts) if one.subject == "meeting/zw-1"]
    assert found == [("satisfied", "item 1"), ("violated", "item 2")]


def test_a_review_that_failed_opens_no_gate() -> None:
    facts = [*reviewed(1, "2026-03-06", "fail"), *agenda(topic(1))]
    assert stands(rule(REVIEWED), facts) == [Stand("violated", None, "item 1")]


def test_a_stated_exception_excuses_the_topic_that_it_is_for() -> None:
    facts = agenda(topic(1, "first_topic"), topic(2))
    assert stands(rule(UNLESS), facts) == [Stand("satisfied", None, "item 1"), Stand("violated", None, "item 2")]


def test_late_papers_have_until_the_rulebook_says() -> None:
    of = rule(LATE_PAPERS, settle_within=Limit(1, "working_day"))
    facts = agenda(topic(1))
    found = judged(of, facts, "2026-03-11T23:00+08:00")
    assert [(one.state, one.wake) for one in found] == [("waiting", Moment("2026-03-11").latest)]
    assert stands(of, facts, "2026-03-11") == [Stand("violated", None, "item 1")]
    assert stands(of, [*facts, *reviewed(1, "2026-03-06")], "2026-03-11") == [Stand("satisfied", None, "item 1")]


def test_an_act_before_the_rulebook_came_into_force_is_not_judged() -> None:
    assert stands(rule(REVIEWED, since="2026-03-11"), agenda(topic(1))) == []
    assert stands(rule(REVIEWED, since=AGENDA), agenda(topic(1))) == [Stand("violated", None, "item 1")]


def test_a_gate_that_needs_nothing_is_refused() -> None:
    with pytest.raises(CompileError, match="must not be empty"):
        rule("kind: gate\non: meeting.opened\nneeds: []\n")


OF_THE_MATTER = """
kind: gate
on: document.signed
settle: now
needs:
  - any:
      - {fact: review.concluded, about: case, where: [{path: it.result, is: pass}], not_after: trigger}
      - {fact: review.concluded, about: case.matters, where: [{path: it.result, is: pass}], not_after: trigger}
"""


@pytest.mark.parametrize(
    ("matters", "state", "missing"),
    [
        ({}, "not_determinable", ("document/d-1: matters",)),
        ({"matters": []}, "violated", ()),
        ({"matters": ["matter/m-1"]}, "satisfied", ()),
        ({"matters": ["matter/m-2"]}, "violated", ()),
    ],
)
def test_a_review_that_may_stand_in_a_matter_not_recorded_leaves_the_gate_open(
    matters: dict[str, object], state: str, missing: tuple[str, ...]
) -> None:
    draft = {"kind": "notice", "in_name_of": "government", "issuers": ["u-gov"], "drafter": "u-housing", "version": "1"}
    drafted = fact(
        "document.drafted",
        "document/d-1",
        "2026-03-02",
        title="文",
        direction="down",
        fields=["law"],
        **draft,
        **matters,
    )
    facts = [
        *reviewed(1, "2026-03-06"),
        drafted,
        fact("document.signed", "document/d-1", "2026-03-10", level="district_head"),
    ]
    assert [(one.state, one.missing) for one in judged(rule(OF_THE_MATTER), facts)] == [(state, missing)]


OF_EITHER = """
kind: gate
on: document.signed
settle: now
needs: [{fact: review.concluded, about: [case, case.matters], where: [{path: it.result, is: pass}], not_after: trigger}]
"""


@pytest.mark.parametrize(
    ("matters", "about", "state"),
    [
        ({}, "document/d-9", "violated"),
        ({}, "document/d-1", "satisfied"),
        ({"matters": ["matter/m-1"]}, "matter/m-1", "satisfied"),
        ({"matters": ["matter/m-2"]}, "matter/m-1", "violated"),
    ],
)
def test_a_search_with_one_way_on_record_is_not_kept_open_by_a_link_not_recorded(
    matters: dict[str, object], about: str, state: str
) -> None:
    draft = {"kind": "notice", "in_name_of": "government", "issuers": ["u-gov"], "drafter": "u-housing", "version": "1"}
    drafted = {**draft, "title": "文", "direction": "down", "fields": ["law"], **matters}
    facts = [
        fact("review.requested", "review/r-1", "2026-03-01", kind="legality", about=about),
        fact("review.concluded", "review/r-1", "2026-03-06", result="pass"),
        fact("document.drafted", "document/d-1", "2026-03-02", **drafted),
        fact("document.signed", "document/d-1", "2026-03-10", level="district_head"),
    ]
    assert [(one.state, one.missing) for one in judged(rule(OF_EITHER), facts)] == [(state, ())]


PREFERRED = """
kind: gate
on: {fact: [document.signed, document.received, document.issued], pick: preferred}
settle: now
needs: [{zh: 会签, en: countersign, fact: countersign.requested, about: case, via: about, not_after: trigger}]
"""


def paper(*steps: str) -> list[AnyFact]:
    """Return a paper received on 2, signed on 6 and issued on 10 March, and a countersignature asked for on 8 March."""
    told = {
        "received": fact(
            "document.received",
            "document/d-1",
            "2026-03-02",
            title="请示",
            kind="request",
            from_unit="u-a",
            received_by="u-b",
        ),
        "signed": fact("document.signed", "document/d-1", "2026-03-06", level="unit_head"),
        "asked": fact(
            "countersign.requested",
            "countersign/c-1",
            "2026-03-08",
            kind="opinion",
            about="document/d-1",
            sponsor="u-a",
            departments=["u-c"],
            form="online",
        ),
        "issued": fact(
            "document.issued",
            "document/d-1",
            "2026-03-10",
            number="1号",
            dated="2026-03-10",
            printed_on="2026-03-10",
            channel="platform",
        ),
    }
    return [told[step] for step in ("received", "signed", "asked", "issued") if step in steps]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("received", "signed", "asked", "issued"), "violated"),
        (("received", "asked", "issued"), "violated"),
        (("asked", "issued"), "satisfied"),
        (("asked",), None),
    ],
)
def test_what_is_named_later_is_looked_at_where_the_earlier_is_not_on_record(
    steps: tuple[str, ...], state: str | None
) -> None:
    assert [one.state for one in judged(rule(PREFERRED), paper(*steps))] == ([] if state is None else [state])


CARRIED = """
kind: gate
on: meeting.decision_made
settle: now
needs:
  - zh: 合法性审查
    en: legality review
    fact: review.concluded
    about: [trigger.matter, trigger.matter.carried_by]
    via: about
    not_after: trigger
"""


@pytest.mark.parametrize(
    ("matters", "papers", "state"),
    [
        (["matter/m-1"], [], "satisfied"),
        (["matter/m-2", "matter/m-1"], [], "satisfied"),
        ([], ["document/d-1"], "satisfied"),
        ([], ["document/d-2", "document/d-1"], "satisfied"),
        (["matter/m-1"], ["document/d-1"], "satisfied"),
        ([], [], "violated"),
        (["matter/m-2"], ["document/d-2"], "violated"),
    ],
)
def test_a_review_of_a_document_that_carries_the_matter_or_lies_among_its_papers_is_found(
    matters: list[str], papers: list[str], state: str
) -> None:
    drafted = fact(
        "document.drafted",
        "document/d-1",
        "2026-03-01",
        title="文件",
        kind="notice",
        in_name_of="government",
        issuers=["u-gov"],
        drafter="u-a",
        direction="down",
        fields=["construction"],
        version="1",
        matters=matters,
    )
    asked = fact("review.requested", "review/r-1", "2026-03-02", kind="legality", about="document/d-1")
    concluded = fact("review.concluded", "review/r-1", "2026-03-05", result="pass")
    given = {"to_unit": "u-office", "version": "1", "papers": ["main_paper"], "documents": papers}
    handed_in = fact("matter.papers_submitted", "matter/m-1", "2026-03-06", **given)
    planned, _ = agenda(topic(1))
    decided = fact(
        "meeting.decision_made",
        "meeting/zw-1",
        "2026-03-12",
        item=1,
        matter="matter/m-1",
        decision="1.1",
        outcome="adopted",
    )
    history = [planned, drafted, asked, concluded, handed_in, decided]
    assert [one.state for one in judged(rule(CARRIED), history)] == [state]


def test_only_a_matter_is_carried_by_documents() -> None:
    with pytest.raises(CompileError, match="carried_by"):
        rule(CARRIED.replace("trigger.matter.carried_by", "case.carried_by"))
