"""Steps of a path through the roster: from a person, a unit or a post to what it was at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, UnsetType

from rulebooks.language.partners import arranged
from rulebooks.language.path_parts import Hops, Kind, Reader, Step, chain
from rulebooks.problems import CompileError

if TYPE_CHECKING:
    from events.fact import UnitId
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

ROSTER_STEPS: Final[dict[str, dict[str, Kind]]] = {
    "person": {
        "roles": Kind("enum:role", many=True),
        "units": Kind("unit", many=True),
        "rank": Kind("enum:rank"),
        "partners": Kind("person", many=True),
    },
    "unit": {
        "name": Kind("string"),
        "kind": Kind("enum:unit_kind"),
        "parent": Kind("unit"),
        "fields": Kind("string", many=True),
        "first_level_budget": Kind("bool"),
        "heads": Kind("person", many=True),
        "successors": Kind("unit", many=True),
    },
    "post": {"role": Kind("enum:role"), "unit": Kind("unit")},
}
HEADS_OF_UNITS: Final = ("unit_head", "town_head", "office_director")


def step_into_roster(read: Reader, kind: Kind, rest: list[str], scope: Scope, text: str) -> tuple[Reader, Kind, Hops]:
    """Go on from a person, a unit or a post; raise CompileError for what the roster does not tell of it."""
    name = rest.pop(0)
    options = ROSTER_STEPS[kind.base]
    if name not in options:
        shown = "、".join(options)
        raise CompileError(
            f"{text}：{kind.base} 没有“{name}”，可用：{shown}",
            f"{text}: a {kind.base} has no {name!r}; use one of: {shown}",
        )
    scope.reads_roster()
    step = {"person": _person_step, "unit": _unit_step, "post": _post_step}[kind.base](name)
    found = options[name]
    return chain(read, kind, step), found._replace(many=kind.many or found.many), None


def _person_step(name: str) -> Step:
    def step(frame: Frame, person: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        if name == "partners":
            found = arranged(frame, person)
            return UNSET if found is None else found
        roster = frame.world.roster
        rank = roster.rank(person, frame.at.latest) if name == "rank" else None
        if rank is not None:
            return rank
        if name == "rank" or not roster.known(person):
            frame.missing.append(f"person/{person}: {name}")
            return UNSET
        held: dict[str, None] = {}
        for one in roster.posts_of(person, frame.at.latest):
            frame.used.append(one.fact)
            held[one.role if name == "roles" else one.unit] = None
        return tuple(held)

    return step


def _unit_step(name: str) -> Step:
    def step(frame: Frame, unit: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        roster = frame.world.roster
        if name == "successors":
            return _successors(frame, unit)
        if name == "heads":
            found = [one for role in HEADS_OF_UNITS for one in roster.holders(role, frame.at.latest, unit)]
            return tuple(one.person for one in found)
        established = roster.unit(unit)
        value = UNSET if established is None else getattr(established, name)
        if value is UNSET:
            frame.missing.append(f"unit/{unit}: {name}")
        return value

    return step


def _successors(frame: Frame, unit: UnitId) -> tuple[UnitId | UnsetType, ...]:
    """Return who took over the duties of a unit, one after another; unknown where a closing does not name it."""
    found: list[UnitId | UnsetType] = []
    while (closing := frame.world.roster.closing(unit)) is not None:
        frame.used.append(closing)
        following = getattr(closing.data, "successor", None)
        if following is None or following in found:
            break
        found.append(following)
        if following is UNSET:
            frame.missing.append(f"unit/{unit}: successor")
            break
        unit = following
    return tuple(found)


def _post_step(name: str) -> Step:
    def step(frame: Frame, post: Any) -> Any:  # noqa: ANN401  # a value of the vocabulary
        established = frame.world.roster.post(post)
        if established is None:
            frame.missing.append(f"post/{post}: {name}")
            return UNSET
        return getattr(established, name)

    return step
