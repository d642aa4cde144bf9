"""What differs between two moments of one history: facts that count in one alone, judgements that stand otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from events.fact import case_key
from events.moment import TIME_ZONE
from events.vocabulary import label
from projections.effects import ORDER, What, what_of
from projections.findings import Told, due_text, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from projections.replay.case_standing import Judged, Standing
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.record.roster import Roster
    from rulebooks.rule import Rule

WORDS: Final[dict[What, Told]] = {
    "broken": Told("现为违反", "now a breach"),
    "undetermined": Told("现无法判定", "can now not be determined"),
    "foreseen": Told("现预测违反", "now forecast"),
    "opened": Told("现有此事项", "now awaited"),
    "moved": Told("期限或办理情况有变", "its limit, or what was done, is now another"),
    "paused": Told("现已暂停", "now paused"),
    "made_good": Told("仍为违反，已补办", "still a breach, made good since"),
    "settled": Told("现为符合", "now kept"),
    "withdrawn": Told("不再是违反", "no breach any more"),
    "waived": Told("现已豁免", "now waived"),
    "dropped": Told("不再有此事项", "not awaited any more"),
    "unchanged": Told("相同", "the same"),
}


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """How a judgement stands at one of the two moments."""

    state: str
    due_at: str | None
    happened_at: str | None
    facts: tuple[int, ...]
    say: Told


class JudgedOtherwise(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that stands otherwise; a side is null where there is none."""

    what: What
    words: Told
    rule: str
    article: str
    subject: str
    party: str | None
    period: str | None
    before: Side | None
    after: Side | None


class CountsOnce(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that counts at one of the two moments alone, and why not at the other."""

    sequence: int
    id: str
    type: str
    zh: str
    en: str
    case: str
    at: str
    recorded_at: str
    why: Told


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two moments, which are told in words; `judged` begins with the gravest."""

    before: Told
    after: Told
    facts_before_alone: tuple[CountsOnce, ...]
    facts_after_alone: tuple[CountsOnce, ...]
    judged: tuple[JudgedOtherwise, ...]


def differences(
    before: Standing, after: Standing, words: tuple[Told, Told], every: Iterable[AnyFact] = ()
) -> Differences:
    """Return what differs between two ways in which one case stands; `every` are facts of it beyond its own."""
    facts = {one.id: one for one in (*before.facts, *after.facts, *every) if one.origin not in {"watch", "clock"}}
    return Differences(
        before=words[0],
        after=words[1],
        facts_before_alone=tuple(_once(one, after) for one in facts.values() if _in(one, before) > _in(one, after)),
        facts_after_alone=tuple(_once(one, before) for one in facts.values() if _in(one, after) > _in(one, before)),
        judged=judged_otherwise(before.judged, after.judged, (before.world.roster, after.world.roster)),
    )


def judged_otherwise(
    before: Iterable[Judged], after: Iterable[Judged], rosters: tuple[Roster, Roster]
) -> tuple[JudgedOtherwise, ...]:
    """Return the judgements that differ, matched by rule and by what tells one judgement of a rule from another."""
    was, now = _by_identity(before), _by_identity(after)
    found: list[JudgedOtherwise] = []
    for key in dict.fromkeys((*was, *now)):
        one, other = was.get(key), now.get(key)
        rule, judgement = _shown(one, other)
        what = what_of(rule, None if one is None else one[1], None if other is None else other[1])
        if what == "unchanged":
            continue
        found.append(
            JudgedOtherwise(
                what=what,
                words=WORDS[what],
                rule=rule.header.id,
                article=rule.header.article,
                subject=judgement.subject,
                party=judgement.party,
                period=judgement.period,
                before=None if one is None else side_of(*one, rosters[0]),
                after=None if other is None else side_of(*other, rosters[1]),
            )
        )
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.what), one.rule, one.party or "", one.period or "")))


def side_of(rule: Rule, judgement: Judgement, roster: Roster) -> Side:
    """Return a judgement as one side of a difference."""
    return Side(
        state=judgement.state,
        due_at=due_text(judgement),
        happened_at=None if judgement.happened is None else judgement.happened.text,
        facts=tuple(one.sequence for one in judgement.facts),
        say=told(rule, judgement, roster),
    )


def _by_identity(judged: Iterable[Judged]) -> Mapping[tuple[str, Identity], Judged]:
    return {(rule.header.id, judgement.identity): (rule, judgement) for rule, judgement in judged}


def _shown(one: Judged | None, other: Judged | None) -> Judged:
    found = other or one
    assert found is not None  # noqa: S101  a key stands on one side at least
    return found


def _in(fact: AnyFact, standing: Standing) -> bool:
    return standing.as_of.counts(fact) and fact.id not in standing.struck


def _once(fact: AnyFact, other: Standing) -> CountsOnce:
    zh, en = label(fact.type)
    return CountsOnce(
        sequence=fact.sequence,
        id=str(fact.id),
        type=fact.type,
        zh=zh,
        en=en,
        case=case_key(fact.subject),
        at=fact.occurred_at.text,
        recorded_at=fact.recorded_at.astimezone(TIME_ZONE).isoformat(),
        why=_why(fact, other),
    )


def _why(fact: AnyFact, other: Standing) -> Told:
    """Say why a fact does not count at a moment."""
    if fact.sequence > other.as_of.through:
        return Told("当时尚未入账", "not recorded then")
    if fact.id in other.struck:
        return Told("已被更正或作废", "struck out by a correction")
    return Told("当时尚未发生", "had not occurred then")


def violated(judged: Sequence[Judged]) -> set[tuple[str, Identity]]:
    """Return what tells the violations apart, by rule."""
    return {(rule.header.id, one.identity) for rule, one in judged if one.state == "violated"}
