"""One case on any day: before, between and after its facts, late, corrected, in the future, before the rules."""

from __future__ import annotations

import pytest

from events.moment import Moment
from projections.replay.entries import FactLine, FindingLine, IdleLine, ObligationLine
from services.replay.replaying import NoSuchCaseError
from tests.services.replay.replay_scene import (
    ASKED,
    annulled,
    facts_of,
    notes,
    outcomes,
    recorded,
    replay,
    replied,
    told,
)

IN_TIME, LATE = "2026-10-09T10:00:00+08:00", "2026-10-20T10:00:00+08:00"
REPLY = "xinzhou/28.2-reply"


def test_before_any_fact_there_is_nothing_and_it_says_when_the_case_begins() -> None:
    found = replay(told(ASKED), known_at="2026-09-27")
    assert (found.through, found.facts, found.timeline, found.findings, found.obligations) == (0, 0, (), (), ())
    assert notes(found) == ["replay.before_first_fact"]


def test_while_the_limit_runs_the_obligation_is_open_and_afterwards_it_is_broken() -> None:
    ledger = told(ASKED)
    before = replay(ledger, known_at="2026-10-09")
    assert [(one.rule, one.state, one.due_at) for one in before.obligations] == [(REPLY, "open", "2026-10-10")]
    assert before.findings == ()
    assert outcomes(replay(ledger, known_at="2026-10-10")) == [(REPLY, "violated", "2026-10-10")]


def test_a_day_in_the_future_answers_with_what_is_known_now_and_says_so() -> None:
    ledger = told(ASKED)
    now = Moment("2026-10-08T12:00:00+08:00")
    for asked in ({"known_at": "2030-01-01"}, {"true_at": "2030-01-01"}):
        found = replay(ledger, now=facts_of([{**ASKED, "occurred_at": now.text}])[0].recorded_at, **asked)
        assert notes(found) == ["replay.future"]
        assert (found.findings, [one.state for one in found.obligations]) == ((), ["open"])


def test_a_reply_given_in_time_and_recorded_late_is_true_then_though_it_was_not_known() -> None:
    ledger = told(ASKED, replied(IN_TIME, LATE))
    assert outcomes(replay(ledger, known_at="2026-10-15")) == [(REPLY, "violated", "2026-10-10")]
    assert outcomes(replay(ledger, true_at="2026-10-15")) == []
    assert outcomes(replay(ledger, known_at="2026-10-21")) == []
    both = replay(ledger, known_at="2026-10-15", true_at="2026-10-15")
    assert outcomes(both) == [(REPLY, "violated", "2026-10-10")]
    differs = both.differences
    assert differs is not None
    assert [(one.sequence, one.why.en) for one in differs.facts_after_alone] == [(2, "not recorded then")]
    assert [(one.what, one.before and one.before.state, one.after and one.after.state) for one in differs.judged] == [
        ("withdrawn", "violated", "satisfied")
    ]


def test_what_had_not_occurred_is_not_true_though_it_is_known() -> None:
    found = replay(told(ASKED, replied(LATE, LATE)), true_at="2026-10-15")
    assert [line.sequence for line in found.timeline if isinstance(line, FactLine)] == [1]
    assert outcomes(found) == [(REPLY, "violated", "2026-10-10")]


def test_a_correction_counts_from_when_it_was_recorded_and_is_true_throughout() -> None:
    lines = [ASKED, replied(IN_TIME, IN_TIME)]
    wrong = str(facts_of(lines)[1].id)
    ledger = told(*lines, annulled(wrong, LATE))
    assert outcomes(replay(ledger, known_at="2026-10-15")) == []
    after = replay(ledger, known_at="2026-10-21")
    assert outcomes(after) == [(REPLY, "violated", "2026-10-10")]
    shown = {line.sequence: (line.struck_by, line.strikes) for line in after.timeline if isinstance(line, FactLine)}
    assert shown == {1: (None, None), 2: (3, None), 3: (None, 2)}
    assert outcomes(replay(ledger, true_at="2026-10-15")) == [(REPLY, "violated", "2026-10-10")]
    both = replay(ledger, known_at="2026-10-15", true_at="2026-10-15").differences
    assert both is not None
    assert [(one.sequence, one.why.en) for one in both.facts_before_alone] == [(2, "struck out by a correction")]
    assert [one.what for one in both.judged] == ["broken"]


