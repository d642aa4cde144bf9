"""The limits of a deadline: one, or several with the force of the wording of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rulebooks.language.clock import Clock
from rulebooks.language.limits import Limit, compile_limit
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.judgement import Modality
    from rulebooks.language.scope import Scope


class Tier(NamedTuple):
    """One limit of a rule, with the force of its wording: "generally 5, at most 15" has two."""

    limit: Limit | None
    by: Clock | None
    modality: Modality | None
    period: str | None


def compile_tiers(context: Context, scope: Scope) -> tuple[Tier, ...]:
    """Compile `due`, or `tiers` of which each has a due and a force of its own."""
    if (context.get("due") is None) == (context.get("tiers") is None):
        raise CompileError("须写 due 或 tiers 之一", "write either `due` or `tiers`", context.given)
    if context.get("due") is not None:
        return (_tier(context.get("due"), scope, None, None),)
    tiers: list[Tier] = []
    for number, given in enumerate(as_list(context.get("tiers")), start=1):
        checked_keys(given, ("due", "modality"), ("due", "modality"))
        tiers.append(_tier(given["due"], scope, given["modality"], f"tier {number}"))
    return tuple(tiers)


def _tier(given: object, scope: Scope, modality: Modality | None, period: str | None) -> Tier:
    if given == "none":
        return Tier(None, None, modality, period)
    if not isinstance(given, Located):
        raise CompileError("due 为 none，或写 within、by、at_end_of", "due is `none`, or within, by, at_end_of")
    checked_keys(given, ("within", "by", "at_end_of"))
    if "within" in given:
        return Tier(compile_limit(given["within"], scope), None, modality, period)
    if "by" in given:
        return Tier(None, Clock.by(given["by"], scope), modality, period)
    if "at_end_of" in given:
        return Tier(None, Clock.at_end_of(given["at_end_of"], given), modality, period)
    raise CompileError("due 须写 within、by 或 at_end_of", "due wants within, by or at_end_of", given)
