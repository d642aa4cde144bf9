"""What else to record: for each case, what is missing and which rules wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.watch.shelf import Kept


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """One case: each thing that is not recorded, with the rules that cannot be judged without it."""

    district: str
    subject: str
    missing: dict[str, tuple[str, ...]]


def what_is_missing(district: str, undetermined: Iterable[Kept]) -> list[Missing]:
    """Gather judgements that could not be made, by case; cases that more rules wait for come first."""
    cases: dict[str, dict[str, dict[str, None]]] = {}
    for kept in undetermined:
        for what in kept.missing or ("—",):
            cases.setdefault(kept.subject, {}).setdefault(what, {})[kept.rule] = None
    found = [
        Missing(
            district=district, subject=subject, missing={what: tuple(rules) for what, rules in sorted(things.items())}
        )
        for subject, things in cases.items()
    ]
    return sorted(found, key=lambda one: (-len({r for rules in one.missing.values() for r in rules}), one.subject))
