"""House settings explained: what is due soon, who is told when, how urgent what is, and where a post stands empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from projections.alerts.escalation import told_at, told_by
from projections.policy.policy import GRADES, Policy, Teller, Urgency

if TYPE_CHECKING:
    from events.moment import Instant
    from rulebooks.record.world import World

WITH_HEADS: Final = ("government_office", "department", "town", "subdistrict", "park")
"""Kinds of unit that answer for what they are asked, and so have somebody to be told."""


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the ladder: after how many working days whom it names, by which posts."""

    step: int
    after_working_days: int
    tell: Teller
    posts: tuple[str, ...]


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told at one step when something of a unit is overdue; `vacant` when the step itself names nobody."""

    step: int
    persons: tuple[str, ...]
    vacant: bool


class UnitHeard(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told, step by step, when something of a unit is overdue."""

    unit: str
    name: str
    steps: tuple[Heard, ...]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """House settings, and for a district who is told by the roster of today."""

    policy: str
    sha256: str
    due_soon_working_days: int
    ladder: tuple[Rung, ...]
    otherwise: Teller
    urgency: dict[str, Urgency]
    district: str | None = None
    units: tuple[UnitHeard, ...] = ()


def explained(policy: Policy, district: str | None = None, world: World | None = None, at: Instant = 0) -> Explained:
    """Explain settings; with a district's world also whom they name at an instant, unit by unit."""
    ladder = tuple(
        Rung(step=number, after_working_days=step.after, tell=step.tell, posts=policy.roles.get(step.tell, ()))
        for number, step in enumerate(policy.ladder, start=1)
    )
    return Explained(
        policy=policy.name,
        sha256=policy.sha256,
        due_soon_working_days=policy.due_soon,
        ladder=ladder,
        otherwise=policy.otherwise,
        urgency={grade: policy.urgency[grade] for grade in GRADES},
        district=district,
        units=() if world is None else _units(policy, world, at),
    )


def _units(policy: Policy, world: World, at: Instant) -> tuple[UnitHeard, ...]:
    found: list[UnitHeard] = []
    for unit in sorted(world.roster.units(WITH_HEADS)):
        established = world.roster.unit(unit)
        steps = tuple(
            Heard(
                step=taken + 1,
                persons=told_at(policy, taken, unit, world, at),
                vacant=not told_by(policy, step.tell, unit, world, at),
            )
            for taken, step in enumerate(policy.ladder)
        )
        found.append(UnitHeard(unit=unit, name=unit if established is None else established.name, steps=steps))
    return tuple(found)
