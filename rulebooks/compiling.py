"""Compiling one provision of a rulebook, with what `rulebook.yaml` lets the provisions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from events.moment import Instant, end_of, start_of
from rulebooks.context import Context
from rulebooks.judgement import SEVERITY, Say
from rulebooks.kinds import KINDS
from rulebooks.language.limits import Limit, compile_limit
from rulebooks.language.scope import Body, Scope
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.tenures import ALWAYS
from rulebooks.rule import Header, Rule, article_of
from rulebooks.source import Located

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
class Shared:
    """What the rules of one rulebook share."""

    head: Located
    since: Instant
    until: Instant
    bodies: Mapping[str, Body]
    settle_within: Limit | None

    @classmethod
    def read(cls, head: Located) -> Shared:
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


def compile_alone(given: Located, head: Located) -> Rule:
    """Compile one rule as written, with what `rulebook.yaml` lets it share; raise CompileError for what is wrong."""
    article = article_of(str(given.get("id"))).partition(".")[0].partition("(")[0]
    return _rule(article, given, Shared.read(head))


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


def compile_provision(article: str, given: Located, shared: Shared) -> Provision:
    """Compile one provision as written under its article; raise CompileError for what is wrong."""
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


def said(given: object) -> Say:
    """Return what is written in one language or in both."""
    if isinstance(given, Located):
        checked_keys(given, (), ("zh", "en"))
        return Say(str(given["zh"]), str(given["en"]))
    return Say(str(given), str(given))


def _rule(article: str, given: Located, shared: Shared) -> Rule:
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
        reading=said(given.get("reading", "")),
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
