"""absence: who must not be away at the same time: AB partners, or too many of a body (外出)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from events.moment import Moment
from events.vocabulary import field_types
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import fact_types
from rulebooks.language.fields import attribute
from rulebooks.language.frame import Frame
from rulebooks.language.limits import Due
from rulebooks.language.persons import is_member, named_body
from rulebooks.problems import CompileError, checked_keys
from rulebooks.record.overlaps import Span, registered, span_of, together
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact, PersonId
    from rulebooks.constraint import Act
    from rulebooks.context import Context
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.record.absences import Away
    from rulebooks.rule import Rule

REGISTERED: Final = "absence.registered.v1"


class Together(NamedTuple):
    """A compiled rule: whose absences count, how many at most at once (None: no AB partners), what permits more."""

    act: Act
    counts: Test
    most: int | None
    consent: tuple[tuple[str, ...], str] | None


def compile_rule(context: Context) -> Rule:
    """Compile an absence rule: `partners` must not be away at once, or no more than `most_away` of those it is `of`.

    Each overlap is judged once, at the absence that was registered last (of two of one moment, the one whose case sorts
    last). It is a forecast while it lies ahead, violated once everybody concerned is recorded to have left, and not
    determinable when it has come and a departure is not recorded. An absence not granted or called off does not count;
    whoever has no partner is not judged.
    """
    context.check((*CONSTRAINT_KEYS, "of", "partners", "most_away", "consented"), ("on",))
    act = compile_act(context, settle="now")
    if act.scope.subject_kind != "absence":
        raise CompileError(
            "absence 的 on 须是外出的事实", "an absence rule looks at facts of an absence", context.given
        )
    act.scope.reads((REGISTERED,), ())
    rule = Together(act, _counts(context, act.scope), _most(context), _consent(context, act.scope))
    meeting = not act.scope.dependencies.absences
    act.scope.reads_absences()
    act.scope.reads_roster()

    def requirement(frame: Frame) -> Iterator[Answer]:
        own = _own(frame, rule)
        if own is None:
            return
        if rule.most is None:
            yield from _partners(frame, rule, own)
        else:
            yield _answer(frame, rule, own, _others(frame, rule, own, None), rule.most)

    return replace(constraint(context, act, requirement), meeting_absences=meeting)


def _most(context: Context) -> int | None:
    given, most = context.get("partners"), context.get("most_away")
    if (given is None) == (most is None):
        raise CompileError("须写 partners 或 most_away 之一", "write either partners or most_away", context.given)
    if most is not None:
        if not isinstance(most, int) or isinstance(most, bool) or most < 1:
            raise CompileError("most_away 应为正整数", "most_away is a whole number, 1 or more", context.given)
        return most
    if not isinstance(given, Located) or given.get("overlap") is not False or len(given) != 1:
        raise CompileError("partners 应写 {overlap: false}", "partners reads {overlap: false}", context.given)
    return None


def _counts(context: Context, scope: Scope) -> Test:
    """Compile `of`: a body, or conditions on `who`; everybody when left out."""
    given = context.get("of")
    if isinstance(given, str):
        body = named_body(given, scope, context.given)
        return lambda frame: is_member(frame, body, frame.who or "")
    return compile_all(given, scope)


def _consent(context: Context, scope: Scope) -> tuple[tuple[str, ...], str] | None:
    given = context.get("consented")
    if given is None:
        return None
    if not isinstance(given, Located):
        raise CompileError("consented 须写 fact 和 field", "consented wants fact and field", context.given)
    checked_keys(given, (), ("fact", "field"))
    types = fact_types(given["fact"], given)
    for name in types:
        if given["field"] not in field_types(name):
            raise CompileError(f"{name} 没有字段 {given['field']}", f"{name} has no field {given['field']}", given)
    scope.reads(types, ())
    return types, attribute(given["field"])


def _own(frame: Frame, rule: Together) -> Span | None:
    away = frame.world.absences.of(frame.file.key)
    first = registered(frame.file)
    if away is None or (rule.act.pick.each and (first is None or first.id != frame.trigger.id)):
        return None
    counts = _asked(frame, rule.counts, away)
    return None if counts is False else span_of(away, frame.file, certain=counts is True)


def _asked(frame: Frame, test: Test, away: Away) -> Truth:
    """Ask whether somebody's absence counts, as of the moment at which it begins."""
    at, who = frame.at, frame.who
    frame.at, frame.who = away.start, away.person
    answer = test(frame)
    frame.at, frame.who = at, who
    return answer


def _others(frame: Frame, rule: Together, own: Span, person: PersonId | None) -> list[Span]:
    """Return the absences of others, registered before, that touch one's own and count."""
    absences = frame.world.absences
    since, until = own.start.earliest, own.end.latest
    found: list[Span] = []
    for away in absences.during(since, until) if person is None else absences.of_person(person, since, until):
        file = frame.world.files.file(away.case)
        first = registered(file)
        if first is None or away.person == own.person or _place(first, away.case) >= _place(frame.trigger, own.case):
            continue
        other = Frame(frame.world, file, first, first.occurred_at)
        answers = [rule.act.when(other)]
        if person is None:
            answers.append(_asked(other, rule.counts, away))
        if False not in answers:
            frame.missing.extend(other.missing)
            found.append(span_of(away, file, certain=None not in answers))
    return found


