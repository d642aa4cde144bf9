"""Which house settings rule when: the shipped ones until a recorded fact adopts others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import instant_of, start_of
from events.setting import SettingPolicyAdopted
from projections.policy.policy import Policy
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant

FindPolicy = Callable[[str], Policy | None]
"""Finds adopted settings by the SHA-256 of their file; None when they are not kept."""


class PolicyMissingError(Exception):
    """Adopted settings are not kept, so that nothing after their adoption can be judged; `code` is stable."""

    code: Final = "policy.missing"

    def __init__(self, sha256: str, fact: AnyFact) -> None:
        self.zh = (
            f"第 {fact.sequence} 号事实采用的内部设置 {sha256} 不在数据文件夹的 policies.sqlite 中，"
            "此后由谁知悉、何等紧急无从判定，本区县的判定停在该事实之前；请从备份放回该文件，或重新执行 "
            "taizhang policy adopt。"
        )
        self.en = (
            f"The house settings {sha256} that fact {fact.sequence} adopts are not in policies.sqlite of the data "
            "folder, so who is told and how urgent it is cannot be judged from there on; judging of this district "
            "stops before that fact. Put that file back from a copy, or run taizhang policy adopt with it again."
        )
        super().__init__(f"{self.zh} / {self.en} [{self.code}]")
        self.sha256 = sha256
        self.sequence = fact.sequence


class Adoption(NamedTuple):
    """Settings that were adopted: they rule from `since` on, in microseconds, or at once when that has passed."""

    first_day: Instant
    sequence: int
    since: Instant
    fact: UUID
    policy: Policy


class PoliciesInForce:
    """The house settings of one district as its facts adopt them.

    Settings whose first day has come when their adoption is recorded rule from that fact on, others from the clock fact
    of their first day on: the hour alone decides, so that every replay changes over at the same fact.
    """

    def __init__(self, shipped: Policy, find: FindPolicy, struck: Callable[[UUID], bool]) -> None:
        self._shipped = shipped
        self._find = find
        self._struck = struck
        self._adoptions: list[Adoption] = []

    def continue_from(self, before: PoliciesInForce) -> None:
        """Go on from where others stand, which stay as they are."""
        self._shipped = before._shipped
        self._adoptions = list(before._adoptions)

    def take(self, fact: AnyFact) -> bool:
        """Take a fact in; tell whether it adopts settings. Raise PolicyMissingError when these are not kept."""
        data = fact.data
        if not isinstance(data, SettingPolicyAdopted):
            return False
        policy = self._find(data.sha256)
        if policy is None:
            raise PolicyMissingError(data.sha256, fact)
        first_day = start_of(data.effective_on)
        since = -ALWAYS if first_day <= instant_of(fact.recorded_at) else first_day
        self._adoptions.append(Adoption(first_day, fact.sequence, since, fact.id, policy))
        return True

    def at(self, hour: Instant) -> Policy:
        """Return the settings in force at an hour: of those that rule, the ones with the latest first day."""
        ruling = [one for one in self._counting() if one.since <= hour]
        return max(ruling, key=lambda one: one[:2]).policy if ruling else self._shipped

    def next_change(self, hour: Instant) -> Instant | None:
        """Return the next moment after an hour from which other settings rule."""
        return min((one.since for one in self._counting() if one.since > hour), default=None)

    def _counting(self) -> list[Adoption]:
        return [one for one in self._adoptions if not self._struck(one.fact)]
