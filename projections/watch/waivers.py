"""Waivers: who with the power to do so waived which alert, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from events.alert import AlertWaived
from events.moment import Moment
from projections.alerts.identity import alert_id
from rulebooks.judgement import Say
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.judgement import Judgement


class Waivers:
    """The waivers of one district by alert; one that has lapsed counts no more."""

    def __init__(self) -> None:
        self._of: dict[UUID, AnyFact] = {}

    def __bool__(self) -> bool:
        return bool(self._of)

    def take(self, fact: AnyFact) -> UUID | None:
        """Take in a waiver; return the alert it is about, None when the fact is none."""
        if not isinstance(fact.data, AlertWaived):
            return None
        try:
            alert = UUID(fact.subject.id)
        except ValueError:
            return None
        self._of[alert] = fact
        return alert

    def strike(self, fact: AnyFact) -> None:
        """Take out a waiver that was corrected or annulled."""
        self._of = {alert: one for alert, one in self._of.items() if one.id != fact.id}

    def applied(self, district: str, rule_id: str, judgement: Judgement, hour: Instant) -> Judgement:
        """Return a violation as waived while a waiver of its alert is in force."""
        waiver = self._of.get(alert_id(district, rule_id, judgement))
        if waiver is None or not isinstance(waiver.data, AlertWaived):
            return judgement
        until = waiver.data.until.latest if isinstance(waiver.data.until, Moment) else ALWAYS
        if hour > until:
            return judgement
        reason = (*judgement.reason, Say(f"已豁免：{waiver.data.reason}", f"waived: {waiver.data.reason}"))
        wake = None if until == ALWAYS else until + 1
        facts = (*judgement.facts, waiver)
        return msgspec.structs.replace(judgement, state="waived", wake=wake, reason=reason, facts=facts)
