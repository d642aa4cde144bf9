"""When a constraint may be judged: once its record is declared complete, or some days after the act at the latest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher, fact_types
from rulebooks.language.limits import Limit, compile_limit
from rulebooks.language.moments import as_moment
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.moment import Instant
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

Pending = Callable[["Frame"], "Instant | None"]


class Settle(NamedTuple):
    """`pending` gives the moment at which to look again, or None when the record can be judged now."""

    pending: Pending
    facts: tuple[str, ...] = ()


AT_ONCE = Settle(lambda _frame: None)


def compile_settle(context: Context, scope: Scope, default: str = "wait") -> Settle:
    """Compile `settle:`, `now` or `{facts, within, from}`.

    Without it a constraint waits as long as the rulebook says (`default` "wait"), or not at all ("now").
    """
    given = context.get("settle")
    if given == "now" or (given is None and (default == "now" or context.settle_within is None)):
        return AT_ONCE
    if given is None:
        return Settle(_pending((), context.settle_within, None))
    if not isinstance(given, Located):
        raise CompileError("settle 为 now 或写 facts、within", "settle is `now`, or facts and within", context.given)
    checked_keys(given, ("facts", "within", "from"))
    matchers = tuple(_matcher(one, scope) for one in as_list(given.get("facts")))
    limit = compile_limit(given["within"], scope) if "within" in given else context.settle_within
    start = compile_path(given["from"], scope) if "from" in given else None
    return Settle(_pending(matchers, limit, start), tuple(name for one in matchers for name in one.types))


def _matcher(given: object, scope: Scope) -> Matcher:
    if isinstance(given, Located):
        return compile_matcher(given, scope, compile_all)
    search = Located(fact=list(fact_types(given)))
    search.file, search.line = "", 0
    return compile_matcher(search, scope, compile_all)


def _pending(matchers: tuple[Matcher, ...], limit: Limit | None, start: Path | None) -> Pending:
    def pending(frame: Frame) -> Instant | None:
        mark = len(frame.missing)
        for matcher in matchers:
            if any(truth for _, truth in matcher.gather(frame, 1)):
                return None
        del frame.missing[mark:]
        moment = frame.trigger.occurred_at
        if start is not None:
            value = start.read(frame)
            moment = as_moment(None if value is UNSET else value) or moment
        if limit is None:
            return NEVER
        due = limit.after(moment, frame.world.calendar).instant
        return None if frame.world.hour >= due else due

    return pending


NEVER: int = 2**62
"""A moment that does not come: the constraint waits for its record alone."""
