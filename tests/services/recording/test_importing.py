"""Public records go into the ledger row by row, and are judged as far as they tell anything."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from events.moment import TIME_ZONE
from rulebooks.loading import shipped_districts
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE, Principal
from services.recording.importing import ImportReport, import_files
from tests.services.recording.acts import recorder

SAMPLE = Path(__file__).parents[3] / "services" / "sample"
FILES = ("meetings.jsonl", "documents.jsonl", "notices.jsonl", "leaders.jsonl")
NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=TIME_ZONE)
LOCAL = Principal("local:somebody", EVERY_ROLE_OF_PEOPLE, None)

DOCUMENT: dict[str, object] = {
    "district": "xinzhou",
    "issuer": "信州区人民政府",
    "kind": "notice",
    "number": "信府发〔2025〕3号",
    "title_short": "管理办法",
    "date_signed": "2025-03-03",
    "date_issued": "2025-03-04",
    "date_published": "2025-03-05",
    "adopted_meeting": None,
    "date_adopted": None,
    "date_effective": None,
    "valid_until": None,
    "source_url": "https://example.org/3",
    "source_kind": "gov_site",
}


def imported(*times: list[tuple[str, list[bytes]]], district: str | None = None) -> list[ImportReport]:
    with recorder() as (records, _):
        return [import_files(files, records, LOCAL, now=NOW, district=district) for files in times]


def rows(*given: dict[str, object]) -> list[tuple[str, list[bytes]]]:
    return [("documents.jsonl", [json.dumps(row, ensure_ascii=False).encode() for row in given])]


def test_the_sample_goes_in_and_is_known_when_it_comes_again() -> None:
    sample = [(name, (SAMPLE / name).read_bytes().splitlines()) for name in FILES]
    first, second = imported(sample, sample)
    assert (first.refused, second.refused, second.recorded) == (0, 0, 0)
    assert first.recorded == second.repeated > 0
    assert first.recorded + first.passed_over == sum(len(lines) for _, lines in sample)
    assert [row.sequences for row in first.rows] == [row.sequences for row in second.rows]


def test_an_impossible_date_is_refused_by_name_and_the_rest_goes_in() -> None:
    (report,) = imported(
        rows(DOCUMENT, {**DOCUMENT, "date_signed": "2025-09-31"}, {**DOCUMENT, "number": "信府发〔2025〕4号"})
    )
    assert [(row.row, row.status, row.code, row.field) for row in report.rows] == [
        (1, "recorded", None, None),
        (2, "refused", "row.impossible_date", "date_signed"),
        (3, "recorded", None, None),
    ]
    assert report.rows[1].zh is not None
    assert report.rows[1].en is not None


def test_a_row_that_tells_nothing_is_passed_over_with_the_reason() -> None:
    undated = {**DOCUMENT, "date_signed": None, "date_issued": None, "date_published": None}
    (report,) = imported(rows(undated))
    assert [(row.status, row.code) for row in report.rows] == [("passed_over", "row.undated")]


def test_the_facts_of_a_row_are_imported_ones() -> None:
    with recorder() as (records, ledger):
        import_files(rows(DOCUMENT), records, LOCAL, now=NOW)
        stored = ledger.read("xinzhou")
    assert [fact.type for fact in stored] == ["document.signed.v1", "document.issued.v1", "document.published.v1"]
    assert {(fact.origin, fact.recorded_by, fact.recorded_at) for fact in stored} == {("imported", LOCAL.subject, NOW)}


def test_rows_of_our_districts_are_judged_and_others_only_when_told_by_which_rules() -> None:
    elsewhere = {**DOCUMENT, "district": "某市某区"}
    (own,) = imported(rows(DOCUMENT, elsewhere))
    (taken,) = imported(rows(elsewhere), district="xinzhou")
    assert own.warnings + taken.warnings == ()
    assert own.rows[0].rulebook is not None
    assert own.rows[0].rulebook.startswith("xinzhou/")
    assert (own.rows[1].rulebook, own.rows[1].findings, own.rows[1].place) == (None, (), "某市某区")
    assert (taken.rows[0].rulebook, taken.rows[0].district) == (own.rows[0].rulebook, "xinzhou")


def test_what_is_found_stands_with_the_row_that_it_rests_on() -> None:
    late = {**DOCUMENT, "date_published": "2025-06-30", "number": "信府发〔2025〕9号"}
    (report,) = imported(rows(DOCUMENT, late))
    of_row = [{finding.subject for finding in row.findings} for row in report.rows]
    assert not of_row[0] & of_row[1]
    assert "xinzhou" in shipped_districts()


def test_missing_data_is_named_and_is_no_breach() -> None:
    sample = [(name, (SAMPLE / name).read_bytes().splitlines()) for name in FILES]
    (report,) = imported(sample)
    undetermined = [one for row in report.rows for one in row.findings if one.outcome == "not_determinable"]
    assert all(one.missing or one.say.zh for one in undetermined)
