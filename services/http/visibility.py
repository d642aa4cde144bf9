"""What a caller may see of facts: those of a class he may see, with personal texts only for who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from events.fact import AnyFact, encode_moment
from events.ledger.errors import SealedTextDamagedError
from events.personal import UNOPENED_TEXT, acts_of_erasure, personal_fields, reveal
from services.http.actions import classes_seen, may_see_personal

if TYPE_CHECKING:
    from events.personal import Keys
    from services.identity.caller import Caller

WITHHELD: Final = "（不予显示 withheld）"
"""What stands for a personal text that the caller may not see."""


def seen(facts: Iterable[AnyFact], caller: Caller, keys: Keys) -> Iterator[AnyFact]:
    """Return the facts that a caller may see, as he may see them; the others are as if they did not exist."""
    classes = classes_seen(caller.roles)
    personal = may_see_personal(caller.roles)
    given = list(facts)
    acts = acts_of_erasure(given)
    for fact in given:
        if fact.classification in classes:
            act = acts.get(fact.subject.id) if fact.subject.kind == "person" else None
            yield _revealed(fact, keys, act) if personal else _covered(fact, WITHHELD)


def shown(fact: AnyFact) -> dict[str, Any]:
    """Return a fact as it is handed out: the form of a history, with its sequence."""
    given: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=encode_moment)
    return given


def _revealed(fact: AnyFact, keys: Keys, act: AnyFact | None) -> AnyFact:
    try:
        return reveal(fact, keys, act).fact
    except SealedTextDamagedError:
        return _covered(fact, UNOPENED_TEXT)


def _covered(fact: AnyFact, text: str) -> AnyFact:
    names = [name for name in personal_fields(type(fact.data)) if isinstance(getattr(fact.data, name), str)]
    return replace(fact, data=replace(fact.data, **dict.fromkeys(names, text))) if names else fact