def test_two_instants_are_compared_on_the_same_axis() -> None:
    ledger = told(ASKED, replied(LATE, LATE))
    differs = replay(ledger, known_at="2026-10-09", compare=Moment("2026-10-21")).differences
    assert differs is not None
    assert [one.sequence for one in differs.facts_after_alone] == [2]
    (one,) = differs.judged
    assert (one.what, one.before and one.before.state, one.after and one.after.happened_at) == ("broken", "open", LATE)
    same = replay(ledger, known_at="2026-10-21", compare=Moment("2026-10-22")).differences
    assert same is not None
    assert (same.judged, same.facts_after_alone, same.facts_before_alone) == ((), (), ())


@pytest.mark.parametrize("axis", ["known_at", "true_at"])
def test_the_next_finding_is_where_the_limit_ends(axis: str) -> None:
    known_at, true_at = ("2026-10-01", None) if axis == "known_at" else (None, "2026-10-01")
    found = replay(told(ASKED), known_at=known_at, true_at=true_at, next_finding=True)
    assert found.next_finding is not None
    assert found.next_finding.at == "2026-10-10T23:59:59.999999+08:00"
    assert [one.rule for one in found.next_finding.findings] == [REPLY]
    assert outcomes(found) == [(REPLY, "violated", "2026-10-10")]


def test_where_nothing_more_is_found_the_answer_stays_where_it_was() -> None:
    found = replay(told(ASKED, replied(IN_TIME, IN_TIME)), known_at="2026-10-01", next_finding=True)
    assert (found.next_finding, found.known_at) == (None, "2026-10-01")


def test_the_timeline_tells_what_opened_fell_due_and_closed_and_where_nothing_happened() -> None:
    found = replay(told(ASKED, replied(LATE, LATE)))
    lines = [(type(line), line.at, getattr(line, "step", getattr(line, "sequence", None))) for line in found.timeline]
    assert lines == [
        (FactLine, "2026-09-28T09:00:00+08:00", 1),
        (ObligationLine, "2026-09-28T09:00:00+08:00", "opened"),
        (IdleLine, "2026-09-28T09:00:00+08:00", None),
        (ObligationLine, "2026-10-10", "due"),
        (FindingLine, "2026-10-10", None),
        (FactLine, LATE, 2),
        (ObligationLine, LATE, "closed"),
    ]
    (idle,) = (line for line in found.timeline if isinstance(line, IdleLine))
    assert (idle.until, idle.working_days, idle.days, idle.provisional) == (LATE, 11, 21, False)
    assert [(one.closed_by, one.closed_at) for one in found.obligations] == [((2,), LATE)]


def test_a_case_is_not_idle_for_what_was_entered_in_the_roster_or_about_its_alerts() -> None:
    alert = replay(told(ASKED), known_at="2026-10-12").findings[0].alert
    noted = {
        "type": "alert.acknowledged.v1",
        "subject": {"kind": "alert", "id": alert},
        "occurred_at": "2026-10-16T09:00:00+08:00",
        "actor": {"person": "p-head"},
        "data": {"note": "已催办"},
    }
    found = replay(told(ASKED, noted, replied(LATE, LATE)), known_at="2026-10-21")
    assert [(line.at, line.until) for line in found.timeline if isinstance(line, IdleLine)] == [
        ("2026-09-28T09:00:00+08:00", LATE)
    ]
    assert "alert.acknowledged.v1" in {line.type for line in found.timeline if isinstance(line, FactLine)}


def test_who_acted_who_recorded_and_who_was_told_stands_with_its_first_fact() -> None:
    found = replay(told(ASKED, replied(LATE, LATE)), known_at="2026-10-21")
    assert [(one.who, one.how, one.sequence) for one in found.people] == [
        ("u-housing", "acted", 1),
        ("u-land", "told", 1),
        ("u-land", "acted", 2),
    ]


