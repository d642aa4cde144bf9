"""What if another rulebook ruled: the same history under both, the findings that change side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from projections.effects import ORDER, What, what_of
from projections.findings import Told
from projections.replay.differences import WORDS
from projections.replay.entries import Found
from projections.replay.judged import found_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.moment import Instant
    from projections.replay.case_standing import Judged
    from rulebooks.record.roster import Roster

RESTATED: Final = Told("结果相同，条款或力度不同", "the same outcome, by another article or with another force")
_TOLD: Final = frozenset({"violated", "not_determinable", "waived", "open", "paused", "forecast"})


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A finding under what is in force, beside its like under what is supposed; null where there is none."""

    what: What
    words: Told
    before: Found | None
    after: Found | None


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Under which rulebooks a history was judged, and how many violations were found."""

    rulebooks: tuple[str, ...]
    violated: int


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """The same history under what is in force and under a rulebook that is supposed to have ruled all along."""

    in_force: Ruling
    supposed: Ruling
    changed: tuple[Changed, ...]


def changed_findings(
    before: Sequence[Judged], after: Sequence[Judged], rosters: tuple[Roster, Roster], since: Instant
) -> tuple[Changed, ...]:
    """Return what changes, the gravest first; `since` is the day in force of what is supposed, in microseconds.

    Judgements belong together when rule and identity agree; of the others those of one kind of rule about the same
    subject, party, fact and period, since a new version may number its articles anew. Judgements that only another
    article or another force stands behind are told as well.
    """
    found: list[Changed] = []
    for one, other in _pairs(before, after):
        rule, _ = other or one or (None, None)
        if rule is None:
            continue
        what = what_of(rule, None if one is None else one[1], None if other is None else other[1])
        if (what == "unchanged" and not _is_restated(one, other)) or not _is_told(one, other):
            continue
        found.append(
            Changed(
                what=what,
                words=RESTATED if what == "unchanged" else WORDS[what],
                before=None if one is None else found_of(*one, rosters[0]),
                after=None if other is None else found_of(*other, rosters[1], supposed_since=since),
            )
        )
    return tuple(sorted(found, key=_place))


def _pairs(before: Sequence[Judged], after: Sequence[Judged]) -> Iterable[tuple[Judged | None, Judged | None]]:
    now = {(rule.header.id, one.identity): (rule, one) for rule, one in after}
    left: list[Judged] = []
    for rule, one in before:
        other = now.pop((rule.header.id, one.identity), None)
        if other is None:
            left.append((rule, one))
        else:
            yield (rule, one), other
    alike: dict[tuple[str, object], list[Judged]] = {}
    for rule, one in now.values():
        alike.setdefault((rule.header.kind, one.identity), []).append((rule, one))
    for rule, one in left:
        others = alike.get((rule.header.kind, one.identity))
        yield (rule, one), others.pop(0) if others else None
    for others in alike.values():
        for other in others:
            yield None, other


def _is_restated(one: Judged | None, other: Judged | None) -> bool:
    """Tell whether two judgements stand in other articles, or one binds more than the other."""
    if one is None or other is None:
        return False
    before, after = one[0].header, other[0].header
    return (before.id, before.modality) != (after.id, after.modality)


def _is_told(one: Judged | None, other: Judged | None) -> bool:
    return any(judged is not None and judged[1].state in _TOLD for judged in (one, other))


def _place(one: Changed) -> tuple[int, str, str, str]:
    found = one.after or one.before
    assert found is not None  # noqa: S101  one side at least is there
    return (ORDER.index(one.what), found.rule, found.subject, found.party or "")
