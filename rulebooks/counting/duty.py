"""Who is held to the lower limit of a count, and to which fact his duty is tied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from rulebooks.counting.totals import subject_of
from rulebooks.language.persons import in_office, named_body
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.calendar.periods import Period
    from rulebooks.counting.tallies import Contribution
    from rulebooks.language.scope import Body, Scope
    from rulebooks.record.world import World

ESTABLISHED: Final = "roster.unit_established.v1"


class Duty(NamedTuple):
    """Who is held to a lower limit.

    `keys` are those judged though nothing is counted for them. `tied` returns the fact to which a key's duty is tied
    in a period, given its first contribution; None for one that is not held to it then. `from_record` says that the
    periods begin with the record and not with a key's first contribution, `begins` when a key last came to be held.
    """

    keys: Callable[[World], Iterable[str]]
    tied: Callable[[World, str, Period, Contribution | None], AnyFact | None]
    from_record: bool
    begins: Callable[[World, str], Instant | None] = lambda _world, _key: None


def _first_counted(_world: World, _key: str, _period: Period, first: Contribution | None) -> AnyFact | None:
    return None if first is None else first.fact


def _government(world: World, key: str, period: Period, first: Contribution | None) -> AnyFact | None:
    established = world.files.file(subject_of(world, key)).of_type(ESTABLISHED)
    return established[0] if established else _first_counted(world, key, period, first)


WHOEVER_IS_COUNTED: Final = Duty(lambda _world: (), _first_counted, from_record=False)
"""A key is held to it from its first contribution on."""
THE_DISTRICT: Final = Duty(lambda _world: ("",), _government, from_record=True)
"""The district as a whole is, tied to what set up its government."""


def compile_among(given: object, base: str, scope: Scope) -> Duty:
    """Compile `among:`, `{members: BODY}` of persons or `{unit_kinds: [...]}` of units, for keys of that kind.

    Whoever was in office, or stood, from the first to the last day of a period is held to it, whether or not anything
    is counted for him; nobody else is.
    """
    if isinstance(given, Located) and "members" in given and base == "person":
        checked_keys(given, (), ("members",))
        return _of_members(named_body(given["members"], scope, given))
    if isinstance(given, Located) and base == "unit":
        checked_keys(given, (), ("unit_kinds",))
        scope.reads_roster()
        return _of_units(frozenset(map(str, as_list(given["unit_kinds"]))))
    raise CompileError(
        "among 须写 {members: BODY}（key 为人员）或 {unit_kinds: [...]}（key 为单位）",
        "among wants {members: BODY} for a key of persons, or {unit_kinds: [...]} for one of units",
        given if isinstance(given, Located) else None,
    )


def _of_members(body: Body) -> Duty:
    def keys(world: World) -> list[str]:
        ever = (one for role in body.roles for one in world.roster.holdings(role))
        return [f"person/{one}" for one in sorted({one.person for one in ever})]

    def tied(world: World, key: str, period: Period, _first: Contribution | None) -> AnyFact | None:
        person = key.partition("/")[2]
        first, last = (
            next((one.fact for one in in_office(world.roster, body, at) if one.person == person), None)
            for at in (period.first, period.last)
        )
        return None if last is None else first

    def begins(world: World, key: str) -> Instant | None:
        person = key.partition("/")[2]
        held = (one.since for role in body.roles for one in world.roster.holdings(role) if one.person == person)
        return max(held, default=None)

    return Duty(keys, tied, from_record=True, begins=begins)


def _of_units(kinds: frozenset[str]) -> Duty:
    def keys(world: World) -> list[str]:
        return [f"unit/{one}" for one in world.roster.units(kinds)]

    def tied(world: World, key: str, period: Period, _first: Contribution | None) -> AnyFact | None:
        unit = world.roster.unit(key.partition("/")[2])
        if unit is None or unit.kind not in kinds:
            return None
        established, closed = world.roster.stood(key.partition("/")[2])
        stood = established.occurred_at.earliest <= period.first
        return established if stood and (closed is None or closed.occurred_at.earliest > period.last) else None

    def begins(world: World, key: str) -> Instant | None:
        unit = key.partition("/")[2]
        return None if world.roster.unit(unit) is None else world.roster.stood(unit)[0].occurred_at.earliest

    return Duty(keys, tied, from_record=True, begins=begins)
