"""Who may save what is kept of a district: one owner at a time, told apart by an epoch that grows with every take-over.

A lease says for how long nobody else takes a district unasked; the epoch alone decides who may save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

LASTING: Final = 30_000_000
"""Microseconds for which a district is held after it was taken or last saved."""


class Lease(NamedTuple):
    """A district is held by an owner, in an epoch, until an instant by the clock of the database."""

    district: str
    owner: str
    epoch: int
    until: Instant


class DistrictHeldError(Exception):
    """A district is held by another owner, whose lease has not run out; `code` is stable."""

    code: Final = "watch.district_held"

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        super().__init__(
            f"区县 {lease.district} 由 {lease.owner} 持有（第 {lease.epoch} 任），租期未满，本进程未接管；"
            f"对方停止后自动可以接管。 / The district {lease.district} is held by {lease.owner} (epoch {lease.epoch}), "
            "whose lease has not run out, so this process did not take it; once the other stops, it can be taken. "
            f"[{self.code}]"
        )


class DistrictTakenError(Exception):
    """Another owner has taken a district over, so that nothing was saved; `code` is stable."""

    code: Final = "watch.district_taken"

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        super().__init__(
            f"区县 {lease.district} 已由其他进程接管（本进程 {lease.owner} 为第 {lease.epoch} 任），本次结果未保存；"
            "本进程应停止处理该区县，新的持有者会从上次保存处继续。 / Another process has taken over the district "
            f"{lease.district} (this one, {lease.owner}, held it in epoch {lease.epoch}); nothing of this step was "
            f"saved. Stop working on the district: its new owner goes on from what was saved last. [{self.code}]"
        )


class Leases:
    """Takes, renews and gives back districts, each in a transaction of its own."""

    def __init__(self, views: ViewsDatabase, *, lasting: int = LASTING) -> None:
        self._views = views
        self._lasting = lasting

    def of(self, district: str) -> Lease | None:
        """Return who held a district last; None when nobody ever did."""
        query = "SELECT owner, epoch, until FROM owners WHERE district = ?"
        rows = self._views.read(query, district)
        return Lease(district, *rows[0]) if rows else None

    def take(self, district: str, owner: str, *, assigned: bool = False) -> Lease:
        """Begin a new epoch of a district; raise DistrictHeldError while another's lease runs.

        `assigned` tells that somebody who may decide it has given the district to this owner, so that it is taken even
        so; what the former owner saves from then on is refused.
        """
        with self._views.writing(durably=True):
            now = self._views.now()
            self._views.write("INSERT INTO owners VALUES (?, '', 0, 0) ON CONFLICT DO NOTHING", [(district,)])
            changed = self._views.read(
                "UPDATE owners SET owner = ?, epoch = epoch + 1, until = ? "
                "WHERE district = ? AND (owner = ? OR until <= ? OR ?) RETURNING epoch",
                *(owner, now + self._lasting, district, owner, now, assigned),
            )
            held = self.of(district)
        assert held is not None  # noqa: S101  it was put there above
        if not changed:
            raise DistrictHeldError(held)
        return held

    def renew(self, lease: Lease) -> Lease:
        """Hold a district longer though nothing is saved; raise DistrictTakenError when another has it now."""
        with self._views.writing():
            return self.kept(lease)

    def release(self, lease: Lease) -> None:
        """Give a district back, so that another may take it at once; nothing happens when another has it already."""
        with self._views.writing():
            self._views.write(
                "UPDATE owners SET until = 0 WHERE district = ? AND owner = ? AND epoch = ?", [_held(lease)]
            )

    def kept(self, lease: Lease) -> Lease:
        """Make sure, within `writing`, that a lease still holds, and prolong it; raise DistrictTakenError.

        The row stays locked until the transaction ends, so that nobody takes over in the middle of it.
        """
        until = self._views.now() + self._lasting
        self._views.change(
            "UPDATE owners SET until = ? WHERE district = ? AND owner = ? AND epoch = ?",
            (until, *_held(lease)),
            DistrictTakenError(lease),
        )
        return lease._replace(until=until)


def _held(lease: Lease) -> tuple[str, str, int]:
    return lease.district, lease.owner, lease.epoch
