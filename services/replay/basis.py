"""By what a replay judges: the rulebooks of a district with what they say of themselves, compiled once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from events.moment import day_of
from projections.findings import Told
from projections.policy.policy import shipped_alone, shipped_policy
from projections.replay.answer import Basis, RulebookNamed
from projections.replay.case_standing import By
from projections.watch.dispatch import Dispatch
from rulebooks.loading import shipped_districts, shipped_rulebooks
from rulebooks.record.tenures import ALWAYS
from services.judging import judging_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.policy.in_force import FindPolicy
    from rulebooks.loading import Rulebook
    from services.judging import Judging


class DistrictBasis(NamedTuple):
    """Rulebooks, and everything made of them once."""

    rulebooks: Sequence[Rulebook]
    judging: Judging
    by: By

    def shown(self) -> Basis:
        """Return it as it is handed out."""
        return Basis(
            engine=self.judging.by.engine,
            policy_sha256=self.judging.by.policy.sha256,
            calendar_sha256=self.judging.calendar.sha256,
            rulebooks=tuple(map(named, self.rulebooks)),
        )


def basis_of(district: str, find_policy: FindPolicy = shipped_alone) -> DistrictBasis | None:
    """Return by what a district is judged; None for one that no rulebook is shipped for."""
    books = shipped_rulebooks(district) if district in shipped_districts() else ()
    return basis_by(books, find_policy) if books else None


@cache
def shipped_basis(district: str) -> DistrictBasis:
    """Return by what a district is judged under the house settings shipped, compiled once; by nothing without rules.

    What a case stands at does not depend on the house settings.
    """
    return basis_of(district) or basis_by([])


def basis_by(books: Sequence[Rulebook], find_policy: FindPolicy = shipped_alone) -> DistrictBasis:
    """Return how facts are judged by some rulebooks."""
    judging = judging_by(list(books), shipped_policy(), find_policy)
    return DistrictBasis(books, judging, By(judging.rules, judging.calendar, Dispatch(judging.rules)))


def supposing(book: Rulebook, find_policy: FindPolicy = shipped_alone) -> DistrictBasis:
    """Return how facts are judged by one rulebook that is taken to have always been in force."""
    basis = basis_by([book], find_policy)
    return basis._replace(by=basis.by._replace(supposed=frozenset({book.name})))


def named(book: Rulebook) -> RulebookNamed:
    """Return a rulebook as it is named."""
    older = book.replaces
    return RulebookNamed(
        name=book.name,
        title=book.title,
        document=book.document,
        sha256=book.sha256,
        in_force_from=day_of(book.since).isoformat(),
        in_force_until=None if book.until >= ALWAYS else day_of(book.until).isoformat(),
        replaces=None if older is None else Told(older.zh, older.en),
    )
