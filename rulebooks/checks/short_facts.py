"""Facts in the short form in which cases hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from events.fact import AnyFact
from events.moment import instant_of
from events.parsing import Defaults, complete, parse
from rulebooks.language.fields import full_type
from rulebooks.problems import CompileError
from rulebooks.source import Located

FACT_KEYS: Final = ("on", "by", "data", "under", "on_behalf_of", "recorded", "id", "classification")


def read_facts(short: Iterable[Located], district: str, after: tuple[AnyFact, ...]) -> Iterator[AnyFact]:
    """Read facts in their short form that follow others in a history; raise CompileError or FactError."""
    before = max((instant_of(fact.recorded_at) for fact in after), default=None)
    for number, given in enumerate(short, start=len(after) + 1):
        defaults = Defaults(district=district, not_before=before)
        fact = parse(complete(_line(given), number, defaults))
        before = max(instant_of(fact.recorded_at), before or 0)
        yield fact


def type_name(given: Located) -> str:
    """Return under which key a fact names its type and its case; raise CompileError when there is not exactly one."""
    names = [key for key in given if key not in FACT_KEYS]
    if len(names) != 1 or "/" not in str(given[names[0]]):
        raise CompileError("事实应写作 area.fact: kind/id", "a fact reads AREA.FACT: KIND/ID", given)
    return names[0]


def _line(given: Located) -> dict[str, Any]:
    """Write out the short form of a fact as a history line would."""
    name = type_name(given)
    kind, _, identity = str(given[name]).partition("/")
    line: dict[str, Any] = {
        "type": full_type(name),
        "subject": {"kind": kind, "id": identity},
        "occurred_at": str(given.get("on", "")),
        "actor": _plain(given.get("by") or {"unit": "u-office"}),
        "data": _plain(given.get("data") or {}),
    }
    for key in ("under", "on_behalf_of", "id", "classification"):
        if key in given:
            line[key] = given[key]
    if "recorded" in given:
        line["recorded_at"] = str(given["recorded"])
    return line


def _plain(given: Any) -> Any:  # noqa: ANN401  # YAML holds any value here
    if isinstance(given, dict):
        return {key: _plain(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_plain(value) for value in given]
    return given
