"""The cases that prove a rule: small histories written beside it, with what each must come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from events.errors import FactError
from events.fact import AnyFact
from events.moment import Moment
from rulebooks.checks.like_cases import variants, written_out
from rulebooks.checks.short_facts import read_facts
from rulebooks.judgement import SEVERITY
from rulebooks.loading import CASES_ENDING
from rulebooks.problems import CompileError, Problem, as_list, checked_keys
from rulebooks.source import Located, SourceError, read_file

EXPECTED: Final = ("satisfied", "violated", "not_determinable", "waived", "open", "waiting", "none")
SEVERITIES: Final = tuple(dict.fromkeys(SEVERITY.values()))
CASE_KEYS: Final = ("boundary", "until", "roster", "party", "severity", "note", "facts", "like", "but", "each")
ROSTER_FILE: Final = f"rulebook{CASES_ENDING}"


class Case(NamedTuple):
    """One case of one rule: the facts, the moment up to which they are judged, and the outcome that must come out.

    `boundary` marks a case that stands on one side of a number or an order. `party` narrows the outcome to one party;
    `severity` says how grave a violation must be.
    """

    rule: str
    name: str
    expect: str
    boundary: bool
    party: str | None
    severity: str | None
    until: Moment | None
    facts: tuple[AnyFact, ...]
    file: str
    line: int


class _Rosters:
    """The rosters that cases share, each read once: the same facts begin every case that names it."""

    def __init__(self, district: str) -> None:
        self.district = district
        self.given: dict[str, Any] = {}
        self._read: dict[str, tuple[AnyFact, ...]] = {}

    def facts(self, name: str | None, at: Located) -> tuple[AnyFact, ...]:
        """Return the facts of a roster, none when none is named; raise CompileError for a name that stands nowhere."""
        if name is None:
            return ()
        if name not in self.given:
            options = "、".join(self.given)
            raise CompileError(
                f"没有名为“{name}”的 roster，可用：{options}", f"no roster {name!r}; use one of: {options}", at
            )
        if name not in self._read:
            self._read[name] = tuple(read_facts(as_list(self.given[name]), self.district, ()))
        return self._read[name]


def load_cases(folder: Path, district: str) -> tuple[list[Case], list[Problem]]:
    """Load every case of a rulebook's folder, with the problems found in them."""
    problems: list[Problem] = []
    base = f"{folder.parent.name}/{folder.name}"
    rosters = _Rosters(district)
    cases: list[Case] = []
    standing: dict[str, _Standing] = {}
    files = sorted(folder.glob(f"*{CASES_ENDING}"), key=lambda path: (path.name != ROSTER_FILE, path.name))
    for path in files:
        try:
            read = read_file(path, f"{base}/{path.name}")
        except SourceError as error:
            problems.append(
                Problem(
                    error.file, error.line, "", f"不是合法的 YAML：{error.reason}", f"not valid YAML: {error.reason}"
                )
            )
            continue
        rosters.given.update(read.pop("rosters", None) or {})
        for rule, listed in read.items():
            standing.setdefault(rule, _Standing({}, []))
            for given in as_list(listed) or [None]:
                if not isinstance(given, Located):
                    zh, en = "案例应写作 {name, expect, facts}", "a case reads {name, expect, facts}"
                    problems.append(Problem(read.file, read.line, rule, zh, en))
                    continue
                try:
                    checked_keys(given, CASE_KEYS, ("name", "expect"))
                    listed_apart = list(variants(given))
                except CompileError as error:
                    problems.append(_problem(error, given, rule))
                    continue
                for one in listed_apart:
                    try:
                        cases.append(_added(rule, one, standing[rule], rosters))
                    except (CompileError, FactError) as error:
                        problems.append(_problem(error, one, rule))
    return cases, problems


class _Standing(NamedTuple):
    """The cases of a rule that stand before the one being read: as written out by name, and as read."""

    named: dict[str, list[Located]]
    read: list[Case]


def _added(rule: str, given: Located, standing: _Standing, rosters: _Rosters) -> Case:
    """Read one case and add it to those standing; raise CompileError where another one tells the same."""
    whole = written_out(given, standing.named)
    case = _case(rule, whole, rosters)
    for one in standing.read:
        another_tier = None not in {one.severity, case.severity} and one.severity != case.severity
        if (one.facts, one.party, one.until) == (case.facts, case.party, case.until) and not another_tier:
            zh = f"案例“{case.name}”与第 {one.line} 行的案例“{one.name}”毫无差别"
            raise CompileError(zh, f"case {case.name!r} is the same as case {one.name!r} of line {one.line}", given)
    standing.named.setdefault(case.name, []).append(whole)
    standing.read.append(case)
    return case


def _problem(error: CompileError | FactError, given: Located, rule: str) -> Problem:
    """Say what is wrong with a case, by its name: one with `each` stands for several on a line."""
    name = given.get("name", "")
    if isinstance(error, CompileError):
        return Problem(given.file, given.line, rule, f"案例“{name}”：{error.zh}", f"case {name!r}: {error.en}")
    field = "" if error.field is None else f"{error.field}: "
    zh, en = f"案例“{name}”：{field}{error.reason_zh}", f"case {name!r}: {field}{error.reason_en}"
    return Problem(given.file, given.line, rule, zh, en)


def _case(rule: str, given: Located, rosters: _Rosters) -> Case:
    checked_keys(given, CASE_KEYS, ("name", "expect", "facts"))
    for key, allowed in (("expect", EXPECTED), ("severity", SEVERITIES)):
        if key in given and given[key] not in allowed:
            options = "、".join(allowed)
            raise CompileError(f"{key} 可用：{options}", f"{key} is one of: {options}", given)
    roster = rosters.facts(given.get("roster"), given)
    until = given.get("until")
    return Case(
        rule=rule,
        name=str(given["name"]),
        expect=given["expect"],
        boundary=bool(given.get("boundary", False)),
        party=given.get("party"),
        severity=given.get("severity"),
        until=None if until is None else Moment(str(until)),
        facts=(*roster, *read_facts(as_list(given["facts"]), rosters.district, roster)),
        file=given.file,
        line=given.line,
    )
