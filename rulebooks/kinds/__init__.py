"""The kinds of rules: each compiles what a rulebook gives to a rule."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rulebooks.kinds import attendance, authority, content, deadline, gate, notice, prohibition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rulebooks.context import Context
    from rulebooks.rule import Rule

KINDS: Final[Mapping[str, Callable[[Context], Rule]]] = MappingProxyType(
    {
        "attendance": attendance.compile_rule,
        "authority": authority.compile_rule,
        "content": content.compile_rule,
        "deadline": deadline.compile_rule,
        "gate": gate.compile_rule,
        "notice": notice.compile_rule,
        "prohibition": prohibition.compile_rule,
    }
)
