"""The provisions of a district's rulebooks as `taizhang rules` lists them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rulebooks.checks.cases import load_cases
from rulebooks.loading import HOME, folders_of, load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rulebooks.compiling import Provision
    from rulebooks.loading import Rulebook

COUNTED = ("satisfied", "violated")


def listed(district: str, article: str | None = None, home: Path = HOME) -> Iterator[dict[str, Any]]:
    """Return every provision of a district, or of one of its articles, with how many cases prove it."""
    for folder in folders_of(district, home):
        rulebook = load_rulebook(folder)
        cases, _ = load_cases(folder, rulebook.district)
        counts = Counter((case.rule, case.expect) for case in cases)
        boundaries = Counter(case.rule for case in cases if case.boundary)
        for provision in rulebook.provisions:
            if article is None or provision.article.partition(".")[0] == article:
                yield _row(rulebook, provision, counts, boundaries)


def _row(
    rulebook: Rulebook, provision: Provision, counts: Counter[tuple[str, str]], boundaries: Counter[str]
) -> dict[str, Any]:
    rule = provision.rule
    header = None if rule is None else rule.header
    name = None if header is None else header.id
    return {
        "district": rulebook.district,
        "rulebook": rulebook.name,
        "article": provision.article,
        "as": provision.kept_as,
        "rule": name,
        "kind": None if header is None else header.kind,
        "modality": None if header is None else header.modality,
        "zh": provision.zh or provision.why,
        "en": provision.en,
        "reading": None if header is None else header.reading.zh,
        "cases": {**{one: counts[name or "", one] for one in COUNTED}, "boundary": boundaries[name or ""]},
    }
