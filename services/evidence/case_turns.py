"""Whether the facts of each case are counted 1, 2, 3 and so on, as far as a part of a ledger tells."""

from __future__ import annotations


class CaseTurns:
    """Follows the versions of cases through facts, some of which are not shown.

    Between two facts of a case that are shown no more of it can be missing than are not shown between them: withheld,
    before the part begins, or of other cases. Of the case that was asked for, only withheld ones.
    """

    def __init__(self, asked: str | None = None) -> None:
        """Begin before the first fact; `asked` is the case of which everything is there or withheld."""
        self._asked = asked
        self._shown = 0
        self._last: dict[str, int] = {}
        self._unseen: dict[str, int] = {}
        self.withheld = 0

    def withhold(self) -> None:
        """Pass a fact that is not shown."""
        self.withheld += 1

    def follows(self, sequence: int, case: str, version: int) -> bool:
        """Take the next fact that is shown; tell whether its version can follow the last one of its case."""
        self._shown += 1
        due = self._last.get(case, 0) + 1
        self._last[case] = version
        unseen = self.withheld if case == self._asked else sequence - self._shown
        if not unseen:
            return version == due
        between = unseen - self._unseen.get(case, 0)
        self._unseen[case] = unseen
        return due <= version <= due + between

    @property
    def lacks_its_case(self) -> bool:
        """Whether nothing of the case asked for is there, and nothing withheld could be it."""
        return self._asked is not None and self._asked not in self._last and not self.withheld
