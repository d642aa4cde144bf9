"""What facts would change: how judgements would stand after them, compared with how they stand without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args
from uuid import UUID

import msgspec

from events.alert import AlertEscalated, AlertRaised
from projections.alerts.alert import OBLIGATIONS
from projections.alerts.identity import alert_id
from projections.findings import Told, due_text, finding_of
from rulebooks.judgement import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from projections.watch.judging import Change
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.record.roster import Roster
    from rulebooks.rule import Rule

What = Literal[
    "broken",
    "undetermined",
    "foreseen",
    "opened",
    "moved",
    "paused",
    "made_good",
    "settled",
    "withdrawn",
    "waived",
    "dropped",
    "unchanged",
]
"""What a change comes to, the gravest first; `unchanged` is one whose alert passes through steps all the same."""
ORDER: Final[tuple[What, ...]] = get_args(What)
_HELD_AGAINST: Final = frozenset({"violated", "waived"})
_NOTHING_AGAINST: Final = frozenset({"satisfied", "open", "waiting"})
_BECOMES: Final[dict[State, What]] = {
    "violated": "broken",
    "not_determinable": "undetermined",
    "forecast": "foreseen",
    "satisfied": "settled",
    "waived": "waived",
    "paused": "paused",
    "open": "opened",
    "waiting": "opened",
}
"""What a judgement that comes to a state is shown as."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement that would change, and what becomes of its alert.

    `facts` are sequence numbers, `proposed` the places, from 0, of those proposed that prove it; `by` is the place of
    the one that brings the change, none when it comes with the time that has passed already. `alert_steps` are the
    last words of the types of alert facts, in order; `told` are those whom the ladder names at once.
    """

    what: What
    rule: str
    article: str
    modality: str
    severity: str
    subject: str
    party: str | None
    period: str | None
    before: str | None
    after: str | None
    opened_at: str | None
    due_at: str | None
    due_before: str | None
    provisional: bool
    happened_at: str | None
    missing: tuple[str, ...]
    facts: tuple[int, ...]
    proposed: tuple[int, ...]
    by: int | None
    alert: UUID
    alert_steps: tuple[str, ...]
    urgency: str | None
    told: tuple[str, ...]
    say: Told


class Difference(NamedTuple):
    """One judgement of a rule before and after; `cause` is the fact that changed it first."""

    rule: Rule
    before: Judgement | None
    after: Judgement | None
    cause: AnyFact


Differences = dict[tuple[str, "Identity"], Difference]


def net(changes: Iterable[Change]) -> Differences:
    """Return what a run of changes comes to: from how each judgement first stood to how it stands last.

    What waits for its record to be complete counts as no judgement yet.
    """
    found: Differences = {}
    for change in changes:
        judgement = change.after or change.before
        if judgement is None:
            continue
        key = (change.rule.header.id, judgement.identity)
        first = found.get(key)
        if first is None:
            found[key] = Difference(change.rule, _told(change.before), _told(change.after), change.cause)
        else:
            found[key] = first._replace(after=_told(change.after))
    return found


def beyond(with_facts: Differences, without: Differences) -> list[Difference]:
    """Return what is due to facts alone, given what would have changed without them as time passed.

    What comes back to where it was is among it, for the sake of the steps that its alert took.
    """
    found: list[Difference] = []
    for key, one in with_facts.items():
        before = without[key].after if key in without else one.before
        if before is not None or one.after is not None:
            found.append(one._replace(before=before))
    found += [
        Difference(one.rule, one.after, one.before, one.cause)
        for key, one in without.items()
        if key not in with_facts and not _same(one.after, one.before)
    ]
    return found


def effects_of(
    differences: Iterable[Difference],
    life: Sequence[AnyFact],
    places: Mapping[UUID, int],
    roster: Roster,
) -> list[Effect]:
    """Return differences as they are shown, the gravest first.

    `life` are the alert facts that come of them, `places` tells the place of each proposed fact, by id.
    """
    steps: dict[UUID, list[AnyFact]] = {}
    for fact in life:
        steps.setdefault(UUID(fact.subject.id), []).append(fact)
    found = [_effect(one, steps, places, roster) for one in differences]
    return sorted((one for one in found if one.what != "unchanged" or one.alert_steps), key=_place)


def what_of(rule: Rule, before: Judgement | None, after: Judgement | None) -> What:
    """Return what a change comes to."""
    was = None if before is None else before.state
    if _same(before, after):
        return "unchanged"
    if after is None:
        return "withdrawn" if was in _HELD_AGAINST else "dropped"
    if after.state == "violated" and was == "violated":
        return "made_good" if rule.header.kind in OBLIGATIONS and after.happened is not None else "moved"
    if was in _HELD_AGAINST and after.state in _NOTHING_AGAINST:
        return "withdrawn"
    if after.state == was or (was == "paused" and after.state == "open"):
        return "moved"
    return _BECOMES[after.state]


def _effect(
    one: Difference, steps: Mapping[UUID, Sequence[AnyFact]], places: Mapping[UUID, int], roster: Roster
) -> Effect:
    judgement = one.after or one.before
    assert judgement is not None  # noqa: S101  a difference is between two that are not the same
    finding = finding_of(one.rule, judgement, roster)
    alert = alert_id(one.cause.district, finding.rule, judgement)
    life = steps.get(alert, ())
    due_before = None if one.before is None else due_text(one.before)
    return Effect(
        what=what_of(one.rule, one.before, one.after),
        rule=finding.rule,
        article=finding.article,
        modality=finding.modality,
        severity=finding.severity,
        subject=finding.subject,
        party=finding.party,
        period=finding.period,
        before=None if one.before is None else one.before.state,
        after=None if one.after is None else one.after.state,
        opened_at=finding.opened_at,
        due_at=finding.due_at if one.after is not None else None,
        due_before=due_before,
        provisional=finding.provisional,
        happened_at=finding.happened_at,
        missing=finding.missing,
        facts=tuple(fact.sequence for fact in judgement.facts if fact.id not in places),
        proposed=tuple(places[fact.id] for fact in judgement.facts if fact.id in places),
        by=places.get(one.cause.id),
        alert=alert,
        alert_steps=tuple(fact.type.removeprefix("alert.").removesuffix(".v1") for fact in life),
        urgency=next((fact.data.urgency for fact in life if isinstance(fact.data, AlertRaised)), None),
        told=tuple(
            dict.fromkeys(
                person for fact in life if isinstance(fact.data, AlertEscalated) for person in fact.data.to_persons
            )
        ),
        say=finding.say,
    )


def _place(one: Effect) -> tuple[int, str, str, str, str, str]:
    return (ORDER.index(one.what), one.due_at or "", one.rule, one.subject, one.party or "", one.period or "")


def _told(judgement: Judgement | None) -> Judgement | None:
    return None if judgement is None or judgement.state == "waiting" else judgement


def _same(one: Judgement | None, other: Judgement | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.state, one.due, one.provisional, one.happened, one.missing) == (
        other.state,
        other.due,
        other.provisional,
        other.happened,
        other.missing,
    )
