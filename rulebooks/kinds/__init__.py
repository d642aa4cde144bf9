"""The kinds of rules: each compiles what a rulebook gives to a rule."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rulebooks.kinds import (
    absence,
    attendance,
    authority,
    content,
    coverage,
    deadline,
    forum,
    gate,
    lead_time,
    notice,
    order,
    prohibition,
    quorum,
    route,
    tally,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rulebooks.context import Context
    from rulebooks.rule import Rule

KINDS: Final[Mapping[str, Callable[[Context], Rule]]] = MappingProxyType(
    {
        "absence": absence.compile_rule,
        "attendance": attendance.compile_rule,
        "authority": authority.compile_rule,
        "content": content.compile_rule,
        "coverage": coverage.compile_rule,
        "deadline": deadline.compile_rule,
        "forum": forum.compile_rule,
        "gate": gate.compile_rule,
        "lead_time": lead_time.compile_rule,
        "notice": notice.compile_rule,
        "order": order.compile_rule,
        "prohibition": prohibition.compile_rule,
        "quorum": quorum.compile_rule,
        "route": route.compile_rule,
        "tally": tally.compile_rule,
    }
)
