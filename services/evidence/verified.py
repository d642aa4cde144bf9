"""What verifying an evidence package found."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from events.ledger.errors import Reason

Bad = Callable[[int | None, str, str], None]
"""Is told of each problem: the sequence of the fact concerned, and what is wrong in Chinese and in English."""


class PackageProblem(Struct, frozen=True):
    """What is wrong with a package; `sequence` is that of the fact concerned, None for none."""

    sequence: int | None
    zh: str
    en: str


class PackageVerification(Struct, frozen=True, kw_only=True):
    """What verifying a package found; `first_bad` is the sequence of the first fact that is wrong."""

    district: str
    facts: int
    root: bytes
    problems: tuple[PackageProblem, ...]
    notes: tuple[tuple[str, str], ...] = ()
    """What is not wrong and has to be known, in Chinese and in English."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def first_bad(self) -> int | None:
        """The sequence of the first fact that is wrong, None when none can be named."""
        return min((one.sequence for one in self.problems if one.sequence is not None), default=None)

    @property
    def reason(self) -> Reason | None:
        """The first problem, of the first bad fact when one can be named."""
        found = sorted(self.problems, key=lambda one: (one.sequence is None, one.sequence or 0))
        return Reason("evidence.changed", found[0].zh, found[0].en) if found else None


class UnsoundError(Exception):
    """What stops a verification."""

    def __init__(self, sequence: int | None, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.problem = PackageProblem(sequence, zh, en)
