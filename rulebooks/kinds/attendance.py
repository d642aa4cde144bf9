"""attendance: who must come to a meeting, who may, who must not, and with how many companions (到会)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.meeting_room import MeetingAttendanceRecorded
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.asides import aside, read_of
from rulebooks.language.conditions import compile_all
from rulebooks.language.parties import UNKNOWN, compile_parties
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import conjunction
from rulebooks.problems import CompileError, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.parties import Parties
    from rulebooks.language.path_parts import Path
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.rule import Rule

RECORDED: Final = "meeting.attendance_recorded.v1"
ASKED: Final = ("expected", "allowed", "forbidden", "companions")


class Finding(NamedTuple):
    """What one clause of the rule says of one person or unit; `say` is left out when there is nothing to say."""

    party: str | None
    truth: Truth
    say: Say | None
    facts: tuple[AnyFact, ...]
    missing: tuple[str, ...] = ()


def compile_rule(context: Context) -> Rule:
    """Compile an attendance rule: judged for each person that it expects, allows or forbids, each unit's companions.

    An expected person for whom nothing is recorded and no excuse holds is not determinable. Among `allowed` and
    `forbidden` only those recorded as present are looked at.
    """
    context.check((*CONSTRAINT_KEYS, *ASKED, "excused"), ("on",))
    if not any(key in context.given for key in ASKED):
        options = "、".join(ASKED)
        raise CompileError(f"attendance 须写其一：{options}", f"attendance wants one of: {options}", context.given)
    act = compile_act(context)
    if act.scope.subject_kind != "meeting":
        raise CompileError("attendance 的 on 须是会议的事实", "attendance looks at facts of a meeting", context.given)
    act.scope.reads((RECORDED,), ())
    clauses = list(_clauses(context, act.scope))

    def requirement(frame: Frame) -> Iterator[Answer]:
        found: dict[str | None, list[Finding]] = {}
        outer = frame.party
        for clause in clauses:
            for one in clause(frame):
                found.setdefault(one.party, []).append(one)
        for party, findings in found.items():
            frame.party = party if outer is None else outer
            yield _answer(frame, party, findings)
        frame.party = outer

    return constraint(context, act, requirement)


def _answer(frame: Frame, party: str | None, findings: list[Finding]) -> Answer:
    truth = conjunction([one.truth for one in findings])
    for one in findings:
        frame.used.extend(one.facts)
        if truth is None and one.truth is None:
            frame.missing.extend(one.missing)
    reason = tuple(one.say for one in findings if one.say is not None and one.truth is truth)
    return Answer(truth, reason, party=party)


def _clauses(context: Context, scope: Scope) -> Iterator[Callable[[Frame], Iterator[Finding]]]:
    if "expected" in context.given:
        yield _expected(context, scope)
    inner = scope.testing((RECORDED,), ())
    if "allowed" in context.given:
        yield _admitted(compile_all(context.get("allowed"), inner), wanted=True)
    if "forbidden" in context.given:
        yield _admitted(compile_all(context.get("forbidden"), inner), wanted=False)
    if "companions" in context.given:
        yield _companions(context.get("companions"), inner, context)


def _expected(context: Context, scope: Scope) -> Callable[[Frame], Iterator[Finding]]:
    given = context.get("expected")
    parties, inner = compile_parties(given, scope)
    if inner.party is None or inner.party.base != "person":
        raise CompileError("expected 须是人员", "expected wants persons", context.given)
    excused = compile_all(context.get("excused"), inner) if context.get("excused") else None
    of_body = isinstance(given, Located) and "members" in given

    def clause(frame: Frame) -> Iterator[Finding]:
        return _expected_of(frame, parties, excused, unknown_when_empty=of_body)

    return clause


def _expected_of(
    frame: Frame, parties: Parties, excused: Test | None, *, unknown_when_empty: bool
) -> Iterator[Finding]:
    persons, seen, missed = aside(frame, lambda one: list(parties(one)))
    if UNKNOWN in persons or (unknown_when_empty and not persons):
        say = Say("应到人员无法判定", "who was to come cannot be told")
        yield Finding(None, truth=None, say=say, facts=seen, missing=missed or (f"{frame.file.key}: expected",))
    outer = frame.party
    for party in persons:
        if party is not UNKNOWN:
            frame.party = party.value
            yield _expected_one(frame, str(party.value), excused, seen)
    frame.party = outer


def _expected_one(frame: Frame, person: str, excused: Test | None, seen: tuple[AnyFact, ...]) -> Finding:
    records = _records(frame, person)
    facts = (*(one for one in seen if getattr(one.data, "person", None) == person), *(fact for fact, _ in records))
    if any(data.present for _, data in records):
        return Finding(person, truth=True, say=None, facts=facts)
    excuse, why, missed = aside(frame, excused or (lambda _frame: False))
    facts = (*facts, *why)
    if excuse is True:
        say = Say(f"{person} 未到，符合规定情形", f"{person} was away as the text allows")
        return Finding(person, truth=True, say=say, facts=facts)
    if not records:
        say = Say(f"{person} 是否到会没有记录", f"whether {person} came is not recorded")
        return Finding(person, None, say, facts, (f"{frame.file.key} {RECORDED}: {person}", *missed))
    if excuse is None:
        say = Say(f"{person} 未到，理由无法判定", f"{person} was away; whether excused cannot be told")
        return Finding(person, None, say, facts, missed)
    say = Say(f"{person} 应到未到，且无规定的理由", f"{person} was to come and did not, without an excuse")
    return Finding(person, truth=False, say=say, facts=facts)


def _records(frame: Frame, person: str | None = None) -> list[tuple[AnyFact, MeetingAttendanceRecorded]]:
    return [
        (fact, fact.data)
        for fact in frame.file.of_type(RECORDED)
        if isinstance(fact.data, MeetingAttendanceRecorded) and (person is None or fact.data.person == person)
    ]


def _admitted(test: Test, *, wanted: bool) -> Callable[[Frame], Iterator[Finding]]:
    """Return the clause that everybody recorded as present is among those allowed, or none among those forbidden."""

    def clause(frame: Frame) -> Iterator[Finding]:
        for fact, data in _records(frame):
            if data.present:
                answer, facts, missed = aside(frame, test, fact)
                truth = None if answer is None else answer is wanted
                yield Finding(data.person, truth, _admission(data, truth), (fact, *facts), missed)

    return clause


def _admission(data: MeetingAttendanceRecorded, truth: Truth) -> Say | None:
    if truth is True:
        return None
    if truth is None:
        zh = f"{data.person}（{data.capacity}）可否到会无法判定"
        return Say(zh, f"whether {data.person} ({data.capacity}) might come cannot be told")
    return Say(f"{data.person}（{data.capacity}）不应到会", f"{data.person} ({data.capacity}) should not have come")


def _companions(given: object, inner: Scope, context: Context) -> Callable[[Frame], Iterator[Finding]]:
    if not isinstance(given, Located):
        raise CompileError("companions 须写 where、per、at_most", "companions want where, per, at_most", context.given)
    checked_keys(given, ("zh", "en", "where"), ("per", "at_most"))
    test = compile_all(given.get("where"), inner)
    per = compile_path(given["per"], inner)
    most = given["at_most"]
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        raise CompileError("at_most 应为非负整数", "at_most is a whole number, 0 or more", given)
    name = Say(given.get("zh", "随员"), given.get("en", "companions"))

    def clause(frame: Frame) -> Iterator[Finding]:
        return _companions_of(frame, test, per, most, name)

    return clause


def _companions_of(frame: Frame, test: Test, per: Path, most: int, name: Say) -> Iterator[Finding]:
    sure: dict[str, set[str]] = {}
    possible: dict[str, set[str]] = {}
    facts: dict[str, list[AnyFact]] = {}
    homeless: set[str] = set()
    for fact, data in _records(frame):
        truth = aside(frame, test, fact).value if data.present else False
        if truth is False:
            continue
        unit = next(iter(read_of(frame, fact, per)), UNSET)
        if not isinstance(unit, str):
            homeless.add(data.person)
            continue
        (sure if truth else possible).setdefault(unit, set()).add(data.person)
        facts.setdefault(unit, []).append(fact)
    if not facts and len(homeless) > most:
        missing = tuple(f"{frame.file.key} {RECORDED}: {person}" for person in sorted(homeless))
        say = Say(f"{name.zh}各属何单位无法判定", f"whose {name.en} they are cannot be told")
        yield Finding(None, truth=None, say=say, facts=(), missing=missing)
    for unit, seen in facts.items():
        persons = sure.get(unit, set())
        others = (possible.get(unit, set()) | homeless) - persons
        truth = False if len(persons) > most else None if len(persons) + len(others) > most else True
        listed = "、".join(sorted(persons | others))
        zh = f"{unit} {name.zh} {len(persons)} 人（{listed}），最多 {most} 人"
        en = f"{unit}: {len(persons)} {name.en} ({', '.join(sorted(persons | others))}), at most {most}"
        missing = tuple(f"{frame.file.key} {RECORDED}: {person}" for person in sorted(others))
        yield Finding(unit, truth, Say(zh, en), tuple(seen), missing)
