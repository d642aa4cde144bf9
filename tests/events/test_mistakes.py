"""Every mistake that a line can hold: its code, the field it names, and words in both languages."""

import json
from typing import Any

import pytest

from events.errors import FactError
from events.parsing import parse, read_line
from events.strict_json import LONGEST_LINE
from tests.events.facts_to_try import EXAMPLES, line_of

REQUESTED = EXAMPLES["countersign.requested.v1"]


def with_data(**fields: object) -> dict[str, Any]:
    return REQUESTED | {"data": REQUESTED["data"] | fields}


def with_amount(amount: object) -> dict[str, Any]:
    given = EXAMPLES["meeting.decision_made.v1"]
    return given | {"data": given["data"] | {"amount_wan": amount}}


def with_agenda(**fields: object) -> dict[str, Any]:
    item = {"item": 1, "matter": "matter/m-14", "kind": "ordinary"}
    return EXAMPLES["meeting.agenda_approved.v1"] | {"data": {"agenda": [item | fields]}}


def with_devices(found: object) -> dict[str, Any]:
    return EXAMPLES["meeting.devices_checked.v1"] | {"data": {"devices_found": found}}


def with_subject(kind: str, id_: str) -> dict[str, Any]:
    return REQUESTED | {"subject": {"kind": kind, "id": id_}}


