"""Who stands in for whom by a standing arrangement (AB角)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import UNSET

from rulebooks.language.truth import disjunction

if TYPE_CHECKING:
    from events.fact import PersonId
    from rulebooks.language.frame import Frame
    from rulebooks.language.path_parts import Path
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth

Asked = Callable[["Frame", "PersonId"], "Truth"]
"""What is asked of the person for whom somebody stands in."""


def arranged(frame: Frame, person: PersonId) -> tuple[PersonId, ...] | None:
    """Return who is to stand in for a person by arrangement, in the order of rank, in office or not.

    None when no arrangement names the person at all; nobody for one who is expressly left without a partner.
    """
    arrangements = frame.world.roster.partnerships(person, frame.at.latest)
    if not arrangements:
        frame.missing.append(f"person/{person}: ab_arrangement")
        return None
    found: list[PersonId] = []
    for one in arrangements:
        frame.used.append(one.fact)
        place = one.members.index(person)
        if one.form == "mutual":
            found += [member for member in one.members if member != person]
        elif one.form in {"chain", "one_way"}:
            found += list(one.members[place + 1 :])
    return tuple(dict.fromkeys(found))


def partners(frame: Frame, person: PersonId) -> tuple[PersonId, ...] | None:
    """Return who stands in for a person, in the order of rank; None when no arrangement names the person at all.

    One who has left office, or has not come into it yet, stands in for nobody.
    """
    found = arranged(frame, person)
    if found is None:
        return None
    roster = frame.world.roster
    return tuple(one for one in found if roster.posts_of(one, frame.at.latest) or not roster.known(one))


def partner_test(path: Path, scope: Scope) -> Test:
    """Return the test whether `who` stands in for the person to whom a path leads."""
    scope.reads_roster()

    def test(frame: Frame) -> Truth:
        other = path.read(frame)
        if other is UNSET:
            return None
        if not isinstance(other, str):
            return False
        found = partners(frame, other)
        return None if found is None else frame.who in found

    return test


def stand_in_test(of_whom: Asked, scope: Scope) -> Test:
    """Return the test whether `who` stands in for somebody away at the moment, of whom something holds."""
    scope.reads_roster()
    scope.reads_absences(at_moment=True)

    def test(frame: Frame) -> Truth:
        who = frame.who or ""
        answers: list[Truth] = []
        for other in _named_with(frame, who):
            away = list(frame.world.absences.of_person(other, frame.at.earliest, frame.at.latest))
            if away and who in (partners(frame, other) or ()):
                frame.used.extend(one.told_by for one in away)
                answers.append(of_whom(frame, other))
        return disjunction(answers)

    return test


def _named_with(frame: Frame, person: PersonId) -> list[PersonId]:
    """Return the others whom the arrangements of a person name."""
    arrangements = frame.world.roster.partnerships(person, frame.at.latest)
    return list(dict.fromkeys(member for one in arrangements for member in one.members if member != person))
