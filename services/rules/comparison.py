"""One subject of the work rules, the districts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from rulebooks.checks.parameters import parameters_of
from rulebooks.judgement import Say
from rulebooks.loading import HOME, rulebooks_of
from rulebooks.subjects import SUBJECTS, belongs
from rulebooks.words.kind_words import KINDS_IN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rulebooks.compiling import Provision
    from rulebooks.loading import Rulebook


class RuleShown(msgspec.Struct, frozen=True):
    """One rule of a district on the subject; `numbers` are its own parameters, as written."""

    rule: str
    article: str
    modality: str
    zh: str
    en: str
    numbers: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """The rules of one kind, by district."""

    kind: str
    kind_in_words: Say
    districts: dict[str, tuple[RuleShown, ...]]


class Comparison(msgspec.Struct, frozen=True):
    """A subject with a row for each kind of rule that some district has on it."""

    subject: str
    subject_in_words: Say
    districts: tuple[str, ...]
    rows: tuple[Row, ...]


def compared(subject: str, districts: Iterable[str], home: Path = HOME) -> Comparison:
    """Set the latest rulebooks of some districts side by side on a subject; KeyError for a subject that is none."""
    wanted = SUBJECTS[subject]
    books = {one: rulebooks_of(one, home)[-1] for one in districts}
    found = {district: [one for one in book.provisions if belongs(one, wanted)] for district, book in books.items()}
    kinds = sorted({one.given["kind"] for listed in found.values() for one in listed})
    rows = tuple(
        Row(
            kind,
            KINDS_IN_WORDS[kind],
            {
                district: tuple(_shown(one, books[district]) for one in listed if one.given["kind"] == kind)
                for district, listed in found.items()
            },
        )
        for kind in kinds
    )
    return Comparison(subject, wanted.say, tuple(books), rows)


def _shown(provision: Provision, book: Rulebook) -> RuleShown:
    given = provision.given
    numbers = dict.fromkeys(_number(one.place, one.written, given) for one in parameters_of(given, book.head))
    return RuleShown(given["id"], provision.article, given["modality"], provision.zh, provision.en, tuple(numbers))


def _number(place: str, written: str, given: dict[str, object]) -> str:
    """Return a parameter with its unit where it has one."""
    node: object = given
    for name in place.split(".")[:-1]:
        node = node.get(name) if isinstance(node, dict) else None
    unit = node.get("unit") if isinstance(node, dict) else None
    return f"{written} {unit}" if unit else written
