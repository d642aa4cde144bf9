"""Short ways to write a rule, a roster and a history, and to ask how the rule stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.moment import Moment
from events.parsing import Defaults, complete, parse
from projections.watch.casefiles import CaseFiles
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.calendar.working_days import Calendar
from rulebooks.context import Context
from rulebooks.judgement import Judgement, Say
from rulebooks.kinds import KINDS
from rulebooks.language.limits import Limit
from rulebooks.language.scope import Body
from rulebooks.record.tenures import ALWAYS
from rulebooks.record.world import World
from rulebooks.rule import Header, Rule
from rulebooks.source import read_yaml

EXECUTIVE = Body("executive", "常务会议组成人员", "the executive", ("district_head", "deputy_head"))
BODIES = {"executive": EXECUTIVE}


class Stand(NamedTuple):
    """How a rule stands, without its words: what a test compares."""

    state: str
    party: str | None = None
    period: str | None = None


def rule(text: str, *, settle_within: Limit | None = None, since: str = "2020-01-01", terms: str = "{}") -> Rule:
    """Compile one rule written as YAML, without what every rule says of itself; `terms` are those of its rulebook."""
    given = read_yaml(f"id: test/1.1-rule\nzh: 规则\nen: rule\nmodality: must\n{text}", "test.yaml")
    header = Header(
        id=given["id"],
        article="1.1",
        kind=given["kind"],
        modality="must",
        zh="规则",
        en="rule",
        reading=Say("", ""),
        file="test.yaml",
        line=1,
        rulebook="test/2020",
        title=Say("工作规则", "work rules"),
        since=Moment(since).earliest,
        until=ALWAYS,
    )
    return KINDS[header.kind](Context(given, header, read_yaml(terms, "terms.yaml"), BODIES, {}, settle_within))


def fact(name: str, case: str, at: str, by: Mapping[str, str] | None = None, /, **data: object) -> AnyFact:
    """Write one fact; `from_` stands for the field `from`."""
    kind, _, identity = case.partition("/")
    given = {
        "type": f"{name}.v1",
        "subject": {"kind": kind, "id": identity},
        "occurred_at": at,
        "actor": dict(by or {"unit": "u-office"}),
        "data": {key.removesuffix("_") if key == "from_" else key: value for key, value in data.items()},
    }
    return parse(complete(given, 1, Defaults(district="xinzhou")))


def post(person: str, role: str, unit: str = "u-gov", **more: object) -> list[AnyFact]:
    """Return the facts that put a person into a post of his own since 2024."""
    case, held = f"post/post-{person}-{role}", {"held_as": "substantive", "from": "2024-01-02", **more}
    return [
        fact("roster.post_established", case, "2024-01-02", title=role, unit=unit, role=role),
        fact("roster.person_appointed", case, "2024-01-02", person=person, **held),
    ]


def partners(*members: str, ab_form: str = "mutual", **more: object) -> AnyFact:
    """Return a standing arrangement between persons since 2024."""
    name = "-".join(members)
    held = {"ab_form": ab_form, "members": list(members), "from": "2024-01-02", **more}
    return fact("roster.ab_arranged", f"ab_arrangement/ab-{name}", "2024-01-02", **held)


def leaders(count: int) -> list[AnyFact]:
    """Return a government of a head (p-1) and deputies (p-2 ...)."""
    facts = [fact("roster.unit_established", "unit/u-gov", "2024-01-02", name="区政府", kind="government")]
    facts += post("p-1", "district_head")
    return facts + [one for number in range(2, count + 1) for one in post(f"p-{number}", "deputy_head")]


@cache
def calendar() -> Calendar:
    """Return the published calendar."""
    return national_calendar()


def world(facts: Iterable[AnyFact], until: str) -> World:
    """Return the world after facts recorded in this order, at an hour (of a date: its end)."""
    files = CaseFiles()
    found = World(files, calendar(), Moment(until).latest)
    for number, one in enumerate(facts, start=1):
        counted = replace(one, sequence=number)
        key = files.add(counted)
        found.roster.add(counted)
        if counted.subject.kind == "absence":
            found.absences.put(files.file(key))
        if counted.subject.kind == "entrustment":
            found.mandates.put(files.file(key))
        if found.began is None:
            found.began = counted.occurred_at.earliest
    return found


def judged(of: Rule, facts: Iterable[AnyFact], until: str = "2026-12-31") -> list[Judgement]:
    """Judge every case of the rule's kind and return all judgements in the order of the cases."""
    facts = list(facts)
    there = world(facts, until)
    keys = dict.fromkeys(case_key(one.subject) for one in facts if one.subject.kind == of.subject_kind)
    return [one for key in keys for one in of.judge(there, there.files.file(key))]


def stands(of: Rule, facts: Iterable[AnyFact], until: str = "2026-12-31") -> list[Stand]:
    """Return how the rule stands for every case of its kind."""
    return [Stand(one.state, one.party, one.period) for one in judged(of, facts, until)]


def said(judgement: Judgement) -> str:
    """Return the Chinese words of a judgement."""
    return "；".join(one.zh for one in judgement.reason)
