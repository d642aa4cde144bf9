"""Who stands in for whom by a standing arrangement (AB角)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

if TYPE_CHECKING:
    from events.fact import PersonId
    from rulebooks.language.frame import Frame
    from rulebooks.language.path_parts import Path
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth


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
