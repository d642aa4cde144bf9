"""Persons as conditions: which post somebody held, what he was in charge of, for whom he could act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from events.vocabulary import enums
from rulebooks.language.being_away import away_test, stand_in_test
from rulebooks.language.comparisons import several
from rulebooks.language.partners import partner_test
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import Test, Truth, all_of, any_of, conjunction, settled
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.mandate_reach import compile_reach
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import PersonId
    from events.moment import Instant
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Body, Scope
    from rulebooks.record.mandates import Mandate
    from rulebooks.record.roster import Roster
    from rulebooks.record.tenures import Holding

CompileTerm = Callable[[str, "Scope"], Test]
_ASIDE: Final = ("person", "zh", "en", "of", "which", "division_of", "with_contacts", "held_as")


def compile_person(given: Located, scope: Scope, compile_term: CompileTerm) -> Test:
    """Compile a condition on one person or several; `which: any` asks it of one of them, otherwise of all.

    What it missed it forgets unless it stays open.
    """
    path = compile_path(given["person"], scope)
    if path.kind.base != "person":
        raise CompileError(f"{path.text} 不是人员", f"{path.text} is no person", given)
    test = person_test(given, scope, compile_term)
    needs_any = given.get("which", "all") == "any"
    read = path.read

    def ask_one(frame: Frame) -> Truth:
        mark = len(frame.missing)
        person = read(frame)
        if person is UNSET:
            return None
        answer: Truth = False
        if isinstance(person, str):
            before, frame.who = frame.who, person
            answer = test(frame)
            frame.who = before
        if answer is not None:
            del frame.missing[mark:]
        return answer

    def ask(frame: Frame) -> Truth:
        value = read(frame)
        if value is UNSET:
            return None
        answers = [None if person is UNSET else _asked(frame, test, str(person)) for person in several(value)]
        if needs_any:
            return True if True in answers else None if None in answers else False
        return False if not answers or False in answers else None if None in answers else True

    return settled(ask) if path.kind.many else ask_one


def _asked(frame: Frame, test: Test, person: PersonId) -> Truth:
    before, frame.who = frame.who, person
    answer = test(frame)
    frame.who = before
    return answer


def person_test(given: Located, scope: Scope, compile_term: CompileTerm) -> Test:
    """Compile what is asked of `who`: every key given must hold."""
    forms: dict[str, Callable[[Located, Scope, CompileTerm], Test]] = {
        "holds": _holds,
        "member_of": _member_of,
        "in_charge_of": _in_charge_of,
        "entrusted": _entrusted,
        "partner_of": _partner_of,
        "stands_in_for": _stands_in_for,
        "is": lambda one, inner, compile_one: compile_one(str(one["is"]), inner),
        "same_as": _same_as,
        "any": lambda one, inner, compile_one: any_of(
            [person_test(p, inner, compile_one) for p in as_list(one["any"])]
        ),
        "away": lambda one, inner, _compile_one: away_test(one, inner),
    }
    asked = [name for name in forms if name in given]
    if not asked:
        options = "、".join(forms)
        raise CompileError(f"person 须写其一：{options}", f"a person wants one of: {options}", given)
    checked_keys(given, (*_ASIDE, *forms))
    for aside in ("of", "held_as"):
        if aside in given and "holds" not in given:
            raise CompileError(
                f"{aside} 只限定 holds：请把它与 holds 写在一起",
                f"{aside} narrows holds and nothing else: write it beside holds",
                given,
            )
    return all_of([forms[name](given, scope, compile_term) for name in asked])


def _unknown(frame: Frame, what: str) -> None:
    frame.missing.append(what)


def _holds(given: Located, scope: Scope, _compile_term: CompileTerm) -> Test:
    """Hold a post of one of some roles, in a unit when `of` names one."""
    roles = frozenset(map(str, as_list(given["holds"])))
    unknown = roles - set(enums()["role"].values)
    if unknown:
        options = "、".join(enums()["role"].values)
        raise CompileError(
            f"没有角色 {sorted(unknown)}，可用：{options}", f"no role {sorted(unknown)}; use one of: {options}", given
        )
    held_as = frozenset(map(str, as_list(given.get("held_as"))))
    unit = compile_path(given["of"], scope) if "of" in given else None
    scope.reads_roster()

    def test(frame: Frame) -> Truth:
        person = frame.who or ""
        roster = frame.world.roster
        if not roster.known(person):
            _unknown(frame, f"person/{person}: posts")
            return None
        units = None if unit is None else unit.read(frame)
        if units is UNSET:
            return None
        wanted = several(units)
        perhaps = False
        for one in roster.posts_of(person, frame.at.latest):
            if one.role not in roles or (held_as and one.held_as not in held_as):
                continue
            if unit is None or one.unit in wanted:
                frame.used.append(one.fact)
                return True
            perhaps = UNSET in wanted
        return None if perhaps else False

    return test


def is_member(frame: Frame, body: Body, person: PersonId) -> bool:
    """Tell whether a person is in office in a body at the frame's moment."""
    roster = frame.world.roster
    posts = roster.posts_of(person, frame.at.latest)
    return any(one.role in body.roles and _makes_member(roster, body, one) for one in posts)


def _makes_member(roster: Roster, body: Body, one: Holding) -> bool:
    """Tell whether a post of one of a body's roles makes its holder a member."""
    if one.held_as not in body.held_as:
        return False
    unit = roster.unit(one.unit) if body.unit_kinds else None
    return not body.unit_kinds or (unit is not None and unit.kind in body.unit_kinds)


