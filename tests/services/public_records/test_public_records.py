"""Public records become facts: what a page says, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from events.fact import AnyFact
from events.printing import history_line
from services.public_records.facts import facts_of_line, facts_of_row
from services.public_records.rows import FileKind, RowProblem, district_of, file_kind_of, identity_of, place_of

SAMPLE = Path(__file__).parents[3] / "services" / "sample"
FORMS: tuple[FileKind, ...] = ("meetings", "documents", "notices", "leaders")

MEETING: dict[str, object] = {
    "district": "huancui",
    "body": "环翠区人民政府",
    "kind": "executive",
    "session": None,
    "ordinal": 65,
    "date_held": "2019-11-07",
    "chair_role": "区长",
    "attendance": "出席2人,缺席1人,列席单位若干",
    "agenda": [
        {"item": "传达学习", "matter": "study", "outcome": None},
        {"item": "考核办法", "matter": "policy_document", "outcome": "approved"},
    ],
    "date_published": "2019-11-08",
    "source_url": "http://example.org/65",
    "source_kind": "gov_site",
}
DOCUMENT: dict[str, object] = {
    "district": "qianjiang",
    "issuer": "黔江区人民政府办公室",
    "kind": "normative_document",
    "number": "黔江府办发〔2021〕29号",
    "title_short": "管理办法",
    "date_signed": "2021-04-29",
    "date_issued": "2021-04-30",
    "date_published": "2021-05-06",
    "adopted_meeting": "区政府第6次常务会议",
    "date_adopted": "2021-04-20",
    "date_effective": "2021-06-01",
    "valid_until": "2026-05-31",
    "source_url": None,
    "source_kind": "gov_site",
}
NOTICE: dict[str, object] = {
    "district": "濮阳市华龙区",
    "issuer": "督查局",
    "kind": "supervision_notice",
    "title_short": "督查工作通报",
    "date_notice": None,
    "date_published": "2015-03-09",
    "date_meeting": "2015-03-06 08:30",
    "reply_deadline": None,
    "overdue_units": "甲办、乙办(未按时入场)",
}


def brief(facts: list[AnyFact] | RowProblem) -> list[tuple[str, str, str, object]]:
    assert isinstance(facts, list), str(facts)
    lines = [json.loads(history_line(fact)) for fact in facts]
    return [(line["type"], f"{line['subject']['kind']}", line["occurred_at"], line["data"]) for line in lines]


def test_a_meeting_says_what_was_held_who_came_what_was_decided_and_when_it_was_published() -> None:
    facts = facts_of_row(MEETING, "meetings", 1)
    assert isinstance(facts, list)
    meeting = facts[0].subject.id
    day, member = "2019-11-07", {"capacity": "member"}
    topics = [f"matter/{meeting}-{number}" for number in (1, 2)]
    decided = {"item": 2, "matter": topics[1], "decision": "2", "outcome": "adopted", "text": "考核办法"}
    made_public = {
        "kind": "decision", "about": f"meeting/{meeting}", "unit": "环翠区人民政府", "channels": ["portal"]
    }  # fmt: skip
    planned = {
        "kind": "executive",
        "title": "环翠区人民政府第65次常务会议",
        "starts_at": day,
        "host": "环翠区人民政府",
        "mode": "in_person",
    }
    assert brief(facts) == [
        ("meeting.planned.v1", "meeting", day, planned),
        ("meeting.opened.v1", "meeting", day, {"chair": "p-区长"}),
        *(
            (
                "meeting.attendance_recorded.v1",
                "meeting",
                day,
                {"person": f"p-{meeting}-{who}", "present": came} | member,
            )
            for who, came in (("present-1", True), ("present-2", True), ("absent-1", False))
        ),
        ("matter.classified.v1", "matter", day, {"kind": "study"}),
        ("meeting.item_opened.v1", "meeting", day, {"item": 1, "matter": topics[0]}),
        ("matter.classified.v1", "matter", day, {"kind": "policy"}),
        ("meeting.item_opened.v1", "meeting", day, {"item": 2, "matter": topics[1]}),
        ("meeting.decision_made.v1", "meeting", day, decided),
        ("publicity.information_published.v1", "publicity", "2019-11-08", made_public),
    ]


def test_imported_facts_name_their_place_their_source_and_that_they_were_imported() -> None:
    facts = facts_of_row(MEETING, "meetings", 1)
    assert isinstance(facts, list)
    first = facts[0]
    assert (first.district, first.origin, first.classification, first.actor.unit) == (
        "huancui", "imported", "public", "环翠区人民政府"
    )  # fmt: skip
    assert first.source is not UNSET
    assert first.source is not None
    assert first.source.name == "公开记录 public record 环翠区人民政府 http://example.org/65"


def test_each_date_of_a_document_is_a_fact_of_its_own() -> None:
    facts = facts_of_row(DOCUMENT, "documents", 1)
    assert isinstance(facts, list)
    case = next(fact.subject.id for fact in facts if fact.subject.kind == "document")
    unit = "黔江区人民政府办公室"
    planned = {
        "kind": "executive",
        "title": "区政府第6次常务会议",
        "starts_at": "2021-04-20",
        "host": unit,
        "mode": "in_person",
    }
    decided = {
        "item": 1,
        "matter": f"matter/{case}",
        "decision": "1",
        "outcome": "adopted",
        "text": "管理办法",
        "document": f"document/{case}",
    }
    issued = {
        "number": "黔江府办发〔2021〕29号",
        "dated": "2021-04-29",
        "printed_on": "2021-04-30",
        "channel": "paper",
    }
    assert brief(facts) == [
        ("meeting.planned.v1", "meeting", "2021-04-20", planned),
        ("meeting.decision_made.v1", "meeting", "2021-04-20", decided),
        ("document.signed.v1", "document", "2021-04-29", {"level": "government_office"}),
        (
            "document.effective_date_set.v1",
            "document",
            "2021-04-29",
            {"effective_on": "2021-06-01", "until": "2026-05-31"},
        ),
        ("document.issued.v1", "document", "2021-04-30", issued),
        ("document.published.v1", "document", "2021-05-06", {"channels": ["portal"]}),
    ]


def test_no_date_of_a_document_stands_in_for_another() -> None:
    only_signed = {field: None if field.startswith("date_") else value for field, value in DOCUMENT.items()}
    facts = facts_of_row({**only_signed, "date_signed": "2021-04-29"}, "documents", 1)
    assert brief(facts) == [("document.signed.v1", "document", "2021-04-29", {"level": "government_office"})]


def test_units_criticised_in_a_notice_are_reminded_one_by_one() -> None:
    assert brief(facts_of_row(NOTICE, "notices", 1)) == [
        ("instruction.reminded.v1", "task", "2015-03-09", {"kind": "bulletin", "unit": unit})
        for unit in ("甲办", "乙办")
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "public_consultation",
            (
                "review.requested.v1",
                "2023-03-06",
                {"kind": "public_consultation", "reply_by": "2023-04-05T16:00:00+08:00"},
            ),
        ),
        (
            "meeting_notice",
            ("meeting.planned.v1", "2023-03-05", {"kind": "executive", "starts_at": "2023-03-07T08:40:00+08:00"}),
        ),
        (
            "open_day_notice",
            ("visit.planned.v1", "2023-03-05", {"kind": "open_day", "from": "2023-03-07T08:40:00+08:00"}),
        ),
        (
            "proposal_handling",
            ("concern.registered.v1", "2023-03-05", {"statutory_due": "2023-04-05T16:00:00+08:00"}),
        ),
        (
            "interdepartmental_opinion",
            ("countersign.requested.v1", "2023-03-05", {"departments": ["区财政局"], "sponsor": "区政府"}),
        ),
        (
            "report_request",
            ("instruction.issued.v1", "2023-03-05", {"units": ["区财政局"], "due": "2023-04-05T16:00:00+08:00"}),
        ),
    ],
)
def test_a_notice_keeps_the_hour_and_the_limit_that_it_states(
    kind: str, expected: tuple[str, str, dict[str, object]]
) -> None:
    row = {
        "district": "xinqiu",
        "issuer": "区政府",
        "kind": kind,
        "title_short": "区政府第8次常务会议",
        "date_notice": "2023-03-05",
        "date_meeting": "2023-03-07 08:40",
        "period_start": "2023-03-06",
        "reply_deadline": "2023-04-05 16:00",
        "overdue_units": "区财政局",
    }
    ((type_, _, occurred_at, data),) = brief(facts_of_row(row, "notices", 1))
    assert isinstance(data, dict)
    assert (type_, occurred_at, data | expected[2]) == (*expected[:2], data)


@pytest.mark.parametrize(
    ("members", "form"), [(["常务副区长"], "unpaired"), (["甲", "乙"], "mutual"), (["甲", "乙", "丙"], "chain")]
)
def test_leaders_stand_in_for_each_other_as_single_pair_or_chain(members: list[str], form: str) -> None:
    row = {"district": "xinzhou", "body": "区政府", "kind": "ab_list", "date": "2024-01-15", "pairs": [members]}
    arranged = {"ab_form": form, "members": [f"p-{name}" for name in members], "from": "2024-01-15"}
    assert brief(facts_of_row(row, "leaders", 1)) == [
        ("roster.ab_arranged.v1", "ab_arrangement", "2024-01-15", arranged)
    ]
    as_object = dict(zip("abc", members, strict=False))
    assert brief(facts_of_row({**row, "pairs": [as_object]}, "leaders", 1))[0][3] == arranged


@pytest.mark.parametrize(
    ("row", "field", "date"),
    [
        (MEETING, "date_held", "2025-09-31"),
        (MEETING, "date_published", "2025-02-29"),
        (DOCUMENT, "valid_until", "2026-13-01"),
        (DOCUMENT, "date_signed", "20210429"),
        (NOTICE, "date_meeting", "2015-03-06 25:00"),
        (NOTICE, "reply_deadline", 20150306),
    ],
)
def test_an_impossible_date_refuses_its_row_by_file_row_and_field(
    row: dict[str, object], field: str, date: object
) -> None:
    kind = file_kind_of(row)
    assert kind is not None
    problem = facts_of_row({**row, field: date}, kind, 17, file="从网页.jsonl")
    assert isinstance(problem, RowProblem)
    assert (problem.code, problem.file, problem.row, problem.field, problem.refused) == (
        "row.impossible_date", "从网页.jsonl", 17, field, True
    )  # fmt: skip
    assert str(problem).startswith(f"从网页.jsonl 第17行 字段 {field}：{date!r} 不是可能的日期，整行未导入")


def test_a_row_without_a_day_is_passed_over_and_not_refused() -> None:
    undated = facts_of_row({**MEETING, "date_held": None, "date_published": None}, "meetings", 3)
    assert isinstance(undated, RowProblem)
    assert (undated.code, undated.refused) == ("row.undated", False)
    month = {"district": "qianjiang", "body": "区政府", "kind": "roster", "date": "2026-07", "pairs": None}
    only_a_month = facts_of_row(month, "leaders", 4)
    assert isinstance(only_a_month, RowProblem)
    assert (only_a_month.code, only_a_month.refused) == ("row.undated", False)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "row.not_json"),
        (b"[]", "row.not_an_object"),
        (b'{"district": "xinzhou"}', "row.unknown_form"),
        (b'{"date_held": "2026-01-05"}', "row.missing_field"),
        (b'{"date_held": "2026-01-05", "district": 5}', "row.wrong_type"),
        (
            b'{"date_held": "2026-01-05", "district": "xinzhou", "body": "x", "kind": "executive", "agenda": 5}',
            "row.wrong_type",
        ),
        (b'{"pairs": [[5]], "district": "xinzhou", "body": "x"}', "row.wrong_type"),
    ],
)
def test_a_line_that_is_no_such_record_is_refused_with_a_reason(line: bytes, code: str) -> None:
    problem = facts_of_line(line, 2, file="x.jsonl")
    assert isinstance(problem, RowProblem)
    assert (problem.code, problem.row, problem.refused) == (code, 2, True)


def test_the_same_row_gives_the_same_facts_wherever_it_stands() -> None:
    line = json.dumps(MEETING).encode()
    assert facts_of_line(line, 1, file="a.jsonl") == facts_of_line(line, 99, file="b.jsonl")
    assert facts_of_line(line, 1, file="a.jsonl") != facts_of_line(line, 1, file="a.jsonl", district="xinzhou")


def test_rows_of_other_places_keep_their_name_unless_a_district_is_chosen() -> None:
    other = {**MEETING, "district": "重庆市九龙坡区"}
    own, chosen = facts_of_row(other, "meetings", 1), facts_of_row(other, "meetings", 1, district="qianjiang")
    assert isinstance(own, list)
    assert isinstance(chosen, list)
    assert {place_of(fact.district) for fact in own} == {"重庆市九龙坡区"}
    assert {fact.district for fact in chosen} == {"qianjiang"}
    assert {fact.id for fact in own}.isdisjoint(fact.id for fact in chosen)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30))
def test_any_name_of_a_place_makes_a_district_and_any_name_of_a_body_an_identity(name: str) -> None:
    row = {**MEETING, "district": name, "body": name}
    made = facts_of_row(row, "meetings", 1)
    if not name.strip():
        assert isinstance(made, RowProblem)
    else:
        assert isinstance(made, list), str(made)
        assert {fact.district for fact in made} == {district_of(name.strip())}
        assert {fact.actor.unit for fact in made} == {identity_of(name.strip())}


@given(
    st.sampled_from([MEETING, DOCUMENT, NOTICE]),
    st.dictionaries(
        st.sampled_from(sorted({*MEETING, *DOCUMENT, *NOTICE, "pairs"})),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12) | st.just("2026-09-31"),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=5,
    ),
)
def test_whatever_a_row_holds_it_becomes_facts_or_a_problem(row: dict[str, object], changed: dict[str, object]) -> None:
    made = facts_of_line(json.dumps({**row, **changed}).encode(), 1, file="x.jsonl")
    assert isinstance(made, RowProblem) or made


def test_of_the_sample_every_row_becomes_facts_but_those_without_day_or_object() -> None:
    outcomes: Counter[str] = Counter()
    for form in FORMS:
        lines = (SAMPLE / f"{form}.jsonl").read_bytes().splitlines()
        for number, line in enumerate(lines, 1):
            made = facts_of_line(line, number, file=f"{form}.jsonl")
            outcomes[f"{form} {made.code if isinstance(made, RowProblem) else 'recorded'}"] += 1
    assert outcomes == {
        "meetings recorded": 32,
        "meetings row.undated": 1,
        "documents recorded": 23,
        "documents row.undated": 4,
        "notices recorded": 11,
        "notices row.undated": 1,
        "notices row.nothing_to_record": 2,
        "leaders row.undated": 2,
        "leaders row.nothing_to_record": 2,
    }
