"""The cases that prove a rule: small histories written beside it, with what each must come to."""

from __future__ import annotations

from collections.abc import Iterator
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

EXPECTED: Final = ("satisfied", "violated", "not_determinable", "waived", "open", "none")
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
    standing: dict[str, dict[str, list[Located]]] = {}
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
        for given, rule in _given(read):
            before = standing.setdefault(rule, {})
            try:
                checked_keys(given, CASE_KEYS, ("name", "expect"))
                for one in variants(given):
                    whole = written_out(one, before)
                    cases.append(_case(rule, whole, rosters))
                    before.setdefault(str(whole["name"]), []).append(whole)
            except (CompileError, FactError) as error:
                zh, en = (error.zh, error.en) if isinstance(error, CompileError) else (error.reason_zh, error.reason_en)
                where = "" if isinstance(error, CompileError) or error.field is None else f"{error.field}: "
                problems.append(Problem(given.file, given.line, rule, where + zh, where + en))
    return cases, problems


def _given(read: Located) -> Iterator[tuple[Located, str]]:
    for rule, listed in read.items():
        for given in as_list(listed):
            if isinstance(given, Located):
                yield given, rule


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
