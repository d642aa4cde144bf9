"""A desk at which facts are recorded one after another and alert facts come out, without ledger or files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from events.fact import AnyFact
from events.ledger.clock import clock_fact
from events.moment import Moment, datetime_of
from projections.alerts.book import AlertBook
from projections.alerts.facts import Provenance
from projections.policy.policy import Policy, shipped_policy
from projections.watch.watch import Watch
from rulebooks.rule import Rule
from tests.rulebooks.kinds.histories import calendar, fact

DISTRICT = "xinzhou"


class Desk:
    """Takes facts as a ledger would number them; `life` is every alert fact made so far, in order."""

    def __init__(self, *rules: Rule, policy: Policy | None = None, others: Sequence[Policy] = ()) -> None:
        kept = {one.sha256: one for one in others}
        by = Provenance("1.0", policy or shipped_policy(), {"test/2020": "9f2c"}, kept.get)
        self.watch = Watch(rules, calendar())
        self.book = AlertBook(DISTRICT, by, struck=self.watch.struck)
        self.life: list[AnyFact] = []
        self._sequence = 0

    def record(self, *facts: AnyFact) -> list[str]:
        """Take facts and return what kinds of alert fact came of them."""
        before = len(self.life)
        for one in facts:
            self._sequence += 1
            numbered = replace(one, sequence=self._sequence)
            self.life += self.book.follow(numbered, self.watch.take(numbered), self.watch.world)
        return self._steps(before)

    def reach(self, moment: str) -> list[str]:
        """Let every due moment pass up to a moment (of a date: its end); return what came of it."""
        before, end = len(self.life), Moment(moment).latest
        while (wake := self._next_wake()) is not None and wake <= end:
            self.record(clock_fact(DISTRICT, datetime_of(wake)))
        self.record(clock_fact(DISTRICT, datetime_of(end)))
        return self._steps(before)

    def only_alert(self) -> UUID:
        """Return the one alert there is."""
        (alert,) = {UUID(one.subject.id) for one in self.life}
        return alert

    def people(self, step: str, at: str, **data: object) -> AnyFact:
        """Return what somebody records about the one alert there is."""
        return fact(f"alert.{step}", f"alert/{self.only_alert()}", at, **data)

    def _next_wake(self) -> int | None:
        wakes = (self.watch.next_wake(), self.book.next_wake())
        return min((one for one in wakes if one is not None and one > self.watch.world.hour), default=None)

    def _steps(self, before: int) -> list[str]:
        return steps(self.life[before:])


def steps(facts: Sequence[AnyFact]) -> list[str]:
    """Return the last words of the types of alert facts."""
    return [one.type.removeprefix("alert.").removesuffix(".v1") for one in facts]
