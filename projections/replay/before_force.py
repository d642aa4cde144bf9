"""Acts that no rulebook judges, because they came before its day in force: why nothing is found about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.moment import day_of
from projections.replay.entries import Note
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.loading import Rulebook

BEFORE: str = "replay.before_rulebook"
MOST_NAMED = 20
"""Facts that a note names at most."""
HOUSE_KINDS = frozenset(
    {"unit", "post", "person", "division", "ab_arrangement", "calendar", "rulebook", "setting", "correction", "alert"}
)
"""Kinds of case that are no act of office work themselves."""


def before_force(
    facts: Iterable[AnyFact], rulebooks: Sequence[Rulebook], force: Mapping[str, tuple[Instant, Instant]]
) -> tuple[Note, ...]:
    """Return a note when some acts came before the first rulebook: from when it is in force, and what it replaced.

    `force` are days in force that recorded facts gave, in microseconds.
    """
    if not rulebooks:
        return ()
    since = {one.name: force.get(one.name, (one.since, one.until))[0] for one in rulebooks}
    first = min(rulebooks, key=lambda one: since[one.name])
    start = since[first.name]
    acts = [
        one
        for one in facts
        if one.origin not in {"watch", "clock"}
        and one.subject.kind not in HOUSE_KINDS
        and one.occurred_at.latest < start
    ]
    if not acts or start <= -ALWAYS:
        return ()
    day, number = day_of(start).isoformat(), len(acts)
    older = first.replaces
    zh = (
        f"{number} 个事实发生于《{first.title}》（{first.document}）施行之前，该规则自 {day} 起施行，"
        "此前的行为不按它判定，故没有发现。"
    )
    en = (
        f"{number} facts occurred before {first.name} came into force on {day}; acts before that day are not judged by "
        "it, so nothing is found about them."
    )
    if older is not None:
        zh += f"它取代{older.zh}；旧文不在本系统内。"
        en += f" It replaces {older.en}; the older text is not in this system."
    return (Note(code=BEFORE, zh=zh, en=en, facts=tuple(one.sequence for one in acts[:MOST_NAMED])),)
