"""Whether the rulebooks are still those that judged: the ledger seals their hashes in adoptions and alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from events.alert import AlertRaised
from events.ledger.port import quietly
from events.rulebook import RulebookAdopted
from projections.watch.adoption import rulebook_case
from rulebooks.loading import HOME, rulebooks_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader

_PAGE: Final = 2_000
_PREFIX: Final = "rulebook/"


class ChangedRulebook(Struct, frozen=True, kw_only=True):
    """A rulebook whose files are not those by which a fact was judged; `sequence` is the first such fact.

    `now` is None where there is no such rulebook any more.
    """

    rulebook: str
    sequence: int
    then: str
    now: str | None


def changed_rulebooks(
    reader: LedgerReader, district: str, home: Path = HOME, progressed: Callable[[int], None] = quietly
) -> list[ChangedRulebook]:
    """Return each rulebook and hash that the facts name and the files do not have, by the first fact that names it.

    A version that only got an end date since has another hash too: a person has to look at what was changed. Raise
    RulebookError for files that cannot be read.
    """
    now = {f"{_PREFIX}{rulebook_case(book.name)}": book.sha256 for book in rulebooks_of(district, home)}
    found: dict[tuple[str, str], ChangedRulebook] = {}
    after = 0
    while page := reader.read(district, after, _PAGE):
        for fact in page:
            named = _named(fact)
            if named is not None and now.get(named[0]) != named[1] and named not in found:
                found[named] = ChangedRulebook(
                    rulebook=named[0], sequence=fact.sequence, then=named[1], now=now.get(named[0])
                )
        after = page[-1].sequence
        progressed(len(page))
    return list(found.values())


def _named(fact: AnyFact) -> tuple[str, str] | None:
    """Return the rulebook and the hash that a fact names, None for one that names none."""
    match fact.data:
        case AlertRaised(rulebook=rulebook, rulebook_sha256=sha256) if sha256:
            return rulebook, sha256
        case RulebookAdopted(sha256=sha256):
            return f"{_PREFIX}{fact.subject.id}", sha256
        case _:
            return None
