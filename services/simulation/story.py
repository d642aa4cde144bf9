"""What a story is made of: steps told in order, and the flaws that can be put into them, each with what it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["workday", "day", "month"]
Data = Mapping[str, object]
"""The data of a fact; `@name` stands for a value of the story's setting."""


@dataclass(frozen=True)
class Due:
    """When a limit ends: so many days after a step (by its label), or at a day of the setting (`@name`)."""

    days: int
    since: str
    unit: Unit = "workday"
    counts_start: bool = False
    """The day of the start is the first day counted."""
    as_moment: bool = False
    """The hour counts, so that the due moment is shown with it."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """What a flaw breaks: the article, the case (its local name, or `unit/@unit`), the party and when it was due."""

    article: str
    subject: str
    party: str | None = None
    due: Due | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One fact: by whom, of which case (a local name such as `concern`), how many workdays from the story's day.

    `each` repeats it for every value of a list, which is `@each`; `at` sets the hour to one of the setting's moments.
    """

    fact: str
    case: str
    by: str
    data: Data = field(default_factory=dict)
    day: int = 0
    label: str = ""
    each: str | None = None
    at: str | None = None
    anywhere: bool = False
    """Can be done by one who is away."""
    under: str | None = None

    @property
    def name(self) -> str:
        """The label, or the fact's own name."""
        return self.label or self.fact


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One breach to inject: what is left out, done late or done otherwise, and the findings that must follow."""

    name: str
    breaks: tuple[Break, ...]
    leave_out: tuple[str, ...] = ()
    late: str | None = None
    """The step that is done after the due day of the first break."""
    change: Mapping[str, Data] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[str, str] = field(default_factory=dict)
    add: tuple[Step, ...] = ()
    """What is done besides, after the rest: once too often, or what should not have been done at all."""
    settled_after: int = 7
    """Working days after the last fact (or due day) until no later record can undo the breach."""

    @classmethod
    def left_out(cls, name: str, *steps: str, article: str, subject: str, party: str | None = None) -> Flaw:
        """Return the flaw of leaving steps out, which breaks one article."""
        return cls(name=name, leave_out=steps, breaks=(Break(article=article, subject=subject, party=party),))

    @classmethod
    def done_late(
        cls, name: str, label: str, *, article: str, subject: str, due: Due, party: str | None = None
    ) -> Flaw:
        """Return the flaw of doing a step after its due day."""
        return cls(name=name, late=label, breaks=(Break(article=article, subject=subject, party=party, due=due),))

    @classmethod
    def changed(
        cls,
        name: str,
        label: str,
        data: Data,
        *,
        article: str,
        subject: str,
        party: str | None = None,
        due: Due | None = None,
    ) -> Flaw:
        """Return the flaw of a step done otherwise, which breaks one article."""
        return cls(
            name=name, change={label: data}, breaks=(Break(article=article, subject=subject, party=party, due=due),)
        )

    @classmethod
    def by_another(
        cls, name: str, label: str, by: str, data: Data, *, article: str, subject: str, party: str | None = None
    ) -> Flaw:
        """Return the flaw of a step done by the wrong person."""
        breaks = (Break(article=article, subject=subject, party=party),)
        return cls(name=name, by={label: by}, change={label: data}, breaks=breaks)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A kind of work that recurs: how often a month, its steps in order, and its possible flaws."""

    name: str
    setting: str = "department"
    monthly: float = 0
    on_days: tuple[str, ...] = ()
    """The days on which it is told besides."""
    steps: tuple[Step, ...]
    flaws: tuple[Flaw, ...] = ()


def step(fact: str, case: str, by: str, day: int = 0, /, **data: object) -> Step:
    """Return a step; `from_` stands for the field `from`, and None for a field that is not recorded."""
    return Step(
        fact=fact,
        case=case,
        by=by,
        day=day,
        data={name.removesuffix("_"): value for name, value in data.items() if value is not None},
    )
