"""Previews of requests: what they would be refused for, and what a judge says they would set in motion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from services.recording.decide.time import TOLERANCE
from services.recording.preview import Judge, Preview
from services.recording.struck import StruckFacts
from services.recording.weighing import cases_of, facts_named, problems_before, problems_of

if TYPE_CHECKING:
    from events.ledger import LedgerReader
    from services.recording.request import Problem, Request

Change = TypeVar("Change")


class Previewer:
    """Previews requests from what the ledger holds; it records nothing and needs no writer. For any number of threads.

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
    ) -> None:
        """Take the ledger, the clock, who knows what was struck out, and how far ahead of the clock an act may lie.

        `keeps_policy` tells whether house settings are kept, so that they can be adopted.
        """
        self._reader = reader
        self._clock = clock
        self._struck = struck or StruckFacts(reader)
        self._ahead = ahead
        self._keeps_policy = keeps_policy

    def preview(self, request: Request, judge: Judge[Change] | None = None) -> Preview[Change]:
        """Say what the facts would be refused for, and what they would set in motion, without recording them."""
        problems = problems_before(request)
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
        cases = self._reader.read_cases(district, cases_of(request.facts))
        as_of = {case: [one for one in history if one.sequence <= through] for case, history in cases.items()}
        struck = self._struck.through_head(district)
        known = Known(
            now=self._clock() + self._ahead,
            facts=facts_named(self._reader, request.facts),
            struck=struck,
            keeps_policy=self._keeps_policy,
        )
        return problems_of(objections(request.facts, as_of, known))
