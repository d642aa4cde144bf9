"""What a rule looks at in other cases has to be reachable over links that the vocabulary knows.

Otherwise a fact that is recorded late would not make the rule look again.
"""

from __future__ import annotations

import pytest

from events.cases import CASE_KINDS
from events.field_types import FieldType
from events.vocabulary import FACTS, field_types, subject_kind
from rulebooks.language.fields import reference_fields, types_of_kind
from rulebooks.loading import rulebooks_of, shipped_districts

Hop = tuple[str, str | None, str | None]
REFERENCES = {path[-1] for name in FACTS for path in reference_fields(name)}


def targets(type_name: str, path: tuple[str, ...]) -> set[str]:
    """Return the kinds of case to which a reference may lead."""
    fields: dict[str, FieldType] = dict(field_types(type_name))
    for name in path[:-1]:
        fields = dict(fields[name].fields or {})
    named = fields[path[-1]].type.removeprefix("ref:").split("|")
    return set(CASE_KINDS) if named == ["any"] else set(named)


def references(kind: str, name: str | None) -> set[str]:
    """Return the kinds of case to which cases of a kind refer through a field (None: any)."""
    return {
        target
        for type_name in types_of_kind(kind)
        for path in reference_fields(type_name)
        if name is None or path[-1] == name
        for target in targets(type_name, path)
    }


def reached(kind: str, hops: tuple[Hop, ...]) -> set[str]:
    """Return the kinds of case to which links lead from a case of a kind."""
    kinds = {kind}
    for direction, named, field in hops:
        if direction == "out":
            kinds = {target for one in kinds for target in references(one, field)}
        else:
            kinds = {named} if named is not None and references(named, field) & kinds else set()
    return kinds


@pytest.mark.parametrize("district", shipped_districts())
def test_everything_that_a_rule_looks_at_is_reached_over_links_that_there_are(district: str) -> None:
    unreachable: list[str] = []
    for rule in (rule for book in rulebooks_of(district) for rule in book.rules):
        ways: dict[str, list[bool]] = {}
        for name, hops in rule.dependencies.reads:
            ways.setdefault(name, []).append(subject_kind(name) in reached(rule.subject_kind, hops))
            unknown = {field for _, _, field in hops} - REFERENCES - {None}
            unreachable += [f"{rule.header.id} {name}: {field} is no reference" for field in unknown]
        unreachable += [f"{rule.header.id} {name}" for name, found in ways.items() if not any(found)]
    assert unreachable == []
