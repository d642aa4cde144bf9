"""Loading a rulebook: from a folder of YAML to compiled rules and the list of every provision."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from events.moment import Instant, end_of, start_of
from rulebooks.context import Context
from rulebooks.judgement import SEVERITY, Say
from rulebooks.kinds import KINDS
from rulebooks.limits import Limit, compile_limit
from rulebooks.problems import CompileError, Problem, RulebookError, as_list, checked_keys
from rulebooks.roster import ALWAYS
from rulebooks.rule import Header, Rule, article_of
from rulebooks.scope import Body, Scope
from rulebooks.source import Located, SourceError, read_file

RULEBOOK_FILE: Final = "rulebook.yaml"
CASES_ENDING: Final = ".cases.yaml"
KEPT_AS: Final = ("rule", "attested", "enforced", "external", "definition", "principle")
RULEBOOK_KEYS: Final = (
    "title_en",
    "replaces",
    "wording",
    "bodies",
    "terms",
    "settle_within",
    "text",
    "note",
    "equivalent",
)
HOME: Final = Path(__file__).parent


@dataclass(frozen=True)
class Provision:
    """One provision of an article: a rule, or what else it is and why."""

    article: str
    kept_as: str
    rule: Rule | None
    zh: str
    en: str
    why: str
    at: Mapping[str, Any]
    file: str
    line: int
    given: Located
    """As it is written."""


@dataclass(frozen=True)
class Rulebook:
    """One version of a district's work rules, compiled.

    `since` and `until` bound, in microseconds, the acts that it judges; `sha256` is the hash of its files as loaded.
    """

    name: str
    district: str
    title: str
    document: str
    since: Instant
    until: Instant
    sha256: str
    provisions: tuple[Provision, ...]
    bodies: Mapping[str, Body]
    head: Located
    """`rulebook.yaml` as it is written."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules among the provisions, in the order of the articles."""
        return tuple(one.rule for one in self.provisions if one.rule is not None)

    @property
    def replaces(self) -> Say | None:
        """Which older text it took the place of, as its last article says; None when it names none."""
        given = self.head.get("replaces")
        return None if given is None else _said(given)


def shipped_districts(home: Path = HOME) -> list[str]:
    """Return the districts that have a rulebook, by name."""
    return sorted({path.parent.parent.name for path in home.glob(f"*/*/{RULEBOOK_FILE}")})


def rulebooks_of(district: str, home: Path = HOME) -> list[Rulebook]:
    """Load every version of a district's rulebook, by the day it came into force; none for an unknown district."""
    folders = sorted(path.parent for path in home.glob(f"{district}/*/{RULEBOOK_FILE}"))
    return sorted((load_rulebook(folder) for folder in folders), key=lambda one: one.since)


@cache
def shipped_rulebooks(district: str) -> tuple[Rulebook, ...]:
    """Return every shipped version of a district's rulebook, as above; read once, since a version does not change."""
    return tuple(rulebooks_of(district))


def load_rulebook(folder: Path) -> Rulebook:
    """Load and compile one rulebook; raise RulebookError naming every problem found."""
    rulebook, problems = compile_rulebook(folder)
    if problems or rulebook is None:
        raise RulebookError(problems)
    return rulebook


def compile_rulebook(folder: Path) -> tuple[Rulebook | None, list[Problem]]:
    """Compile one rulebook as far as it can be; return it with the problems found."""
    problems: list[Problem] = []
    base = f"{folder.parent.name}/{folder.name}"
    try:
        head = read_file(folder / RULEBOOK_FILE, f"{base}/{RULEBOOK_FILE}")
        shared = _Shared.read(head)
    except (SourceError, CompileError) as error:
        return None, [_problem(error, f"{base}/{RULEBOOK_FILE}", 1)]
    provisions: list[Provision] = []
    digest = hashlib.sha256((folder / RULEBOOK_FILE).read_bytes())
    for path in chapter_files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        try:
            chapter = read_file(path, f"{base}/{path.name}")
        except SourceError as error:
            problems.append(_problem(error, f"{base}/{path.name}", 1))
            continue
        for article, given in _given_provisions(chapter, problems):
            try:
                provisions.append(_provision(article, given, shared))
            except CompileError as error:
                problems.append(_problem(error, given.file, given.line, article))
    seen: dict[str, str] = {}
    for one in provisions:
        if one.rule is not None and one.rule.header.id in seen:
            zh, en = f"规则编号 {one.rule.header.id} 重复", f"rule id {one.rule.header.id} stands twice"
            problems.append(Problem(one.file, one.line, one.article, zh, en))
        elif one.rule is not None:
            seen[one.rule.header.id] = one.file
    return shared.rulebook(tuple(provisions), digest.hexdigest()), problems


def compile_alone(given: Located, head: Located) -> Rule:
    """Compile one rule as written, with what `rulebook.yaml` lets it share; raise CompileError for what is wrong."""
    article = article_of(str(given.get("id"))).partition(".")[0].partition("(")[0]
    return _rule(article, given, _Shared.read(head))


def chapter_files(folder: Path) -> list[Path]:
    """Return the files that hold a rulebook's provisions, in the order of their numbers."""
    paths = [p for p in folder.glob("*.yaml") if p.name != RULEBOOK_FILE and not p.name.endswith(CASES_ENDING)]
    return sorted(paths, key=lambda p: (int(p.name.split("-")[0]) if p.name.split("-")[0].isdigit() else 999, p.name))