def without(path: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(json.dumps(REQUESTED))
    *outer, last = path.split(".")
    inner = given
    for name in outer:
        inner = inner[name]
    del inner[last]
    return given


def refused(line: bytes | str) -> tuple[str, str | None, int | None]:
    with pytest.raises(FactError) as caught:
        read_line(line, 4)
    error = caught.value
    assert error.reason_zh
    assert error.reason_en
    assert "第4行" in str(error)
    assert "line 4" in str(error)
    str(error).encode()
    return error.code, error.field, error.line


LINES: list[tuple[str, bytes, str, str | None]] = [
    ("not JSON", b'{"type": ', "not_json", None),
    ("an empty line", b"", "not_json", None),
    ("not an object", b"[1, 2]", "not_an_object", None),
    ("not UTF-8", b'{"type": "\xb9\xab"}', "not_utf8", None),
    ("a key given twice", line_of(REQUESTED)[:-1] + b', "type": "x"}', "duplicate_key", "type"),
    ("a key given twice, spaced", line_of(REQUESTED)[:-1] + b', "type" : "x"}', "duplicate_key", "type"),
    ("a key given twice deep inside", b'{"data": {"views": [{"a": 1, "b": 2, "a": 1}]}}', "duplicate_key", "a"),
    ("a key given twice by an escape", b'{"data": {"a": 1, "\\u0061": 1}}', "duplicate_key", "a"),
    ("a key given twice beside an escaped quote", b'{"data": {"a": 1, "a": "\\u0022:"}}', "duplicate_key", "a"),
    ("a key given twice, once on a line of its own", b'{"data": {"a": 1, "a"\t: 2}}', "duplicate_key", "a"),
    ("NaN", b'{"data": {"round": NaN}}', "not_a_number", "data.round"),
    ("minus infinity", b'{"data": {"rounds": [1, -Infinity]}}', "not_a_number", "data.rounds[1]"),
    ("a number too large", b'{"data": {"round": 1e999}}', "not_a_number", "data.round"),
    ("half a surrogate pair", b'{"data": {"reason": "\\ud800"}}', "bad_characters", "data.reason"),
    ("nested too deep", b'{"data": ' + b"[" * 300 + b"]" * 300 + b"}", "too_deep", None),
    ("nested far too deep", b'{"data": ' + b"[" * 100_000, "too_deep", None),
    ("a line too long", line_of(with_data(reason="长" * LONGEST_LINE)), "line_too_long", "data.reason"),
    ("a line of nothing, too long", b" " * (LONGEST_LINE + 1), "line_too_long", None),
]

GIVEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("a text too long", with_data(reason="长" * 10_001), "text_too_long", "data.reason"),
    ("a blank text", with_data(reason="\u3000 "), "blank_text", "data.reason"),
    ("NUL", with_data(reason="a\x00b"), "bad_characters", "data.reason"),
    ("an unknown type", REQUESTED | {"type": "countersign.request.v1"}, "unknown_type", "type"),
    ("a type that is no text", REQUESTED | {"type": 3}, "wrong_type", "type"),
    ("no type", without("type"), "missing_field", "type"),
    ("no district", without("district"), "missing_field", "district"),
    ("a malformed district", REQUESTED | {"district": "信州"}, "malformed_identity", "district"),
    ("an unknown field", with_data(departmnts=[]), "unknown_field", "data.departmnts"),
    ("an unknown field of the envelope", REQUESTED | {"when": 1}, "unknown_field", "when"),
    ("a sequence", REQUESTED | {"sequence": 0}, "unknown_field", "sequence"),
    ("a missing field", without("data.sponsor"), "missing_field", "data.sponsor"),
    ("a missing part of the envelope", without("subject.id"), "missing_field", "subject.id"),
    ("no moment", without("occurred_at"), "missing_field", "occurred_at"),
    ("null where something is required", with_data(sponsor=None), "null_in_required_field", "data.sponsor"),
    ("no data", REQUESTED | {"data": None}, "null_in_required_field", "data"),
    ("data that is a list", REQUESTED | {"data": []}, "wrong_type", "data"),
    ("a text for a list", with_data(departments="u-land"), "wrong_type", "data.departments"),
    ("null in a list", with_data(departments=["u-land", None]), "wrong_type", "data.departments[1]"),
    ("an empty list that is required", with_data(departments=[]), "empty_list", "data.departments"),
    ("a list too long", with_data(departments=["u-land"] * 1_001), "list_too_long", "data.departments"),
    (
        "a list too long in an entry of a list",
        with_agenda(sit_in=["u-land"] * 1_001),
        "list_too_long",
        "data.agenda[0].sit_in",
    ),
    ("a number for an id", with_data(sponsor=7), "wrong_type", "data.sponsor"),
    ("a malformed id", with_data(sponsor="u finance"), "malformed_identity", "data.sponsor"),
    ("an id that ends its line", with_data(sponsor="u-finance\n"), "malformed_identity", "data.sponsor"),
    ("an id too long", with_data(sponsor="u" * 201), "malformed_identity", "data.sponsor"),
    ("a malformed id of a case", with_subject("countersign", "/"), "malformed_identity", "subject.id"),
    ("an impossible date", with_data(reply_by="2026-09-31"), "impossible_date", "data.reply_by"),
    (
        "an impossible day of a time",
        REQUESTED | {"occurred_at": "2026-02-29T09:00:00+08:00"},
        "impossible_date",
        "occurred_at",
    ),
    ("a time without offset", REQUESTED | {"occurred_at": "2026-09-28T09:00:00"}, "no_offset", "occurred_at"),
    ("words for a date", with_data(reply_by="next week"), "malformed_date", "data.reply_by"),
    ("a week for a date", with_data(reply_by="2026-W01-1"), "malformed_date", "data.reply_by"),
    ("a date for a date-time", REQUESTED | {"recorded_at": "2026-09-28"}, "malformed_date", "recorded_at"),
    (
        "a moment after the calendar",
        REQUESTED | {"recorded_at": "9999-12-31T23:59:59-12:00"},
        "malformed_date",
        "recorded_at",
    ),
    ("an unknown value", with_data(kind="signing"), "unknown_value", "data.kind"),
    ("a reference without kind", with_data(about="m-14"), "malformed_reference", "data.about"),
    ("a reference without id", with_data(about="matter/"), "malformed_reference", "data.about"),
    ("a reference of a wrong kind", with_data(about="meeting/zw-18"), "wrong_reference_kind", "data.about"),
    ("a malformed fact id", REQUESTED | {"id": "7"}, "malformed_identity", "id"),
    ("a wrong kind of case", with_subject("matter", "m-14"), "wrong_subject_kind", "subject.kind"),
    ("an unknown kind of case", with_subject("signing", "s-1"), "unknown_value", "subject.kind"),
    ("nobody who acted", REQUESTED | {"actor": {}}, "no_actor", "actor"),
    ("nobody known to have acted", REQUESTED | {"actor": {"person": None}}, "no_actor", "actor"),
    ("a whole number with a point", with_devices(1.0), "wrong_type", "data.devices_found"),
    ("true for a number", with_devices(True), "wrong_type", "data.devices_found"),
    ("a number of 65 bits", with_devices(2**64), "number_out_of_range", "data.devices_found"),
    ("a number for a decimal", with_amount(2600), "wrong_type", "data.amount_wan"),
    ("a decimal with exponent", with_amount("1e3"), "wrong_type", "data.amount_wan"),
    ("a decimal that is no number", with_amount("NaN"), "wrong_type", "data.amount_wan"),
    ("a wrong field of a list entry", with_agenda(matter="m-14"), "malformed_reference", "data.agenda[0].matter"),
    ("an unknown field of a list entry", with_agenda(place="x"), "unknown_field", "data.agenda[0].place"),
]


