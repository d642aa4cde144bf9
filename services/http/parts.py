"""Everything that the API is made of, given to it from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from projections.policy.policy import Policy, shipped_alone, shipped_policy
from services.identity.caller import Caller
from services.rules.papers import RulePapers
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from events.moment import Moment
    from events.personal import Keys
    from projections.databases.views_database import ViewsDatabase
    from projections.policy.in_force import FindPolicy
    from projections.view_rows.history import ViewHistory
    from projections.view_rows.rows import ViewRows
    from services.backlog import Backlog
    from services.identity.tokens import TokenReader
    from services.proving.checkpoint_folder import CheckpointFolder
    from services.recording.preview import Judge
    from services.recording.recorder import Recorder


class Limits(Struct, frozen=True, kw_only=True):
    """What one request, and one principal, may ask for.

    `burst` requests may come at once, then `rate` a second. `lag` is in seconds: a watch further behind is not ready.
    """

    body_bytes: int = 1_000_000
    body_seconds: float = 20.0
    rate: float = 200.0
    burst: int = 1_000
    facts: int = 500
    lag: float = 60.0


DEFAULT_LIMITS: Final = Limits()


class AccessNotes(Protocol):
    """Where it is noted who read and who was refused."""

    async def viewed(
        self, caller: Caller, district: str, about: str | None, query: str, known_at: Moment | None = None
    ) -> None:
        """Note a reading, of a replay as known when; when this returns it is durable.

        Raise LedgerError when it cannot be noted.
        """
        ...

    def exported(self, caller: Caller, district: str, until_sequence: int, content: bytes) -> None:
        """Note that records were handed out as a file; as above, but for threads."""
        ...

    def refused(self, caller: Caller, district: str | None, attempt: str, code: str) -> None:
        """Count an attempt that was refused, in the district that was tried."""
        ...

    def settle(self) -> None:
        """Record what was only counted so far."""
        ...


OpenViewRows = Callable[[], AbstractContextManager["ViewRows"]]
"""Gives a connection to the rows of the views that no other thread uses meanwhile."""

OpenViewHistory = Callable[[], AbstractContextManager["ViewHistory"]]
"""Gives a connection to the history of the views that no other thread uses meanwhile; raises ViewsMissingError."""

OpenViews = Callable[[], AbstractContextManager["ViewsDatabase"]]
"""Gives a connection to the views that no other thread uses meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the routes work with; `watched` names the districts that the watch follows.

    `checkpoints` returns the signed checkpoints of a district, `noted_by_commands` what commands handed out of one.

    `policy_of` returns the house settings in force in a district, or raises LedgerError when they are not kept.
    `find_policy` finds those that were ever adopted, by their hash. `keep_policy` keeps others so that they can be
    adopted; None where another process judges, and keeps them.
    `judge_restarts` counts how often the process that judges beside this one ended by itself; None where there is none.
    """

    recorder: Recorder
    ledger: LedgerReader
    views: OpenViews
    tokens: TokenReader
    clock: Callable[[], dt.datetime]
    backlog: Backlog
    keys: Keys
    notes: AccessNotes
    access: LedgerReader
    watched: Callable[[], Collection[str]]
    checkpoints: Callable[[str], CheckpointFolder]
    noted_by_commands: Callable[[str, int, int], list[AnyFact]] = lambda _district, _after, _limit: []
    view_rows: OpenViewRows | None = None
    view_history: OpenViewHistory | None = None
    judge: Judge[Any] | None = None
    policy_of: Callable[[str], Policy] = lambda _district: shipped_policy()
    find_policy: FindPolicy = shipped_alone
    keep_policy: Callable[[bytes], Policy] | None = None
    judge_restarts: Callable[[], int] | None = None
    limits: Limits = DEFAULT_LIMITS
    papers: RulePapers = field(default_factory=RulePapers)
    spans: Spans = NO_SPANS
