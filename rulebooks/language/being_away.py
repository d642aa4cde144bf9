"""Being away: at the moment, so that a partner stands in, or at some time within an absence or entrustment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from events.vocabulary import enums
from rulebooks.language.frame import fact_name
from rulebooks.language.partners import partners
from rulebooks.language.path_parts import case_kinds_of
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import conjunction, disjunction, negated
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.overlaps import Window, crosses, hours_missing, shared, window_of
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import PersonId
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.record.absences import Away

INTERVALS: Final = frozenset({"absence", "entrustment"})

Asked = Callable[["Frame", "PersonId"], "Truth"]
"""What is asked of the person for whom somebody stands in."""


def boundaries_of(given: Located) -> frozenset[str]:
    """Return the boundaries (离开范围) named under `leaves`; raise CompileError for one that there is not."""
    named = frozenset(map(str, as_list(given.get("leaves"))))
    allowed = enums()["boundary"].values
    if named - set(allowed):
        options = "、".join(allowed)
        raise CompileError(f"leaves 可用：{options}", f"leaves wants some of: {options}", given)
    return named


def away_test(given: Located, scope: Scope) -> Test:
    """Compile `away: true` (at the moment), or `away: {during, with, leaves}`.

    `during` leads to an absence or entrustment, within whose time it must be; `with` to somebody who must be away at
    the same time, `leaves` names boundaries of which both must have crossed one.
    """
    wanted = given["away"]
    scope.reads_absences(at_moment=not isinstance(wanted, Located))
    return _during(wanted, scope) if isinstance(wanted, Located) else _now(wanted=bool(wanted))


def _now(*, wanted: bool) -> Test:
    def test(frame: Frame) -> Truth:
        return away_then(frame, frame.who or "")

    return test if wanted else negated(test)


def away_then(frame: Frame, person: PersonId) -> Truth:
    """Tell whether somebody was away at the frame's moment: recorded to have left, or not known where only planned."""
    at, answers = frame.at, []
    for one in frame.world.absences.of_person(person, at.earliest, at.latest):
        truth = one.at(at)
        frame.used.append(one.told_by)
        if truth is None:
            own = (f"{fact_name(frame.it or frame.trigger)}: occurred_at",) if at.day_only and one.begun else ()
            frame.missing.extend((*one.missing, *own))
        answers.append(truth)
    return disjunction(answers)


def stand_in_test(of_whom: Asked, scope: Scope) -> Test:
    """Return the test whether `who` stands in for somebody away at the moment, of whom something holds.

    Not known where that one is only planned to be away.
    """
    scope.reads_roster()
    scope.reads_absences(at_moment=True)

    def test(frame: Frame) -> Truth:
        who = frame.who or ""
        answers: list[Truth] = []
        for other in _named_with(frame, who):
            away = away_then(frame, other)
            if away is not False and who in (partners(frame, other) or ()):
                answers.append(conjunction((away, of_whom(frame, other))))
        return disjunction(answers)

    return test


def _named_with(frame: Frame, person: PersonId) -> list[PersonId]:
    """Return the others whom the arrangements of a person name."""
    arrangements = frame.world.roster.partnerships(person, frame.at.latest)
    return list(dict.fromkeys(member for one in arrangements for member in one.members if member != person))


def _during(given: Located, scope: Scope) -> Test:
    checked_keys(given, ("with", "leaves"), ("during",))
    path = compile_path(given["during"], scope)
    if not path.kind.base.startswith("ref:") or not INTERVALS.issuperset(case_kinds_of(path.kind)):
        raise CompileError("during 须是外出或委托", "during leads to an absence or an entrustment", given)
    other = compile_path(given["with"], scope) if "with" in given else None
    if other is not None and other.kind.base != "person":
        raise CompileError("with 须是人员", "with leads to a person", given)
    boundaries = boundaries_of(given)
    scope.reads_mandates()

    def test(frame: Frame) -> Truth:
        key, companion = path.read(frame), None if other is None else other.read(frame)
        if key is UNSET or companion is UNSET:
            return None
        window = _window(frame, str(key))
        own = [] if window is None else _absences(frame, frame.who or "", window, boundaries)
        if other is None or window is None:
            return disjunction(truth for _, truth in own)
        theirs = _absences(frame, str(companion), window, boundaries)
        return disjunction(_together(frame, one, two) for one in own for two in theirs)

    return test


def _together(frame: Frame, one: tuple[Away, Truth], other: tuple[Away, Truth]) -> Truth:
    hours = shared(window_of(one[0]), window_of(other[0]))
    frame.missing.extend(hours_missing(one[0], other[0]) if hours is None else ())
    return conjunction((one[1], other[1], hours))


def _window(frame: Frame, key: str) -> Window | None:
    """Return the time of an absence, as taken, or of an entrustment; None where there is none."""
    away = frame.world.absences.of(key)
    if away is not None:
        return window_of(away)
    mandates = frame.world.mandates.of(key)
    if not mandates:
        return None
    since, until = mandates[0].since, max(one.until for one in mandates)
    return Window(since, since, until, until)


def _absences(frame: Frame, person: PersonId, window: Window, boundaries: frozenset[str]) -> list[tuple[Away, Truth]]:
    """Return the absences of a person that fall into a time, each with whether it surely counts."""
    found: list[tuple[Away, Truth]] = []
    for away in frame.world.absences.of_person(person, window.begins, window.ends):
        file = frame.world.files.file(away.case)
        asked: dict[str, Truth] = {
            "absence.departed": True if away.begun else None,
            "leaves": crosses(file, boundaries),
            "absence.departed: occurred_at": shared(window_of(away), window),
        }
        if False in asked.values():
            continue
        frame.used.append(away.told_by)
        frame.missing.extend(f"{away.case} {name}" for name, truth in asked.items() if truth is None)
        found.append((away, conjunction(asked.values())))
    return found
