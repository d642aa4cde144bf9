"""What a rule says of one subject: the judgement and the words that explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant, Moment

State = Literal["open", "paused", "forecast", "waiting", "satisfied", "violated", "waived", "not_determinable"]
Modality = Literal["must", "must_not", "in_principle", "in_principle_not", "generally", "may"]
Severity = Literal["breach", "deviation", "notice"]
Identity = tuple[str, str | None, int, str | None]
"""Subject, party, trigger (the number that its id is) and period: what tells one judgement of a rule from another."""

SEVERITY: Final[dict[str, Severity]] = {
    "must": "breach",
    "must_not": "breach",
    "in_principle": "deviation",
    "in_principle_not": "deviation",
    "generally": "notice",
    "may": "notice",
}


class Say(NamedTuple):
    """The same thing in Chinese and in English."""

    zh: str
    en: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one rule stands for one subject, party and trigger.

    `due` and `wake` are in microseconds since 1970-01-01T00:00Z: when the limit ends, and when the rule wants to be
    asked again though no fact came (None: never). `expired` says that only the passing of time made it a violation;
    such a violation is raised by a clock fact alone. `happened` is the moment of the act that was looked at or that
    came late. `modality` stands where a tier has a force of its own, `severity` where it does not follow from the
    force of the wording.
    """

    subject: str
    trigger: AnyFact
    state: State
    party: str | None = None
    period: str | None = None
    opened: Moment | None = None
    due: Instant | None = None
    due_is_day: bool = True
    provisional: bool = False
    happened: Moment | None = None
    wake: Instant | None = None
    expired: bool = False
    facts: tuple[AnyFact, ...] = ()
    missing: tuple[str, ...] = ()
    calendars: tuple[int, ...] = ()
    modality: Modality | None = None
    severity: Severity | None = None
    reason: tuple[Say, ...] = ()

    @property
    def identity(self) -> Identity:
        """What tells one judgement of a rule from another: subject, party, trigger and period."""
        return (self.subject, self.party, self.trigger.id.int, self.period)
