"""Loading a rulebook: from a folder of YAML to compiled rules and the list of every provision."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from events.moment import Instant
from rulebooks.compiling import Provision, Shared, compile_provision, said
from rulebooks.judgement import Say
from rulebooks.language.scope import Body
from rulebooks.problems import CompileError, Problem, RulebookError, as_list
from rulebooks.rule import Rule
from rulebooks.source import Located, SourceError, read_file

RULEBOOK_FILE: Final = "rulebook.yaml"
CASES_ENDING: Final = ".cases.yaml"
HOME: Final = Path(__file__).parent


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
        return None if given is None else said(given)


def shipped_districts(home: Path = HOME) -> list[str]:
    """Return the districts that have a rulebook, by name."""
    return sorted({path.parent.parent.name for path in home.glob(f"*/*/{RULEBOOK_FILE}")})


def folders_of(district: str, home: Path = HOME) -> list[Path]:
    """Return the folder of every version of a district's rulebook, by name; none for an unknown district."""
    # A name from outside is compared and never a pattern.
    found = (path.parent for path in home.glob(f"*/*/{RULEBOOK_FILE}"))
    return sorted(folder for folder in found if folder.parent.name == district)


def rulebooks_of(district: str, home: Path = HOME) -> list[Rulebook]:
    """Load every version of a district's rulebook, by the day it came into force; none for an unknown district."""
    return sorted((load_rulebook(folder) for folder in folders_of(district, home)), key=lambda one: one.since)


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


@contextmanager
def _without_collections() -> Iterator[None]:
    """Hold garbage collections off: a rulebook is built of very many things that all stay.

    Looking for cycles among them again and again took two fifths of the time.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


@_without_collections()
def compile_rulebook(folder: Path) -> tuple[Rulebook | None, list[Problem]]:
    """Compile one rulebook as far as it can be; return it with the problems found."""
    problems: list[Problem] = []
    base = f"{folder.parent.name}/{folder.name}"
    try:
        head = read_file(folder / RULEBOOK_FILE, f"{base}/{RULEBOOK_FILE}")
        shared = Shared.read(head)
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
                provisions.append(compile_provision(article, given, shared))
            except CompileError as error:
                problems.append(_problem(error, given.file, given.line, article))
    seen: dict[str, str] = {}
    for one in provisions:
        if one.rule is not None and one.rule.header.id in seen:
            zh, en = f"规则编号 {one.rule.header.id} 重复", f"rule id {one.rule.header.id} stands twice"
            problems.append(Problem(one.file, one.line, one.article, zh, en))
        elif one.rule is not None:
            seen[one.rule.header.id] = one.file
    return _rulebook(shared, tuple(provisions), digest.hexdigest()), problems


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


def _rulebook(shared: Shared, provisions: tuple[Provision, ...], sha256: str) -> Rulebook:
    head = shared.head
    name = str(head["rulebook"])
    return Rulebook(
        name,
        name.partition("/")[0],
        str(head["title"]),
        str(head["document"]),
        shared.since,
        shared.until,
        sha256,
        provisions,
        shared.bodies,
        head,
    )
