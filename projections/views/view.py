"""What a view is made of: pure functions from facts, or from what the watch found, to rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.vocabulary import FACTS, subject_kind
from projections.views.description import Description
from projections.views.gathered import CORRECTION

if TYPE_CHECKING:
    from events.fact import AnyFact
    from projections.watch.shelf import Kept

Value = str | int | bool | None | tuple[str, ...] | dict[str, str]
Values = Mapping[str, Value]
CLASSES: Final = ("public", "internal", "work_secret", "business_secret", "state_secret")
"""From what everybody may see to what nobody may; a row is classed as the highest of its facts."""


class Row(NamedTuple):
    """One row: its key, the same whenever it is made anew, and its values by column."""

    key: str
    values: Values


Leads = Callable[["AnyFact"], Iterable[str]]
"""The cases with rows that a fact of another case speaks of."""


class OfCase(NamedTuple):
    """Rows that follow from a case: from all its facts that count, in the order in which they occurred.

    `kinds` are the cases that have rows. `leads` names such cases for a fact of another case, of the kinds of `others`,
    that speaks of them; from then on those facts of that other case that `hears` takes are read together with theirs.
    """

    kinds: frozenset[str]
    rows: Callable[[str, Sequence[AnyFact]], Iterable[Row]]
    leads: Leads | None = None
    hears: Callable[[AnyFact], bool] = lambda _fact: True
    others: frozenset[str] = frozenset()


OfFact = Callable[["AnyFact", bool, "AnyFact | None"], Iterable[Row]]
"""Rows that follow from one fact, whether it counts, and for a correction the fact that it struck out."""

OfFinding = Callable[["Kept", str], Iterable[Row]]
"""Rows that follow from one judgement of the watch, and from the class of the fact that opened it."""


OfLedger = Callable[["AnyFact"], Row | None]
"""The row of a fact in its own case, if it has one."""


@dataclass(frozen=True)
class View:
    """One view; rows may come from cases, from single facts and from the watch's findings.

    With `sums` the rows are contributions: those that agree in every other column are added up in that one.

    Rows `of_ledger` are not stored, since the ledger itself has the facts of a case together; a stored row with the
    same key holds in place of such a one. Only a view that is always asked by `case` may have them.

    Rows `of_fact` follow from the types of fact that it `looks_at` alone, as long as none of them is struck out.
    """

    description: Description
    of_case: OfCase | None = None
    of_fact: OfFact | None = None
    looks_at: Callable[[str], bool] = lambda _type: True
    of_finding: OfFinding | None = None
    of_ledger: OfLedger | None = None
    sums: str | None = None

    @property
    def name(self) -> str:
        """The name of the view."""
        return self.description.name


def passed_over(views: Collection[View]) -> frozenset[str]:
    """Return the types of fact at which none of some views looks as they are recorded."""
    of_case = [view.of_case for view in views if view.of_case is not None]
    kinds = {CORRECTION}.union(*(one.kinds | one.others for one in of_case))
    of_fact = [view.looks_at for view in views if view.of_fact is not None]
    of_others = (type_ for type_ in FACTS if subject_kind(type_) not in kinds)
    return frozenset(type_ for type_ in of_others if not any(looks_at(type_) for looks_at in of_fact))


def told(given: object) -> str | None:
    """Return what a field says as text; None when it is not recorded or known to be none."""
    return None if given is None or given is UNSET else str(given)


def stated(given: object) -> bool | None:
    """Return a yes or no; None when it is not recorded."""
    return given if isinstance(given, bool) else None


def many(given: object) -> tuple[str, ...]:
    """Return the entries of a list as texts; none when it is not recorded."""
    return tuple(map(str, given)) if isinstance(given, tuple | list) else ()


def class_of(facts: Iterable[AnyFact]) -> str:
    """Return the highest classification among facts."""
    found = {one.classification for one in facts}
    return max(found, key=CLASSES.index, default="public")
