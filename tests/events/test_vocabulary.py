import re
from typing import get_args, get_origin, get_type_hints

import msgspec
import pytest

from events import vocabulary
from events.cases import CASE_KINDS
from events.describing import examples, vocabulary_as_json
from events.fact import FactData
from events.vocabulary import FACTS

TYPE = re.compile(r"([a-z]+)\.([a-z_]+)\.v[1-9][0-9]*")


def test_every_type_of_fact_stands_in_the_registry_once() -> None:
    assert set(FACTS.values()) == set(FactData.__subclasses__())
    assert [fact.TYPE.name for fact in FACTS.values()] == list(FACTS)


def test_the_vocabulary_has_the_size_it_was_published_with() -> None:
    assert (len(FACTS), len(CASE_KINDS), len(vocabulary.enums())) == (184, 40, 86)


@pytest.mark.parametrize("type_", FACTS)
def test_a_type_is_named_after_its_class_and_says_what_it_is_in_both_languages(type_: str) -> None:
    named = TYPE.fullmatch(type_)
    zh, en = vocabulary.label(type_)

    assert named
    assert FACTS[type_].__name__.lower() == (named[1] + named[2]).replace("_", "")
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert re.fullmatch(r"[A-Z].+\.", en)
    assert vocabulary.subject_kind(type_) in CASE_KINDS


def test_every_kind_of_case_is_opened_by_some_fact() -> None:
    assert {vocabulary.subject_kind(type_) for type_ in FACTS if vocabulary.opens(type_)} == set(CASE_KINDS)


@pytest.mark.parametrize("type_", FACTS)
def test_every_field_of_a_fact_says_what_it_means(type_: str) -> None:
    for name, field in vocabulary.field_types(type_).items():
        assert re.search(r"[\u4e00-\u9fff]", field.zh), name
        assert field.en, name
        assert set(field.ref_kinds) <= {*CASE_KINDS, "any"}, name


def test_every_closed_list_labels_exactly_the_values_that_its_type_allows() -> None:
    checked = set()
    for fact in FACTS.values():
        for hint in get_type_hints(fact, include_extras=True).values():
            for values, labelled in _closed_lists(hint):
                assert values == labelled
                checked.add(values)
    assert len(checked) > 60


def test_field_types_name_list_reference_and_nested_fields() -> None:
    requested = vocabulary.field_types("countersign.requested.v1")
    agenda = vocabulary.field_types("meeting.agenda_approved.v1")["agenda"]

    assert {name: (one.type, one.is_list, one.required) for name, one in requested.items()} == {
        "kind": ("enum:countersign_kind", False, True),
        "about": ("ref:matter|document|minutes|funds|contract", False, True),
        "sponsor": ("unit", False, True),
        "departments": ("unit", True, True),
        "leaders": ("person", True, False),
        "reply_by": ("moment", False, False),
        "form": ("enum:form", False, True),
        "version": ("string", False, False),
        "reason": ("string", False, False),
    }
    assert (agenda.type, agenda.is_list, list(agenda.fields or {})) == (
        "object",
        True,
        ["item", "matter", "kind", "about", "lead", "sit_in"],
    )
    assert requested["about"].ref_kinds == ("matter", "document", "minutes", "funds", "contract")
    assert requested["kind"].enum == "countersign_kind"


def test_only_a_persons_name_is_personal() -> None:
    personal = {
        (type_, name) for type_ in FACTS for name, field in vocabulary.field_types(type_).items() if field.personal
    }

    assert personal == {("roster.person_registered.v1", "name")}


def test_a_value_of_a_closed_list_has_a_label_in_both_languages() -> None:
    assert vocabulary.enum_label("countersign_kind", "fund_opinion") == ("资金意见", "opinion on funds")
    assert vocabulary.case_label("countersign")[0] == "会签征求意见"


def test_every_type_has_an_example() -> None:
    assert list(examples()) == list(FACTS)


def test_the_published_shape_describes_a_fact_wholly() -> None:
    published = vocabulary_as_json()

    assert list(published) == ["envelope", "enums", "facts"]
    assert published["envelope"]["fields"]["under"] == {
        "type": "ref:entrustment|ab_arrangement",
        "required": False,
        "given_by": "caller",
        "zh": "依据的委托或AB角",
        "en": "What entitled the actor to act for somebody else. "
        "Absent: the rulebook looks for one valid at occurred_at.",
    }
    assert published["enums"]["progress"]["zh"]
    assert published["facts"]["countersign.materials_returned.v1"] == {
        "zh": "会签材料退补",
        "en": "A unit sent the material back as incomplete.",
        "subject": "countersign",
        "opens": False,
        "fields": {
            "department": {"type": "unit", "required": True, "zh": "单位", "en": "Who returned it."},
            "missing": {"type": "list:string", "required": True, "zh": "缺项", "en": "What is missing."},
        },
        "example": {"department": "u-finance", "missing": ["资金测算表"]},
    }
    assert msgspec.json.decode(msgspec.json.encode(published)) == published


def _closed_lists(hint: object) -> list[tuple[frozenset[str], frozenset[str]]]:
    found = []
    metadata = getattr(hint, "__metadata__", ())
    for meta in metadata:
        if isinstance(meta, msgspec.Meta) and meta.extra and "choices" in meta.extra:
            literal = getattr(hint, "__origin__", None)
            found.append((frozenset(get_args(literal)), frozenset(meta.extra["choices"].values)))
    if metadata:
        found += _closed_lists(getattr(hint, "__origin__", None))
    if get_origin(hint) is not None and not metadata:
        for inner in get_args(hint):
            found += _closed_lists(inner)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for inner in get_type_hints(hint, include_extras=True).values():
            found += _closed_lists(inner)
    return found
