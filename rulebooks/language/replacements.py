"""What takes the place of a limit: one stated in the paper, or an extension that was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rulebooks.language.clock import moment_of, moment_read_of
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.limits import Due
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.doubts import Doubts
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope


class Replacement(NamedTuple):
    """What takes the place of a limit: one stated in the paper, or an extension, agreed before the old one ran out."""

    path: Path | None
    matcher: Matcher | None
    value: Path | None
    before_expiry: bool

    def apply(self, frame: Frame, due: Due | None, doubts: Doubts) -> Due | None:
        """Return the due moment that holds instead, or the old one."""
        if self.path is not None:
            mark = len(frame.missing)
            moment = moment_of(self.path.read(frame))
            del frame.missing[mark:]
            return due if moment is None else Due(moment.latest, is_day=moment.day_only, stated=True)
        if self.matcher is None or self.value is None:
            return due
        for fact in doubts.counting(self.matcher, frame):
            if self.before_expiry and due is not None and fact.occurred_at.earliest > due.instant:
                continue
            moment = moment_read_of(fact, self.value, frame)
            if moment is not None:
                frame.used.append(fact)
                due = Due(moment.latest, is_day=moment.day_only, stated=True)
        return due


def compile_replacements(context: Context, scope: Scope) -> tuple[Replacement, ...]:
    """Compile `instead`: `{path}`, or `{fact, ..., value, before: expiry}`, applied in the order written."""
    found: list[Replacement] = []
    for given in as_list(context.get("instead")):
        if not isinstance(given, Located):
            raise CompileError("instead 须写 path 或 fact", "instead wants path or fact", context.given)
        if "path" in given:
            checked_keys(given, (), ("path",))
            found.append(Replacement(compile_path(given["path"], scope), None, None, before_expiry=False))
            continue
        search = Located({k: v for k, v in given.items() if k != "value" and (k, v) != ("before", "expiry")})
        search.file, search.line = given.file, given.line
        matcher = compile_matcher(search, scope, compile_all)
        if "value" not in given:
            raise CompileError("instead 的事实须写 value", "a fact under instead wants a value", given)
        value = compile_path(given["value"], scope.testing(matcher.types, ()))
        found.append(Replacement(None, matcher, value, given.get("before") == "expiry"))
    return tuple(found)
