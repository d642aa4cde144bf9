"""Previews of requests: what they would be refused for, and what a judge says they would set in motion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from events.ledger.errors import other_content
from events.ledger.port import Conflict
from events.personal import with_sealed_text
from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from services.recording.decide.time import TOLERANCE
from services.recording.preview import Judge, Preview
from services.recording.request import problem_from
from services.recording.struck import StruckFacts
from services.recording.weighing import cases_of, conflicting, facts_named, problems_before, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from services.recording.request import Problem, Request

Change = TypeVar("Change")


class Previewer:
    """Previews requests from what the ledger holds; it records nothing and needs no writer. For any number of threads.

    It refuses what recording refuses, in its order: rights and secrecy, an id that stands for something else, a case
    that has moved on since the version stated, what is impossible. Not looked at is whether the same idempotency key
    came before: such a request would be answered as a repeat.

    LedgerError and ViewsError are raised when the ledger or the views cannot be read.
    """

    def __init__(
        self,
        reader: LedgerReader,
        clock: Callable[[], dt.datetime],
        *,
        struck: StruckFacts | None = None,
        ahead: dt.timedelta = TOLERANCE,
        keeps_policy: Callable[[str], bool] = lambda _sha256: True,
        problems_before: Callable[[Request], tuple[Problem, ...]] = problems_before,
    ) -> None:
        """Take the ledger, the clock, who knows what was struck out, and how far ahead of the clock an act may lie.

        `keeps_policy` tells whether house settings are kept, so that they can be adopted, `problems_before` what stands
        against a request whatever the ledger holds.
        """
        self._reader = reader
        self._clock = clock
        self._struck = struck or StruckFacts(reader)
        self._ahead = ahead
        self._keeps_policy = keeps_policy
        self._problems_before = problems_before

    def preview(self, request: Request, judge: Judge[Change] | None = None) -> Preview[Change]:
        """Say what the facts would be refused for, and what they would set in motion, without recording them."""
        problems = self._problems_before(request)
        if not request.facts:
            return Preview(through=0, problems=problems)
        district = request.facts[0].district
        through = self._reader.head(district).sequence
        problems = problems or self._objections(request, through)
        if problems or judge is None:
            return Preview(through=through, problems=problems)
        judged = judge(district, request.facts, through, request.recorded_at)
        if judged.through != through:
            problems = self._objections(request, judged.through)
        changes = () if problems else judged.changes
        return Preview(
            through=judged.through, problems=problems, changes=changes, at=judged.at, unjudged=judged.unjudged
        )

    def _objections(self, request: Request, through: int) -> tuple[Problem, ...]:
        """Return what stands against a request beside the facts recorded as far as a sequence."""
        district = request.facts[0].district
        recorded = self._recorded(request, through)
        other = _with_other_content(request.facts, recorded)
        if other is not None:
            return (other,)
        if all(fact.id in recorded for fact in request.facts):
            return ()
        cases = self._reader.read_cases(district, [*cases_of(request.facts), *request.expected])
        as_of = {case: [one for one in history if one.sequence <= through] for case, history in cases.items()}
        for case, expected in request.expected.items():
            if len(as_of[case]) != expected:
                return (conflicting(Conflict(case, expected, len(as_of[case]))),)
        struck = self._struck.through_head(district)
        known = Known(
            now=self._clock() + self._ahead,
            facts=facts_named(self._reader, request.facts),
            struck=struck,
            keeps_policy=self._keeps_policy,
        )
        return problems_of(objections(request.facts, as_of, known))

    def _recorded(self, request: Request, through: int) -> Mapping[UUID, AnyFact]:
        """Return what stands in the ledger, as far as a sequence, under the ids of a request."""
        found = (self._reader.find(fact.district, fact.id) for fact in request.facts)
        return {one.id: one for one in found if one is not None and one.sequence <= through}


def _with_other_content(facts: Sequence[AnyFact], recorded: Mapping[UUID, AnyFact]) -> Problem | None:
    """Return the problem of the first id that stands for something else, in the ledger or earlier in the request."""
    earlier = dict(recorded)
    for fact in facts:
        before = earlier.setdefault(fact.id, fact)
        if not _is_same(fact, before):
            return problem_from(other_content(fact.id, before.sequence))
    return None


def _is_same(fact: AnyFact, before: AnyFact) -> bool:
    """Tell whether a fact is one that came before; sealed texts cannot be read here, and are taken to be the same."""
    if fact.type != before.type:
        return False
    given = replace(fact, sequence=before.sequence, recorded_at=before.recorded_at, recorded_by=before.recorded_by)
    return with_sealed_text(given, before) == before
