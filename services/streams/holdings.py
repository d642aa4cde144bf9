"""The districts that one owner holds by leases, and those that it has to leave to others."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from projections.databases.views_database import ViewsError
from projections.saved.leases import Leases

if TYPE_CHECKING:
    from projections.databases.views_database import ViewsDatabase
    from projections.saved.leases import Lease

PREPARING: Final = "prepare:"
"""Before the name of an owner that only prepares; no machine is called so."""


class Holdings:
    """The leases of one owner.

    One that `prepares` takes nothing from anybody: no district that an owner who records has ever had, and of those who
    prepare too only what they gave back.
    """

    def __init__(self, name: str, *, prepares: bool) -> None:
        self._name = f"{PREPARING}{name}" if prepares else name
        self._prepares = prepares
        self._leases: dict[str, Lease] = {}
        self._lost: set[str] = set()

    def take(self, district: str, views: ViewsDatabase) -> Lease:
        """Begin to hold a district that was assigned; raise DistrictHeldError where it is to be left to another.

        One that was lost since is taken only once the other's lease has run out.
        """
        assigned = district not in self._lost and not self._prepares
        lease = self._leases[district] = Leases(views).take(district, self._name, assigned=assigned)
        self._lost.discard(district)
        return lease

    def keeps(self, district: str, views: ViewsDatabase | None) -> bool:
        """Tell whether nobody else had a district in the meantime."""
        lease = self._leases[district]
        now = None if views is None else Leases(views).of(district)
        return now is not None and (now.owner, now.epoch) == (lease.owner, lease.epoch)

    def is_past_preparing(self, district: str, views: ViewsDatabase) -> bool:
        """Tell whether this owner prepares, and one that records has had the district."""
        held = Leases(views).of(district) if self._prepares else None
        return held is not None and not held.owner.startswith(PREPARING)

    def lose(self, district: str) -> bool:
        """Leave a district to another owner; tell whether that is new."""
        is_new = district not in self._lost
        self._lost.add(district)
        self.drop([district])
        return is_new

    def forgive(self) -> None:
        """Take districts that were lost once more, now that they are assigned anew."""
        self._lost.clear()

    def give_back(self, districts: Iterable[str], views: ViewsDatabase | None) -> None:
        """Give districts back where that can be said; whoever is assigned may take them all the same."""
        gone = list(districts)
        if views is not None:
            with suppress(ViewsError):
                for district in gone:
                    Leases(views).release(self._leases[district])
        self.drop(gone)

    def give_all_back(self, views: ViewsDatabase | None) -> None:
        """Give every district back."""
        self.give_back(self._leases, views)

    def drop(self, districts: Iterable[str]) -> None:
        """Forget districts without saying so; they need not be held."""
        for district in list(districts):
            self._leases.pop(district, None)

    def drop_all(self) -> None:
        """Forget every district without saying so."""
        self._leases.clear()