@pytest.mark.parametrize(("line", "code", "field"), [one[1:] for one in LINES], ids=[one[0] for one in LINES])
def test_a_line_that_is_no_proper_json_is_refused_by_name(line: bytes, code: str, field: str | None) -> None:
    assert refused(line) == (code, field, 4)


@pytest.mark.parametrize(("given", "code", "field"), [one[1:] for one in GIVEN], ids=[one[0] for one in GIVEN])
def test_a_line_that_is_no_fact_is_refused_by_its_field(given: dict[str, Any], code: str, field: str) -> None:
    assert refused(line_of(given)) == (code, field, 4)


@pytest.mark.parametrize(("given", "code", "field"), [one[1:] for one in GIVEN], ids=[one[0] for one in GIVEN])
def test_a_mapping_that_is_no_fact_is_refused_in_the_same_way(given: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(FactError) as caught:
        parse(given)

    assert (caught.value.code, caught.value.field, caught.value.line) == (code, field, None)


def test_half_a_surrogate_pair_is_refused_however_it_comes_in() -> None:
    with pytest.raises(FactError) as caught:
        parse(with_data(reason="\ud800"))

    assert (caught.value.code, caught.value.field) == ("bad_characters", "data.reason")
    assert refused(json.dumps(with_data(reason="x"), ensure_ascii=False).replace('"x"', '"\ud800"'))[0] == "not_utf8"


def test_a_refusal_says_what_to_write_instead() -> None:
    with pytest.raises(FactError) as caught:
        parse(with_data(kind="signing"))

    assert str(caught.value) == (
        "字段 data.kind：没有 “signing” 这个值；可用：countersign（会签）、opinion（征求意见）、"
        "fund_opinion（资金意见）、minutes_opinion（纪要征求意见）、preliminary（会前酝酿）、coordination（协商）。 / "
        "field data.kind: “signing” is none of the values allowed: countersign, opinion, fund_opinion, "
        "minutes_opinion, preliminary, coordination. [unknown_value]"
    )


def test_a_mistyped_name_is_answered_with_the_nearest_one() -> None:
    reasons = []
    for given in (REQUESTED | {"type": "countersign.request.v1"}, with_data(departmnts=[])):
        with pytest.raises(FactError) as caught:
            parse(given)
        reasons.append(caught.value.reason_en)

    assert reasons == [
        "the vocabulary has no type “countersign.request.v1”; did you mean countersign.requested.v1?",
        "there is no field “departmnts”; did you mean departments?",
    ]
