"""Which body must decide a matter."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

TIERS = """
kind: forum
on: matter.implemented
settle: now
rows:
  - {zh: 500万元以上, en: 500 or more, when: [{path: case.amount_wan, at_least: 500}], bodies: [plenary]}
  - zh: 100至500万元
    en: 100 to 500
    when: [{path: case.amount_wan, at_least: 100}, {path: case.amount_wan, less_than: 500}]
    bodies: [executive, plenary]
"""
EACH = """
kind: forum
on: matter.implemented
settle: now
rows: [{zh: 重大, en: grave, bodies: [executive, plenary], each: true}]
"""
ALL_ROWS = """
kind: forum
on: matter.implemented
settle: now
all_rows: true
rows:
  - {zh: 重大, en: grave, when: [{path: case.flags, has: major_decision}], bodies: [plenary]}
  - {zh: 一律, en: always, bodies: [executive]}
"""
EXCEPTED = EACH.replace(", each: true", "") + "unless: [{path: case.kind, is: study}]\n"
EITHER = rule(EACH.replace(", each: true", ""))
MATTER = "matter/m-1"


def matter(amount: str | None = None, **more: object) -> list[AnyFact]:
    given: dict[str, object] = {
        "title": "事项",
        "kind": "urban_project",
        "sponsor": "u-land",
        "fields": ["land"],
        **more,
    }
    classified = {} if amount is None else {"amount_wan": amount}
    return [
        fact("matter.proposed", MATTER, "2026-03-01", **given),
        fact("matter.classified", MATTER, "2026-03-01", **classified),
    ]


def implemented(on: str = "2026-04-01") -> AnyFact:
    return fact("matter.implemented", MATTER, on, act="开工", unit="u-land")


def decided(
    kind: str | None,
    on: str = "2026-03-20",
    outcome: str = "adopted",
    about: str = MATTER,
    *,
    meeting: str | None = None,
) -> list[AnyFact]:
    case = meeting or f"meeting/{kind}-{on[:10]}"
    planned = (
        []
        if kind is None
        else [
            fact(
                "meeting.planned",
                case,
                "2026-03-02",
                kind=kind,
                title="会议",
                starts_at=on,
                host="u-office",
                mode="in_person",
            )
        ]
    )
    return [*planned, fact("meeting.decision_made", case, on, item=1, matter=about, decision="1", outcome=outcome)]


@pytest.mark.parametrize(
    ("amount", "body", "state"),
    [
        ("99.99", None, "satisfied"),
        ("100", None, "violated"),
        ("100", "executive", "satisfied"),
        ("499.99", "executive", "satisfied"),
        ("500", "executive", "violated"),
        ("500", "plenary", "satisfied"),
    ],
)
def test_the_row_that_applies_names_the_bodies(amount: str, body: str | None, state: str) -> None:
    meetings = [] if body is None else decided(body)
    assert stands(rule(TIERS), [*matter(amount), *meetings, implemented()]) == [Stand(state)]


def test_the_reason_names_the_row_and_its_bodies() -> None:
    found = judged(rule(TIERS), [*matter("600"), implemented()])
    assert said(found[0]) == "500万元以上：须经全体会议决定，事前没有这样的决定"


def test_a_decision_that_is_none_or_comes_after_the_act_or_is_on_another_matter_does_not_count() -> None:
    for other in (
        decided("plenary", outcome="postponed"),
        decided("plenary", on="2026-04-02"),
        decided("plenary", about="matter/other"),
    ):
        assert stands(rule(TIERS), [*matter("600"), *other, implemented()]) == [Stand("violated")]


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (("plenary", "2026-03-22", "rejected"), "violated"),
        (("executive", "2026-03-22", "rejected"), "violated"),
        (("executive", "2026-03-22", "returned"), "violated"),
        (("executive", "2026-03-22", "postponed"), "satisfied"),
        (("executive", "2026-03-22", "withdrawn"), "satisfied"),
        (("special", "2026-03-22", "rejected"), "satisfied"),
        (("executive", "2026-03-19", "rejected"), "satisfied"),
        (("executive", "2026-04-02", "rejected"), "satisfied"),
        (("plenary", "2026-03-20", "rejected"), "not_determinable"),
        (("executive", "2026-04-01", "rejected"), "not_determinable"),
        ((None, "2026-03-22", "rejected"), "not_determinable"),
        ((None, "2026-04-02", "rejected"), "satisfied"),
    ],
)
def test_a_decision_stands_until_another_meeting_that_may_decide_takes_it_back(
    later: tuple[str | None, str, str], state: str
) -> None:
    facts = [*matter(), *decided("executive"), *decided(*later), implemented()]
    assert stands(EITHER, facts) == [Stand(state)]
    assert stands(EITHER, [*facts[:2], *facts[4:], *facts[2:4]]) == [Stand(state)]


def test_what_was_taken_back_and_decided_anew_is_decided() -> None:
    back = [*decided("executive"), *decided("executive", "2026-03-22", "rejected")]
    facts = [*matter(), *back, *decided("executive", "2026-03-24"), implemented()]
    assert stands(EITHER, facts) == [Stand("satisfied")]


def test_the_finding_shows_the_decision_that_took_back() -> None:
    facts = [*matter(), *decided("executive"), *decided("plenary", "2026-03-22", "rejected"), implemented()]
    found = judged(EITHER, facts)
    assert [one.subject.id for one in found[0].facts] == ["plenary-2026-03-22", "m-1"]


def test_one_meeting_decides_several_points_of_a_matter() -> None:
    two = [*decided("executive"), *decided(None, "2026-03-21", "rejected", meeting="meeting/executive-2026-03-20")]
    assert stands(EITHER, [*matter(), *two, implemented()]) == [Stand("satisfied")]


def test_where_each_body_must_decide_each_takes_back_its_own_alone() -> None:
    both = [*matter(), *decided("executive"), *decided("plenary", "2026-03-24"), implemented()]
    before = decided("plenary", "2026-03-22", "returned")
    assert stands(rule(EACH), [*both, *before]) == [Stand("satisfied")]
    assert stands(rule(EACH), [*both, *decided("plenary", "2026-03-26", "returned")]) == [Stand("violated")]


def test_an_outcome_that_a_row_takes_for_a_decision_takes_none_back() -> None:
    heard = rule(EACH.replace("each: true", "outcomes: [adopted, returned]"))
    facts = [*matter(), *decided("executive"), *decided("executive", "2026-03-22", "returned"), implemented()]
    assert stands(heard, facts) == [Stand("satisfied")]


def test_a_decision_of_the_day_of_the_act_without_hours_is_not_determinable() -> None:
    facts = [*matter("600"), *decided("plenary", on="2026-04-01"), implemented()]
    assert stands(rule(TIERS), facts) == [Stand("not_determinable")]
    hours = [*matter("600"), *decided("plenary", on="2026-04-01T09:00+08:00"), implemented("2026-04-01T10:00+08:00")]
    assert stands(rule(TIERS), hours) == [Stand("satisfied")]


def test_a_meeting_of_unknown_kind_leaves_it_open() -> None:
    found = judged(rule(TIERS), [*matter("600"), *decided(None), implemented()])
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("meeting/None-2026-03-20: kind",))]


def test_an_unknown_amount_matters_only_when_the_rows_differ() -> None:
    found = judged(rule(TIERS), [*matter(), *decided("executive"), implemented()])
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("matter/m-1: amount_wan",))]
    assert stands(rule(TIERS), [*matter(), *decided("plenary"), implemented()]) == [Stand("satisfied")]


def test_where_one_row_surely_applies_an_unknown_one_before_it_changes_nothing_if_it_asks_the_same() -> None:
    text = TIERS.replace("{path: case.amount_wan, at_least: 500}", "{path: case.in_plan, is: false}").replace(
        "    when: [{path: case.amount_wan, at_least: 100}, {path: case.amount_wan, less_than: 500}]\n", ""
    )
    assert stands(rule(text), [*matter("1"), implemented()]) == [Stand("violated")]
    assert stands(rule(text), [*matter("1"), *decided("executive"), implemented()]) == [Stand("not_determinable")]
    assert stands(rule(text), [*matter("1"), *decided("plenary"), implemented()]) == [Stand("satisfied")]


def test_each_body_must_decide_where_each_is_asked() -> None:
    one = [*matter(), *decided("plenary"), implemented()]
    assert stands(rule(EACH), one) == [Stand("violated")]
    assert stands(rule(EACH), [*one, *decided("executive")]) == [Stand("satisfied")]


def test_all_rows_that_apply_may_have_to_be_met() -> None:
    major = fact("matter.classified", MATTER, "2026-03-02", flags=["major_decision"])
    facts = [*matter(), major, *decided("executive"), implemented()]
    assert stands(rule(ALL_ROWS), facts) == [Stand("violated")]
    assert stands(rule(ALL_ROWS), [*facts, *decided("plenary")]) == [Stand("satisfied")]
    unknown = [*matter(), *decided("executive"), implemented()]
    assert stands(rule(ALL_ROWS), unknown) == [Stand("not_determinable")]


def test_a_stated_exception_excuses() -> None:
    assert stands(rule(EXCEPTED), [*matter(kind="study"), implemented()]) == [Stand("satisfied")]
    assert stands(rule(EXCEPTED), [*matter(), implemented()]) == [Stand("violated")]


def test_an_imported_record_does_not_show_that_nobody_decided() -> None:
    assert stands(rule(EACH), [implemented()]) == [Stand("not_determinable")]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("at_least: 500", "less_than: 400", "gap"),
        ("at_least: 500", "less_than: 600", "overlap"),
        ("at_least: 500", "at_most: 500", "overlap"),
        ("more_than: 500", "less_than: 500", "gap"),
        ("at_least: 500", "at_least: 100", "overlap"),
    ],
)
def test_tiers_that_do_not_meet_are_refused(first: str, second: str, why: str) -> None:
    rows = "".join(
        f"  - {{zh: 档, en: tier, when: [{{path: case.amount_wan, {bound}}}], bodies: [executive]}}\n"
        for bound in (first, second)
    )
    with pytest.raises(CompileError, match=why):
        rule(f"kind: forum\non: matter.implemented\nrows:\n{rows}")


@pytest.mark.parametrize("row", ["bodies: [nobody]", "bodies: [executive], outcomes: [liked]"])
def test_bodies_and_outcomes_are_those_of_the_vocabulary(row: str) -> None:
    with pytest.raises(CompileError, match="use one of"):
        rule(f"kind: forum\non: matter.implemented\nrows: [{{zh: 行, en: row, {row}}}]\n")