def test_facts_of_other_cases_that_name_it_are_its_reference_facts() -> None:
    matter = {
        **ASKED,
        "type": "matter.proposed.v1",
        "subject": {"kind": "matter", "id": "t-1"},
        "occurred_at": "2026-09-07T09:00:00+08:00",
        "data": {
            "title": "东湖片区改造",
            "kind": "investment_project",
            "sponsor": "u-housing",
            "fields": ["construction"],
        },
    }
    asked = {**ASKED, "data": {**ASKED["data"], "about": "matter/t-1"}}
    found = replay(told(matter, asked), "matter/t-1", known_at="2026-10-01")
    assert [(line.sequence, line.case) for line in found.timeline if isinstance(line, FactLine)] == [
        (1, "matter/t-1"),
        (2, "countersign/cs-1"),
    ]
    assert replay(told(matter, asked), known_at="2026-10-01").refers_to == ("matter/t-1",)


def test_only_the_day_being_known_a_moment_within_it_leaves_the_fact_out_and_says_so() -> None:
    ledger = told({**ASKED, "occurred_at": "2026-09-28"})
    within = replay(ledger, true_at="2026-09-28T12:00:00+08:00")
    assert (within.facts, notes(within)) == (0, ["replay.before_first_fact", "replay.day_only"])
    assert replay(ledger, true_at="2026-09-28").facts == 1


@pytest.mark.parametrize(
    ("district", "day", "said"),
    [
        ("qianjiang", "2018-12-20", ("2022-11-22", "黔江府发〔2018〕63号")),
        ("yuanzhou", "2022-03-01", ("2023-07-11", "原印发的《袁州区人民政府工作规则》")),
        ("xinzhou", "2020-03-02", ("2023-11-24", "")),
    ],
)
def test_acts_before_the_rulebook_give_no_finding_and_the_answer_says_why(
    district: str, day: str, said: tuple[str, str]
) -> None:
    ledger = recorded(facts_of([{**ASKED, "occurred_at": day}], district))
    for case in ("countersign/cs-1", None):
        found = replay(ledger, case, district=district)
        assert found.findings == ()
        (note,) = found.notes
        assert (note.code, note.facts) == ("replay.before_rulebook", (1,))
        assert all(one in note.zh for one in said)
        assert (found.basis.rulebooks[0].replaces is None) is (not said[1])


def test_a_waiver_counts_from_when_it_was_recorded() -> None:
    alert = replay(told(ASKED), known_at="2026-10-12").findings[0].alert
    waived = {
        "type": "alert.waived.v1",
        "subject": {"kind": "alert", "id": alert},
        "occurred_at": "2026-10-15T09:00:00+08:00",
        "actor": {"person": "p-head"},
        "data": {"reason": "部门合并"},
    }
    ledger = told(ASKED, waived)
    assert outcomes(replay(ledger, known_at="2026-10-14")) == [(REPLY, "violated", "2026-10-10")]
    after = replay(ledger, known_at="2026-10-15")
    assert outcomes(after) == [(REPLY, "waived", "2026-10-10")]
    assert [(one.who, one.sequence) for one in after.people if one.who == "p-head"] == [("p-head", 2)]


def test_a_case_that_the_ledger_has_not_is_named() -> None:
    with pytest.raises(NoSuchCaseError):
        replay(told(ASKED), "countersign/cs-9")


def test_what_a_reader_may_not_see_is_left_out_with_all_that_follows_from_it() -> None:
    ledger = told(ASKED, {**replied(LATE, LATE), "classification": "work_secret"})
    found = replay(ledger, classes=frozenset({"public", "internal"}))
    assert [line.sequence for line in found.timeline if isinstance(line, FactLine)] == [1]
    assert (found.findings, found.obligations, notes(found)) == ((), (), ["replay.withheld"])
    assert found.facts == 1
    onward = replay(ledger, known_at="2026-10-01", next_finding=True, classes=frozenset({"public", "internal"}))
    assert (onward.next_finding, onward.differences, onward.findings) == (None, None, ())
    with pytest.raises(NoSuchCaseError):
        replay(ledger, classes=frozenset({"public"}))
