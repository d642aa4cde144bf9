"""The roster: nobody leaves a post he never held, nobody stands in for himself."""

from __future__ import annotations

from collections.abc import Sequence

from events.entrustment import EntrustmentGiven
from events.fact import AnyFact, Fact
from events.moment import end_of
from events.roster import (
    RosterAbArranged,
    RosterAbArrangementEnded,
    RosterPersonAppointed,
    RosterPersonLeftPost,
    RosterPostAbolished,
    RosterPostEstablished,
    RosterUnitClosed,
    RosterUnitEstablished,
)
from services.recording.decide.decision import (
    Known,
    first_repeated,
    last_of,
    once,
    past_is_unknown,
    stated,
)
from services.recording.decide.time import end_before_begin
from services.recording.refusals import ITSELF, Refusal, already, contradicts, never_asked, twice_in_one

_ended_once = once(RosterAbArranged)


def appointed(fact: Fact[RosterPersonAppointed], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse taking up a post after it was abolished."""
    found = last_of(case, RosterPostAbolished, RosterPostEstablished)
    if found is None or not isinstance(found.data, RosterPostAbolished):
        return None
    if fact.data.from_.earliest <= found.occurred_at.latest:
        return None
    return contradicts(
        f"该岗位已于 {found.occurred_at} 撤销，不能自 {fact.data.from_} 起任职",
        f"The post was abolished on {found.occurred_at}; nobody can take it up from {fact.data.from_}",
        "data.from",
    )


def left_post(fact: Fact[RosterPersonLeftPost], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse leaving a post that the person never held, left already, or took up only later."""
    person, left_on = fact.data.person, fact.data.left_on
    own = [one for one in case if getattr(one.data, "person", None) == person]
    last = own[-1] if own else None
    if last is not None and isinstance(last.data, RosterPersonLeftPost):
        return already(fact, last)
    taken = [one.data.from_ for one in own if isinstance(one.data, RosterPersonAppointed)]
    if taken:
        first = min(taken)
        return end_before_begin(first, left_on, "data.left_on") if end_of(left_on) < first.earliest else None
    if past_is_unknown(fact, case):
        return None
    return never_asked(
        f"没有 {person} 担任该岗位的记录，无从离任",
        f"{person} is not recorded as having held this post and cannot leave it",
        "data.person",
    )


def unit_established(fact: Fact[RosterUnitEstablished], _case: object, _known: Known) -> Refusal | None:
    """Refuse a unit that is its own parent."""
    return _itself(fact, stated(fact.data.parent), "data.parent")


def unit_closed(fact: Fact[RosterUnitClosed], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse closing twice, or into itself."""
    return once(RosterUnitEstablished)(fact, case, known) or _itself(
        fact, stated(fact.data.successor), "data.successor"
    )


def ab_arranged(fact: Fact[RosterAbArranged], _case: object, _known: Known) -> Refusal | None:
    """Refuse one person twice in an arrangement."""
    twice = first_repeated(fact.data.members)
    return None if twice is None else twice_in_one(twice, "data.members")


def ab_ended(fact: Fact[RosterAbArrangementEnded], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse ending twice, or before the first day."""
    arranged = last_of(case, RosterAbArranged)
    began = arranged.data.from_ if arranged is not None and isinstance(arranged.data, RosterAbArranged) else None
    if began is not None and end_of(fact.data.ended_on) < began.earliest:
        return end_before_begin(began, fact.data.ended_on, "data.ended_on")
    return _ended_once(fact, case, known)


def entrusted(fact: Fact[EntrustmentGiven], _case: object, _known: Known) -> Refusal | None:
    """Refuse entrusting oneself."""
    if fact.data.by != fact.data.to:
        return None
    return Refusal(
        ITSELF,
        f"{fact.data.by} 不能委托自己；请核对委托人和受托人。",
        f"{fact.data.by} cannot entrust himself or herself; check who entrusts whom.",
        "data.to",
    )


def _itself(fact: AnyFact, unit: str | None, field: str) -> Refusal | None:
    if unit != fact.subject.id:
        return None
    return Refusal(
        ITSELF,
        f"单位 {unit} 不能是自己的上级或承继单位；请核对。",
        f"The unit {unit} cannot be its own parent or successor; check it.",
        field,
    )