def _problem(error: SourceError | CompileError, file: str, line: int, article: str = "") -> Problem:
    if isinstance(error, SourceError):
        return Problem(
            error.file, error.line, article, f"不是合法的 YAML：{error.reason}", f"not valid YAML: {error.reason}"
        )
    if error.at is not None and error.at.file:
        file, line = error.at.file, error.at.line
    return Problem(file, line, article, error.zh, error.en)


def _given_provisions(chapter: Located, problems: list[Problem]) -> Iterator[tuple[str, Located]]:
    for article, listed in chapter.items():
        for given in as_list(listed):
            if isinstance(given, Located):
                yield article, given
            else:
                zh, en = f"第{article}条下应为映射", f"article {article} holds something that is no mapping"
                problems.append(Problem(chapter.file, chapter.line, article, zh, en))


@dataclass(frozen=True)
class _Shared:
    """What the rules of one rulebook share."""

    head: Located
    since: Instant
    until: Instant
    bodies: Mapping[str, Body]
    settle_within: Limit | None

    @classmethod
    def read(cls, head: Located) -> _Shared:
        """Read `rulebook.yaml`; raise CompileError for what is missing or unknown."""
        checked_keys(head, RULEBOOK_KEYS, ("rulebook", "title", "document", "in_force"))
        force = head["in_force"]
        if not isinstance(force, Located):
            raise CompileError("in_force 须写 from 和 until", "in_force wants from and until", head)
        checked_keys(force, ("until",), ("from",))
        since = start_of(_day(force["from"], force))
        until = ALWAYS if force.get("until") is None else end_of(_day(force["until"], force))
        bodies = {name: _body(name, given) for name, given in (head.get("bodies") or {}).items()}
        nothing = Scope("meeting", (), {}, {}, head.get("wording") or {})
        settle = compile_limit(head["settle_within"], nothing) if "settle_within" in head else None
        return cls(head, since, until, bodies, settle)

    def rulebook(self, provisions: tuple[Provision, ...], sha256: str) -> Rulebook:
        """Return the rulebook."""
        name = str(self.head["rulebook"])
        return Rulebook(
            name,
            name.partition("/")[0],
            str(self.head["title"]),
            str(self.head["document"]),
            self.since,
            self.until,
            sha256,
            provisions,
            self.bodies,
            self.head,
        )


def _day(given: object, at: Located) -> dt.date:
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError as error:
        raise CompileError(f"应为日期：{given!r}", f"a date is wanted, not {given!r}", at) from error


def _body(name: str, given: object) -> Body:
    if not isinstance(given, Located):
        raise CompileError(f"body {name} 须写 roles", f"body {name} wants roles")
    checked_keys(given, ("unit_kinds", "held_as"), ("zh", "en", "roles"))
    body = Body(name, given["zh"], given["en"], tuple(given["roles"]), tuple(as_list(given.get("unit_kinds"))))
    held_as = tuple(as_list(given.get("held_as")))
    return replace(body, held_as=held_as) if held_as else body


def _provision(article: str, given: Located, shared: _Shared) -> Provision:
    kept_as = given.get("as", "rule")
    if kept_as not in KEPT_AS:
        options = "、".join(KEPT_AS)
        raise CompileError(f"as 可用：{options}", f"`as` is one of: {options}", given)
    at = given.get("at") or {}
    if "id" not in given:
        checked_keys(given, ("zh", "en", "why", "reading", "see", "id", "test", "numbers"), ("at", "as"))
        if kept_as == "rule":
            raise CompileError("规则须有 id", "a rule wants an id", given)
        paragraph = f".{at['paragraph']}" if "paragraph" in at else ""
        return Provision(
            f"{article}{paragraph}",
            kept_as,
            None,
            given.get("zh", ""),
            given.get("en", ""),
            given.get("why", ""),
            at,
            given.file,
            given.line,
            given,
        )
    rule = _rule(article, given, shared)
    header = rule.header
    return Provision(header.article, "rule", rule, header.zh, header.en, "", at, given.file, given.line, given)


def _said(given: object) -> Say:
    if isinstance(given, Located):
        checked_keys(given, (), ("zh", "en"))
        return Say(str(given["zh"]), str(given["en"]))
    return Say(str(given), str(given))


def _rule(article: str, given: Located, shared: _Shared) -> Rule:
    checked = Located({key: value for key, value in given.items() if key != "as"})
    checked.file, checked.line = given.file, given.line
    for key in ("zh", "en", "modality", "kind"):
        if not given.get(key):
            raise CompileError(f"规则缺少“{key}”", f"the rule lacks {key!r}", given)
    named = article_of(str(given["id"]))
    if named.partition(".")[0].partition("(")[0] != article:
        raise CompileError(
            f"编号 {given['id']} 与第{article}条不符", f"id {given['id']} does not belong to article {article}", given
        )
    if given["modality"] not in SEVERITY:
        options = "、".join(SEVERITY)
        raise CompileError(f"modality 可用：{options}", f"modality is one of: {options}", given)
    if given["kind"] not in KINDS:
        options = "、".join(KINDS)
        raise CompileError(
            f"没有规则种类“{given['kind']}”，可用：{options}",
            f"no kind {given['kind']!r}; use one of: {options}",
            given,
        )
    head = shared.head
    header = Header(
        id=given["id"],
        article=named,
        kind=given["kind"],
        modality=given["modality"],
        zh=given["zh"],
        en=given["en"],
        reading=_said(given.get("reading", "")),
        file=given.file,
        line=given.line,
        rulebook=head["rulebook"],
        title=Say(str(head["title"]), str(head.get("title_en", head["title"]))),
        since=shared.since,
        until=shared.until,
    )
    context = Context(
        checked, header, head.get("terms") or {}, shared.bodies, head.get("wording") or {}, shared.settle_within
    )
    return KINDS[header.kind](context)
