import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from events.cases import CASE_KINDS
from events.countersign import CountersignWithdrawn
from events.fact import AnyFact
from events.field_types import FieldType
from events.parsing import complete, parse, read_line
from events.printing import from_stored, history_line, stored_bytes
from events.strict_json import read_object
from events.vocabulary import FACTS, field_types
from tests.events.facts_to_try import EXAMPLES, envelope, example

IDENTITIES = st.from_regex(r"[A-Za-z0-9\u4e00-\u9fff][\w.\-〔〕]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)
DATES = st.dates(dt.date(1949, 10, 1), dt.date(2200, 1, 1)).map(dt.date.isoformat)
TIMES = st.datetimes(
    dt.datetime(1949, 10, 1),  # noqa: DTZ001  hypothesis adds the time zone
    dt.datetime(2200, 1, 1),  # noqa: DTZ001  hypothesis adds the time zone
    timezones=st.sampled_from([dt.timezone(dt.timedelta(hours=8)), dt.timezone(dt.timedelta(hours=-3, minutes=-30))]),
).map(dt.datetime.isoformat)
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "int": st.integers(-(2**63), 2**63 - 1),
    "decimal": st.from_regex(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?", fullmatch=True).filter(str.isascii),
    "bool": st.booleans(),
    "date": DATES,
    "datetime": TIMES,
    "moment": DATES | TIMES,
    "person": IDENTITIES,
    "post": IDENTITIES,
    "unit": IDENTITIES,
    "uuid": st.uuids().map(str),
}


def values(field: FieldType) -> st.SearchStrategy[Any]:
    one: st.SearchStrategy[Any]
    if field.fields:
        one = data_of(field.fields)
    elif field.choices:
        one = st.sampled_from(sorted(field.choices.values))
    elif field.ref_kinds:
        kinds = list(CASE_KINDS) if field.ref_kinds == ("any",) else list(field.ref_kinds)
        one = st.builds("{}/{}".format, st.sampled_from(kinds), IDENTITIES)
    else:
        one = PLAIN[field.type]
    if field.is_list:
        one = st.lists(one, min_size=1 if field.required else 0, max_size=3)
    return one if field.required else st.none() | one


def data_of(fields: Mapping[str, FieldType]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: values(one) for name, one in fields.items() if one.required},
        optional={name: values(one) for name, one in fields.items() if not one.required},
    )


@st.composite
def whole_facts(draw: st.DrawFn) -> dict[str, Any]:
    type_ = draw(st.sampled_from(sorted(FACTS)))
    given_ = envelope(type_, draw(data_of(field_types(type_))))
    for name in draw(
        st.sets(st.sampled_from(["recorded_by", "on_behalf_of", "under", "source", "cause", "correlation"]))
    ):
        given_[name] = None
    for name in draw(
        st.sets(st.sampled_from(["recorded_by", "on_behalf_of", "under", "source", "cause", "correlation"]))
    ):
        given_.pop(name)
    return given_ | {"occurred_at": draw(DATES | TIMES), "subject": {**given_["subject"], "id": draw(IDENTITIES)}}


@given(whole_facts())
def test_a_fact_is_stored_and_read_back_unchanged(given_: dict[str, Any]) -> None:
    fact = parse(given_)

    assert from_stored(fact.type, stored_bytes(fact)) == fact
    assert json.loads(stored_bytes(fact)) == {**given_, "sequence": 0}


@given(whole_facts())
def test_a_fact_printed_as_a_history_line_reads_as_the_same_fact(given_: dict[str, Any]) -> None:
    fact = parse(given_)

    assert json.loads(history_line(fact)) == given_
    assert read_line(history_line(fact), 1) == fact


@given(whole_facts(), st.integers(1, 2**63 - 1))
def test_the_sequence_is_stored_and_never_printed_in_a_history(given_: dict[str, Any], sequence: int) -> None:
    fact: AnyFact = msgspec.structs.replace(parse(given_), sequence=sequence)

    assert from_stored(fact.type, stored_bytes(fact)).sequence == sequence
    assert history_line(fact) == history_line(parse(given_))


def test_not_known_known_to_be_none_and_known_stay_three_different_things() -> None:
    given_ = EXAMPLES["countersign.withdrawn.v1"]
    read = []
    given_departments: list[dict[str, Any]] = [
        {},
        {"departments": None},
        {"departments": []},
        {"departments": ["u-land"]},
    ]
    for departments in given_departments:
        fact = parse(given_ | {"data": {"reason": "方案不再用地", **departments}})
        again = from_stored(fact.type, stored_bytes(fact)).data
        assert isinstance(again, CountersignWithdrawn)
        read.append(again.departments)

    assert read == [UNSET, None, (), ("u-land",)]


def test_decimals_keep_every_digit_that_was_written() -> None:
    given_ = EXAMPLES["meeting.decision_made.v1"]
    amounts = ["2600", "2600.00", "-0", "0.000001", "999999999999999999.999999"]
    facts = [parse(given_ | {"data": given_["data"] | {"amount_wan": amount}}) for amount in amounts]

    assert [json.loads(stored_bytes(fact))["data"]["amount_wan"] for fact in facts] == amounts


def test_a_field_named_as_a_word_of_python_keeps_its_name_in_json() -> None:
    fact = example("roster.person_appointed.v1")

    assert json.loads(stored_bytes(fact))["data"]["from"] == "2026-03-02"


def test_filling_in_leaves_what_was_given_as_it_is() -> None:
    given_ = read_object(history_line(example("countersign.requested.v1")))

    assert complete(given_, 7) == given_


@given(TEXTS, TEXTS)
def test_a_text_that_looks_like_json_is_only_a_text(one: str, other: str) -> None:
    text = f'{one}":{other}" : \\u0022:'
    given_ = EXAMPLES["countersign.closed.v1"] | {"data": {"summary": text}}

    assert json.loads(history_line(read_line(history_line(parse(given_)), 1)))["data"] == {"summary": text}
    assert read_line(json.dumps(given_), 1) == parse(given_)
