"""The access ledger: a second, sealed ledger in a file of its own, of who read, exported or was refused.

Its facts are `record.viewed`, `record.exported` and `record.attempt_refused` of the vocabulary, in the district that
was looked into. Nobody of that district reads it over HTTP: an inspector's reading must warn nobody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
from msgspec import UNSET, Struct, UnsetType

from events.errors import printable
from events.fact import Actor, AnyFact, Case, Fact, FactData, Source
from events.fields import IDENTITY, LONGEST_IDENTITY
from events.ledger.errors import LedgerUnavailableError, Reason
from events.ledger.group_commit import GroupCommit
from events.ledger.port import Conflict, Failed, Outcome, Proposal, Recorded, Refused, Repeated
from events.moment import TIME_ZONE, Moment
from events.record import RecordAttemptRefused, RecordExported, RecordViewed
from events.sqlite.ledger import SqliteLedger
from services.recording.embedded import made

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from services.identity.caller import Caller
    from services.settings.service import HashAlgorithm

ACCESS_FILE: Final = "access.sqlite"
MOST_COUNTED: Final = 10_000
"""Different refusals that are counted within one hour; from then on, each new kind is recorded by itself."""

MOST_CACHED: Final = 64
"""Facts that the writer holds in memory: each is a case of its own, which nobody adds to."""

UNNAMED: Final = "unnamed"
"""The unit of an actor whose token names neither person nor post nor unit."""

_Counted = tuple[str, str, str, str]
_is_identity = re.compile(IDENTITY).match


class HandedOut(Struct, frozen=True, kw_only=True):
    """Records that left as files: from which fact to which, of one case or of all, and the hash of what was given."""

    district: str
    until: int
    sha256: str
    first: int = 1
    about: str | None = None


class AccessBook:
    """Notes readings, exports and refusals; any number of threads and asyncio tasks may call it.

    The first refusal of a kind is recorded at once, the others of the same principal and hour are counted and recorded
    together once the hour is over, or somebody asks, or the service stops.
    """

    def __init__(self, commit: GroupCommit, clock: Callable[[], dt.datetime]) -> None:
        self._commit = commit
        self._clock = clock
        self._lock = Lock()
        self._hour: dt.datetime | None = None
        self._counts: dict[_Counted, tuple[Caller, int]] = {}

    async def viewed(
        self, caller: Caller, district: str, about: str | None, query: str, known_at: Moment | None = None
    ) -> None:
        """Note a reading; when this returns it is durable. Raise LedgerUnavailableError when it cannot be noted."""
        data = RecordViewed(about=about or UNSET, query=printable(query), known_at=known_at or UNSET)
        await self._record(self._fact(caller, district, data))

    def exported(self, caller: Caller, district: str, until_sequence: int, content: bytes) -> None:
        """Note that records known up to a sequence were handed out as a file, with its hash; for threads, as above."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.handed_out(caller, HandedOut(district=district, until=until_sequence, sha256=sha256))

    def handed_out(self, caller: Caller, given: HandedOut) -> None:
        """Note that records were handed out; for threads, as above."""
        data = RecordExported(
            about=given.about or UNSET,
            from_sequence=min(given.first, given.until),
            until_sequence=given.until,
            sha256=given.sha256,
            to_unit=_id(caller.unit),
        )
        _expect(self._commit.record(Proposal(facts=(self._fact(caller, given.district, data),))))

    def refused(self, caller: Caller, district: str | None, attempt: str, code: str) -> None:
        """Count an attempt that was refused, in the district that was tried if it is the caller's, else in his own."""
        own = district if district in caller.districts else min(caller.districts)
        kind = (own, caller.subject, attempt, code)
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            over = self._take() if self._hour not in {None, hour} else []
            self._hour = hour
            first = kind not in self._counts
            if first and len(self._counts) < MOST_COUNTED:
                self._counts[kind] = (caller, 0)
            elif not first:
                self._counts[kind] = (caller, self._counts[kind][1] + 1)
        for fact in over:
            self._submit(fact)
        if first:
            self._submit(self._refusal(kind, caller, 1))

    def settle(self) -> None:
        """Record what was counted so far, and wait until it is."""
        with self._lock:
            waiting = self._take()
        for future in [self._submit(fact) for fact in waiting]:
            if future is not None:
                future.exception()

    def _take(self) -> list[AnyFact]:
        counts, self._counts = self._counts, {}
        return [self._refusal(kind, caller, times) for kind, (caller, times) in counts.items() if times]

    def _refusal(self, kind: _Counted, caller: Caller, times: int) -> AnyFact:
        district, _, attempt, code = kind
        return self._fact(caller, district, RecordAttemptRefused(attempt=attempt, code=code, times=times))

    def _fact(self, caller: Caller, district: str, data: FactData) -> AnyFact:
        now = self._clock().astimezone(TIME_ZONE)
        identity = uuid4()
        return Fact(
            id=identity,
            district=district,
            type=data.TYPE.name,
            subject=Case(data.TYPE.subject, str(identity)),
            occurred_at=Moment(now.isoformat()),
            recorded_at=now,
            recorded_by=caller.subject,
            origin="recorded",
            actor=actor_of(caller),
            source=Source(kind="system", name=f"http {' '.join(sorted(caller.roles))}"),
            classification="internal",
            data=data,
        )

    async def _record(self, fact: AnyFact) -> None:
        _expect(await self._commit.record_soon(Proposal(facts=(fact,))))

    def _submit(self, fact: AnyFact) -> Future[Outcome] | None:
        try:
            future = self._commit.submit(Proposal(facts=(fact,)))
        except LedgerUnavailableError as error:
            structlog.get_logger().error("access.not_noted", code=error.code)
            return None
        future.add_done_callback(_log_failure)
        return future


def actor_of(caller: Caller) -> Actor:
    """Return who acts as a fact names him; a token that names nobody acts for a unit without a name."""
    person, post, unit = _id(caller.person), _id(caller.post), _id(caller.unit)
    nobody = person is UNSET and post is UNSET and unit is UNSET
    return Actor(person=person, post=post, unit=UNNAMED if nobody else unit)


def _id(given: str | None) -> str | UnsetType:
    return given if given and len(given) <= LONGEST_IDENTITY and _is_identity(given) else UNSET


def _expect(outcome: Outcome) -> None:
    reason = _why_not(outcome)
    if reason is not None:
        raise LedgerUnavailableError(reason)


def _why_not(outcome: Outcome) -> Reason | None:
    match outcome:
        case Recorded() | Repeated():
            return None
        case Refused(reason):
            return reason
        case Conflict() | Failed():
            return Reason("access.not_noted", "查阅未能记录。", "The reading could not be noted.")


def _log_failure(future: Future[Outcome]) -> None:
    error = future.exception()
    reason = None if error is not None else _why_not(future.result())
    if error is not None or reason is not None:
        code = reason.code if reason is not None else type(error).__name__
        structlog.get_logger().error("access.not_noted", code=code)


@contextmanager
def open_access_book(
    folder: Path, algorithm: HashAlgorithm, clock: Callable[[], dt.datetime], name: str = ACCESS_FILE
) -> Iterator[tuple[AccessBook, LedgerReader]]:
    """Open the access ledger of a folder as its one writer, or create it; raise LedgerError."""
    path = made(folder) / name
    is_new = not path.exists() or path.stat().st_size == 0
    with SqliteLedger(path, algorithm if is_new else None, most_cached=MOST_CACHED) as ledger:
        path.chmod(0o600)
        with GroupCommit(ledger, clock) as commit:
            book = AccessBook(commit, clock)
            try:
                yield book, ledger
            finally:
                book.settle()