def _place(first: AnyFact, case: str) -> tuple[int, str]:
    return (first.occurred_at.latest, case)


def _partners(frame: Frame, rule: Together, own: Span) -> Iterator[Answer]:
    since, until = own.start.earliest, own.end.latest
    arrangements = frame.world.roster.partnerships(own.person, since, until)
    persons = dict.fromkeys(person for one in arrangements for person in one.members if person != own.person)
    for person in persons:
        joined = [one for one in arrangements if person in one.members]
        others = [
            other
            for other in _others(frame, rule, own, person)
            if any(
                one.since <= min(until, other.end.latest) and max(since, other.start.earliest) <= one.until
                for one in joined
            )
        ]
        frame.used.extend(one.fact for one in joined)
        frame.party = person
        yield msgspec.structs.replace(_answer(frame, rule, own, others, 1), party=person)
    frame.party = None


def _answer(frame: Frame, rule: Together, own: Span, others: list[Span], most: int) -> Answer:
    allowed = [other for other in others if not _consented(frame, rule, own, other)]
    begun = [other for other in allowed if other.begun and other.certain]
    if own.begun and own.certain and len(found := together(own, begun, surely=True)) > most:
        return _violated(frame, found, most)
    certain = [other for other in allowed if other.certain]
    if own.certain and len(found := together(own, certain, surely=True)) > most:
        return _foreseen(frame, found, most)
    if len(found := together(own, allowed, surely=False)) > most:
        return _uncertain(frame, found, most)
    frame.used.extend(own.facts)
    if len(allowed) < len(others):
        return Answer(truth=True, reason=(Say("准假人已同意重叠", "the approver let them overlap"),))
    return Answer(truth=True)


def _consented(frame: Frame, rule: Together, own: Span, other: Span) -> bool:
    if rule.consent is None:
        return False
    types, field = rule.consent
    for case, wanted in ((own.case, other.case), (other.case, own.case)):
        for fact in frame.world.files.file(case).of_types(types):
            named = getattr(fact.data, field, None)
            if isinstance(named, tuple) and wanted in named:
                frame.used.append(fact)
                return True
    return False


def _violated(frame: Frame, found: tuple[Span, ...], most: int) -> Answer:
    frame.used.extend(fact for one in found for fact in one.facts)
    latest = max(found, key=lambda one: one.start.earliest)
    due = Due(latest.start.earliest, is_day=False)
    said = _named(found, most, "同时外出", "were away at once")
    return Answer(truth=False, reason=(said,), happened=latest.start, due=due)


def _foreseen(frame: Frame, found: tuple[Span, ...], most: int) -> Answer:
    """Say that the plans overlap: a forecast until they do, then not determinable for want of a departure."""
    frame.used.extend(fact for one in found for fact in one.facts)
    instant = max(one.start.earliest for one in found)
    due = Due(instant, is_day=False)
    if frame.world.hour < instant:
        said = _named(found, most, "将同时外出", "will be away at once")
        return Answer(truth=False, reason=(said,), state="forecast", due=due, wake=instant)
    frame.missing.extend(f"{one.case} absence.departed" for one in found if not one.begun)
    said = _named(
        found, most, "按计划同时外出，但有人的离开没有记录", "are away at once by plan, but a departure is not recorded"
    )
    return Answer(None, (said,), due=due, expired=True)


def _uncertain(frame: Frame, found: tuple[Span, ...], most: int) -> Answer:
    """Say that it depends on hours which are not recorded: open until the last of them is over."""
    frame.used.extend(fact for one in found for fact in one.facts)
    instant = min(one.end.latest for one in found)
    due = Due(instant, is_day=False)
    if frame.world.hour < instant:
        return Answer(None, state="open", due=due, wake=instant)
    for one in found:
        if not one.begun or one.start.day_only:
            frame.missing.append(f"{one.case} absence.departed: occurred_at")
        if one.end.day_only:
            frame.missing.append(f"{one.case} absence.returned: occurred_at")
    said = _named(found, most, "可能同时外出，时刻没有记录", "may have been away at once; the hours are not recorded")
    return Answer(None, (said,), due=due, expired=True)


def _named(found: tuple[Span, ...], most: int, zh: str, en: str) -> Say:
    since = Moment.at(max(one.start.earliest for one in found)).day.isoformat()
    listed = "；".join(one.say() for one in found)
    limit = f"，最多 {most} 人" if most > 1 else ""
    limit_en = f", at most {most}" if most > 1 else ""
    return Say(
        f"自 {since} 起 {len(found)} 人{zh}{limit}：{listed}", f"from {since} on {len(found)} {en}{limit_en}: {listed}"
    )
