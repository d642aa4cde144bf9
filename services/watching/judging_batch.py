"""Judges the facts of a batch one after another, once what is saved of their cases was read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from events.clock import ClockReached
from events.fact import case_key
from events.ledger.errors import LedgerError
from events.moment import instant_of
from events.setting import SettingPolicyAdopted
from projections.alerts.identity import alert_of
from projections.databases.views_database import ViewsError
from projections.watch.filing import BACKGROUND_KINDS
from rulebooks.language.references import references_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from services.tracing.spans import Spans
    from services.watching.working_state import CameOfBatch, WorkingState

WORTH_FORESEEING: Final = 2
"""Facts from which on it is quicker to read at once what is saved of their cases and of those they refer to."""

MANY_CHANGES: Final = 8
"""Changes by one fact, such as a due moment of many things, from which on their alerts are read at once."""


class UnjudgeableFactError(Exception):
    """One fact could not be judged, by `fault`; what was judged since the last save does not count any more."""

    def __init__(self, fact: AnyFact, fault: Exception) -> None:
        super().__init__(str(fault))
        self.fact = fact
        self.fault = fault


def judge(facts: Sequence[AnyFact], state: WorkingState, spans: Spans, came: CameOfBatch) -> None:
    """Judge facts in order and add what comes of them; raise UnjudgeableFactError, LedgerError and ViewsError."""
    _foresee(facts, state)
    for fact in facts:
        if fact.sequence in state.skipped:
            _pass_over(fact, state)
            continue
        if _is_background(fact, state):
            came.background.append(fact)
        state.shelf.reached = fact.sequence
        try:
            with spans.judging(fact):
                came.to_record.extend(_judged(fact, state))
        except (LedgerError, ViewsError):
            raise
        except Exception as fault:
            raise UnjudgeableFactError(fact, fault) from fault


def _foresee(facts: Sequence[AnyFact], state: WorkingState) -> None:
    """Have what is saved of the cases of a batch read at once, and of those that wake with the hours in it."""
    watch, seen = state.watch, state.seen
    if len(facts) >= WORTH_FORESEEING:
        referred = {target for fact in facts for target, _ in references_of(fact)}
        own = {case_key(fact.subject) for fact in facts}
        seen.foresee(own | watch.files.not_held(referred), watch.files.unread(own))
    hours = [instant_of(fact.data.at) for fact in facts if isinstance(fact.data, ClockReached)]
    waking = watch.to_be_read(max(hours)) if hours else []
    if len(waking) >= WORTH_FORESEEING:
        seen.expect(waking)


def _pass_over(fact: AnyFact, state: WorkingState) -> None:
    """Go on behind a fact that was skipped; of a clock fact the hour counts all the same."""
    state.watch.position = state.shelf.reached = fact.sequence
    if isinstance(fact.data, ClockReached):
        state.watch.world.hour = max(state.watch.world.hour, instant_of(fact.data.at))
        state.quiet = True


def _is_background(fact: AnyFact, state: WorkingState) -> bool:
    """Tell whether the watch takes a fact again when it is brought back; the earliest act says when all began."""
    if fact.origin in {"watch", "clock"}:
        return False
    began = state.watch.world.began
    adopts = isinstance(fact.data, SettingPolicyAdopted)
    return adopts or fact.subject.kind in BACKGROUND_KINDS or began is None or fact.occurred_at.earliest < began


def _judged(fact: AnyFact, state: WorkingState) -> list[AnyFact]:
    """Return the alert facts that a fact brings."""
    changes = state.watch.take(fact)
    many = changes if len(changes) > MANY_CHANGES else ()
    state.alerts.foresee([named for one in many if (named := alert_of(state.district, one)) is not None])
    found = state.book.follow(fact, changes, state.watch.world)
    if fact.origin != "watch":
        state.quiet = isinstance(fact.data, ClockReached)
    log = structlog.get_logger()
    for alert, step in state.book.unheard:
        log.warning("escalation.nobody_to_tell", district=state.district, alert=str(alert), step=step)
    state.book.unheard.clear()
    return found
