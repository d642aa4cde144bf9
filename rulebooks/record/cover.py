"""Who covers for somebody away on one day: a mandate in force, the AB partner, a stand-in named, a member of a body."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.absence import AbsenceDeparted, AbsenceRegistered
from events.moment import Moment, end_of, start_of
from events.vocabulary import enums
from rulebooks.language.asides import aside
from rulebooks.language.being_away import boundaries_of
from rulebooks.language.conditions import compile_term
from rulebooks.language.partners import partners
from rulebooks.language.persons import members, named_body, person_test
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.overlaps import crosses, hours_missing
from rulebooks.source import Located

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from events.fact import AnyFact, PersonId
    from events.moment import Instant
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.record.absences import Away

FORMS: Final = ("mandate", "partner", "stand_in", "members")


MORE: Final = {"mandate": ("by", "absence_of"), "stand_in": ("recorded",)}
"""What an entry of one form may say beside `to`."""


class Part(NamedTuple):
    """The part of a day during which somebody is away, in microseconds, both ends included."""

    first: Instant
    last: Instant


class Candidate(NamedTuple):
    """One who may cover a day: who (None: not recorded), and the fact that says so."""

    person: PersonId | None
    fact: AnyFact | None = None


class Covered(NamedTuple):
    """Whether a day is covered, by what that is shown, what is missing, and who could not because he was away too.

    `by_plan` names who will be away too as things are planned; with `barred` nobody else is left who may cover.
    """

    truth: Truth
    facts: tuple[AnyFact, ...] = ()
    missing: tuple[str, ...] = ()
    away_too: tuple[PersonId, ...] = ()
    by_plan: tuple[PersonId, ...] = ()

    @property
    def barred(self) -> bool:
        """Whether this cannot be cover unless a plan to be away is given up."""
        return self.truth is False or bool(self.by_plan)


class TooAway(NamedTuple):
    """An absence of one who may cover, and what is missing to say that it falls into that of the other."""

    absence: Away
    missing: tuple[str, ...]
    by_plan: bool = False


Candidates = Callable[["Frame", "Away", Part], "list[Candidate]"]


class Form(NamedTuple):
    """A compiled way to cover: who may, what must hold of him, and what one must leave to be away oneself (or any)."""

    candidates: Candidates
    to: Test | None
    leaves: frozenset[str] = frozenset()


def compile_cover(given: object, scope: Scope) -> Form:
    """Compile one entry of `cover`: `{mandate: [kinds]}`, `{partner: true}`, `{stand_in: true}` or `{members: BODY}`.

    Each may say `to`, and with `leaves` which boundaries one crosses who is away himself. Of a mandate `by` may say who
    gave it, and it may have been given for the absence of one of `absence_of: BODY` instead; a stand-in with
    `recorded: true` is nobody where none is recorded.
    """
    if not isinstance(given, Located):
        raise CompileError("cover 的每一项应为映射", "each of cover is a mapping")
    forms = [name for name in FORMS if name in given]
    if len(forms) != 1:
        options = "、".join(FORMS)
        raise CompileError(f"cover 须恰有其一：{options}", f"each of cover has exactly one of: {options}", given)
    form = forms[0]
    checked_keys(given, ("zh", "en", "to", "leaves", *MORE.get(form, ())), (form,))
    to = person_test(given["to"], scope, compile_term) if "to" in given else None
    return Form(_candidates(form, given, scope), to, boundaries_of(given))


def _candidates(form: str, given: Located, scope: Scope) -> Candidates:
    if form == "mandate":
        return _mandated(given, scope)
    if form == "members":
        body = named_body(given["members"], scope, given)
        return lambda frame, _away, _part: [Candidate(person) for person in members(frame, body)]
    for word in {form, "recorded"}.intersection(given):
        if given[word] is not True:
            raise CompileError(f"{word} 只可写 true", f"{word} can only be true", given)
    if form == "partner":
        return _partners
    return _recorded_stand_in if "recorded" in given else _stand_in


def covered(frame: Frame, away: Away, day: dt.date, forms: tuple[Form, ...]) -> Covered:
    """Tell whether somebody covers for an absence on a day, as of that day."""
    part = Part(max(away.start.earliest, start_of(day)), min(away.end.latest, end_of(day)))
    at, who = frame.at, frame.who
    frame.at = Moment.on(day)
    answers = list(_answers(frame, away, part, forms))
    frame.at, frame.who = at, who
    for answer in answers:
        if answer.truth is True:
            return answer
    truth: Truth = None if any(one.truth is None for one in answers) else False
    facts = tuple(fact for one in answers for fact in one.facts)
    missing = tuple(text for one in answers if one.truth is None for text in one.missing)
    away_too = tuple(dict.fromkeys(who for one in answers for who in one.away_too))
    planned = (who for one in answers for who in (*one.away_too, *one.by_plan))
    by_plan = tuple(dict.fromkeys(planned)) if all(one.barred for one in answers) else ()
    return Covered(truth, facts, missing, away_too, by_plan)


def _answers(frame: Frame, away: Away, part: Part, forms: tuple[Form, ...]) -> Iterator[Covered]:
    for form in forms:
        candidates, facts, missing = aside(frame, lambda one, form=form: form.candidates(one, away, part))  # type: ignore[misc]  # mypy infers no type for a bound default
        for candidate in candidates:
            if candidate.person is None:
                yield Covered(None, facts, missing or (f"{away.case}: stand_in",))
                continue
            shown = facts if candidate.fact is None else (*facts, candidate.fact)
            yield _asked(frame, form, candidate.person, shown, lambda person: _away(frame, person, part, away))


def _asked(
    frame: Frame,
    form: Form,
    person: PersonId,
    shown: tuple[AnyFact, ...],
    away: Callable[[PersonId], Iterator[TooAway]],
) -> Covered:
    """Tell whether one who may cover fits the conditions and is not away himself."""
    frame.who = person
    fits, facts, missing = aside(frame, form.to or (lambda _frame: True))
    if fits is False:
        return Covered(truth=False, facts=(*shown, *facts))
    truth: Truth = fits
    by_plan: tuple[PersonId, ...] = ()
    for other, open_for, planned in away(person):
        gone = crosses(frame.world.files.file(other.case), form.leaves)
        if gone is False:
            continue
        shown = (*shown, other.planned_by)
        lacking = open_for if gone else (*open_for, f"{other.case}: leaves")
        if not lacking:
            return Covered(truth=False, facts=(*shown, *facts), away_too=(person,))
        truth = None
        missing = (*missing, *lacking)
        by_plan = (person,) if planned and gone else by_plan
    return Covered(truth, (*shown, *facts), missing, by_plan=by_plan)


def _away(frame: Frame, person: PersonId, part: Part, away: Away) -> Iterator[TooAway]:
    """Return the absences of a person that share time with the part of a day, or may: with what would tell."""
    for other in frame.world.absences.of_person(person, part.first, part.last):
        apart = other.end.latest <= part.first or other.start.earliest >= part.last
        if apart:
            continue
        if other.begun:
            yield TooAway(other, hours_missing(other, away))
        else:
            yield TooAway(other, (f"{other.case} absence.departed",), by_plan=True)


def _mandated(given: Located, scope: Scope) -> Candidates:
    kinds = frozenset(map(str, as_list(given["mandate"])))
    allowed = enums()["entrustment_kind"].values
    if not kinds or kinds - set(allowed):
        options = "、".join(allowed)
        raise CompileError(f"mandate 可用：{options}", f"mandate wants some of: {options}", given)

    giver = person_test(given["by"], scope, compile_term) if "by" in given else None
    others = named_body(given["absence_of"], scope, given) if "absence_of" in given else None
    if others is not None:
        scope.reads_absences()

    def by_whom(frame: Frame, person: PersonId) -> bool:
        frame.who = person
        return giver is None or giver(frame) is True

    def bound(frame: Frame, away: Away, absence: object) -> bool:
        """Tell whether a mandate holds for this absence, by the absence for which it was given."""
        if absence in (None, UNSET, away.case):
            return True
        other = frame.world.absences.of(absence) if others is not None and isinstance(absence, str) else None
        return others is not None and other is not None and other.person in members(frame, others)

    def candidates(frame: Frame, away: Away, part: Part) -> list[Candidate]:
        """Return those entrusted by who is away, or for this very absence; not those tied to a meeting or matters."""
        return [
            Candidate(one.given.to, one.fact)
            for one in frame.world.mandates.standing_in(away.person, away.case, part.first, part.last)
            if one.given.kind in kinds
            and not isinstance(one.given.meeting, str)
            and not isinstance(one.given.matters, tuple)
            and bound(frame, away, one.given.absence)
            and by_whom(frame, one.given.by)
        ]

    return candidates


def _partners(frame: Frame, away: Away, _part: Part) -> list[Candidate]:
    found = partners(frame, away.person)
    return [Candidate(None)] if found is None else [Candidate(person) for person in found]


def _stand_in(frame: Frame, away: Away, _part: Part) -> list[Candidate]:
    """Return who has the desk, as named on leaving or before; nobody when it is known that nobody was named."""
    named: list[Candidate] = []
    known = False
    for fact in frame.world.files.file(away.case).of_types(("absence.registered.v1", "absence.departed.v1")):
        data = fact.data
        value = (
            data.handover_to
            if isinstance(data, AbsenceDeparted)
            else data.stand_in
            if isinstance(data, AbsenceRegistered)
            else None
        )
        known = known or value is None
        if isinstance(value, str):
            named.append(Candidate(value, fact))
    return named or ([] if known else [Candidate(None)])


def _recorded_stand_in(frame: Frame, away: Away, part: Part) -> list[Candidate]:
    """Return who has the desk, and nobody where that is not recorded."""
    return [one for one in _stand_in(frame, away, part) if one.person is not None]