def members(frame: Frame, body: Body) -> dict[PersonId, str]:
    """Return the persons in office in a body at the frame's moment, each once, with the post that counts."""
    found: dict[PersonId, str] = {}
    for one in in_office(frame.world.roster, body, frame.at.latest):
        if one.person not in found:
            found[one.person] = one.post
            frame.used.append(one.fact)
    return found


def in_office(roster: Roster, body: Body, at: Instant) -> list[Holding]:
    """Return the posts by which persons were members of a body at an instant, in the order of its roles."""
    return [one for role in body.roles for one in roster.holders(role, at) if _makes_member(roster, body, one)]


def named_body(name: object, scope: Scope, at: Located | None = None) -> Body:
    """Return a body that the rulebook defines."""
    if name not in scope.bodies:
        options = "、".join(scope.bodies)
        raise CompileError(f"没有名为“{name}”的 body，可用：{options}", f"no body {name!r}; use one of: {options}", at)
    scope.reads_roster()
    return scope.bodies[str(name)]


def _member_of(given: Located, scope: Scope, _compile_term: CompileTerm) -> Test:
    body = named_body(given["member_of"], scope, given)

    def test(frame: Frame) -> Truth:
        person = frame.who or ""
        if not frame.world.roster.known(person):
            _unknown(frame, f"person/{person}: posts")
            return None
        return is_member(frame, body, person)

    return test


def _in_charge_of(given: Located, scope: Scope, _compile_term: CompileTerm) -> Test:
    """Be in charge, by the division of work, of one of some fields of work or units, or be their contact too."""
    paths = [compile_path(one, scope) for one in as_list(given["in_charge_of"])]
    office = given.get("division_of") == "office"
    contacts = given.get("with_contacts") is True
    scope.reads_roster()

    def test(frame: Frame) -> Truth:
        roster, person = frame.world.roster, frame.who or ""
        unit = next(iter(roster.units(("government_office",))), None) if office else None
        portfolios = roster.in_charge(person, frame.at.latest, unit)
        if portfolios is None:
            _unknown(frame, "division: portfolios")
            return None
        wanted: set[object] = set()
        for path in paths:
            wanted.update(several(path.read(frame)))
        for one in portfolios:
            if not (
                wanted.isdisjoint(one.fields)
                and wanted.isdisjoint(one.units)
                and (not contacts or wanted.isdisjoint(one.contacts))
            ):
                frame.used.append(one.fact)
                return True
        return None if UNSET in wanted else False

    return test


def _entrusted(given: Located, scope: Scope, compile_term: CompileTerm) -> Test:
    """Act on a mandate in force at the moment, of some kinds, by a person of whom `by` holds."""
    mandate = given["entrusted"]
    if not isinstance(mandate, Located):
        raise CompileError("entrusted 须写 kinds 和 by", "entrusted wants kinds and by", given)
    checked_keys(mandate, ("by", "for"), ("kinds",))
    kinds = frozenset(map(str, as_list(mandate["kinds"])))
    unknown = kinds - set(enums()["entrustment_kind"].values)
    if unknown:
        options = "、".join(enums()["entrustment_kind"].values)
        raise CompileError(
            f"没有委托种类 {sorted(unknown)}，可用：{options}",
            f"no kind {sorted(unknown)}; use one of: {options}",
            mandate,
        )
    giver = person_test(mandate["by"], scope, compile_term) if "by" in mandate else None
    reach = compile_reach(mandate.get("for"), scope)
    scope.reads_mandates()

    def test(frame: Frame) -> Truth:
        answer: Truth = False
        for one in frame.world.mandates.given_to(frame.who or "", frame.at.earliest, frame.at.latest):
            if one.given.kind not in kinds or _over(frame, one):
                continue
            by_whom = True if giver is None else _asked(frame, giver, one.given.by)
            truth = by_whom if by_whom is False else conjunction((by_whom, reach.covers(one, frame)))
            if truth is True:
                frame.used.append(one.fact)
                return True
            answer = None if truth is None else answer
        return answer

    return settled(test)


def _over(frame: Frame, mandate: Mandate) -> bool:
    """Tell whether who entrusted somebody for an absence was back by then: with the return the mandate ends."""
    absence = mandate.given.absence
    away = frame.world.absences.of(absence) if isinstance(absence, str) else None
    return away is not None and away.returned is not None and away.until < frame.at.earliest


def _partner_of(given: Located, scope: Scope, _compile_term: CompileTerm) -> Test:
    """Stand in for somebody by a standing arrangement (AB角)."""
    return partner_test(compile_path(given["partner_of"], scope), scope)


def _stands_in_for(given: Located, scope: Scope, compile_term: CompileTerm) -> Test:
    """Stand in by a standing arrangement for somebody who is away then and of whom conditions hold."""
    if not isinstance(given["stands_in_for"], Located):
        raise CompileError("stands_in_for 须写对人的条件", "stands_in_for wants conditions on a person", given)
    of_whom = person_test(given["stands_in_for"], scope, compile_term)
    return stand_in_test(lambda frame, person: _asked(frame, of_whom, person), scope)


def _same_as(given: Located, scope: Scope, _compile_term: CompileTerm) -> Test:
    path = compile_path(given["same_as"], scope)

    def test(frame: Frame) -> Truth:
        others = several(path.read(frame))
        return True if frame.who in others else None if UNSET in others else False

    return test
