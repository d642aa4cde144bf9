"""The ladder that an overdue alert climbs: when the next step comes, and who is then told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import day_of, end_of

if TYPE_CHECKING:
    from events.fact import PersonId, UnitId
    from events.moment import Instant
    from projections.policy.policy import Policy, Teller
    from rulebooks.calendar.working_days import Calendar
    from rulebooks.record.roster import Roster
    from rulebooks.record.world import World

ACTING: Final = frozenset({"acting_head", "cover", "portfolio"})
"""Kinds of entrustment by which somebody does another's work while he is away."""


def next_step(policy: Policy, due: Instant, taken: int, calendar: Calendar) -> Instant | None:
    """Return when the step after those taken comes: the end of its working day; None at the top of the ladder."""
    if taken >= len(policy.ladder):
        return None
    return end_of(calendar.add_working_days(day_of(due), policy.ladder[taken].after).day)


def due_soon(policy: Policy, due: Instant, hour: Instant, calendar: Calendar) -> bool:
    """Tell whether a limit that ends at `due` is so near at `hour` that somebody should be reminded."""
    return hour <= due and day_of(hour) >= calendar.add_working_days(day_of(due), -policy.due_soon).day


def told_at(policy: Policy, taken: int, party: str | None, world: World, at: Instant) -> tuple[PersonId, ...]:
    """Return who is told at the step after those taken, by roster, absences and mandates of that moment.

    Where a post is vacant or nobody is in charge, whom the next step names is told at once; empty when nobody is left.
    """
    tellers = [*(step.tell for step in policy.ladder[taken:]), policy.otherwise]
    for teller in tellers:
        persons = told_by(policy, teller, party, world, at)
        if persons:
            return persons
    return ()


def told_by(policy: Policy, teller: Teller, party: str | None, world: World, at: Instant) -> tuple[PersonId, ...]:
    """Return whom a step names at a moment, with those who act for one of them who is away."""
    persons = _persons(policy, teller, party, world.roster, at)
    acting = (
        mandate.given.to
        for person in persons
        if any(world.absences.of_person(person, at, at))
        for mandate in world.mandates.given_by(person, at)
        if mandate.given.kind in ACTING
    )
    return tuple(dict.fromkeys((*persons, *acting)))


def units_of(party: str | None, roster: Roster, at: Instant) -> tuple[UnitId, ...]:
    """Return the units behind a party: itself, or those in which a person holds a post."""
    if party is None:
        return ()
    if is_unit(party, roster):
        return (party,)
    return tuple(dict.fromkeys(one.unit for one in roster.posts_of(party, at)))


def is_unit(party: str, roster: Roster) -> bool:
    """Tell whether a party is a unit: by the roster, else by the form of its id."""
    return roster.unit(party) is not None or (party.startswith("u-") and not roster.known(party))


def is_person(party: str, roster: Roster) -> bool:
    """Tell whether a party is a person: by the roster, else by the form of its id."""
    return roster.known(party) or (party.startswith("p-") and roster.unit(party) is None)


def _persons(policy: Policy, teller: Teller, party: str | None, roster: Roster, at: Instant) -> tuple[PersonId, ...]:
    if teller == "office_head":
        found = [one.person for role in policy.roles["office_head"] for one in roster.holders(role, at)]
    elif teller == "holder":
        found = _holders(policy, party, roster, at)
    else:
        units = frozenset(units_of(party, roster, at))
        found = [one.person for one in roster.portfolios(at) or () if units.intersection(one.units)]
    return tuple(dict.fromkeys(found))


def _holders(policy: Policy, party: str | None, roster: Roster, at: Instant) -> list[PersonId]:
    if party is None:
        return []
    if is_person(party, roster):
        return [party]
    return [one.person for role in policy.roles["holder"] for one in roster.holders(role, at, party)]
