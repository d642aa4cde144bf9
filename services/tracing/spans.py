"""What is told of a request and of a fact on its way, for whoever collects spans; nobody does unless it is set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from events.fact import AnyFact
    from services.messages.cloud_event import Message

Ended = Callable[[], None]
"""Says that something which takes a while is over."""
Answered = Callable[[str, str, int], None]
"""Takes method, route and status of an answer."""


class Spans(Protocol):
    """Makes the spans; where no spans are made each call costs next to nothing."""

    def asked(self, headers: Iterable[tuple[bytes, bytes]]) -> Answered:
        """Begin the span of a request over HTTP, as a part of the caller's trace where its headers name one."""
        ...

    def recording(self, facts: Sequence[AnyFact]) -> AbstractContextManager[None]:
        """Cover the recording of the facts of a request; what the block raises makes it a failed one."""
        ...

    def reaching(self, district: str, at: dt.datetime) -> AbstractContextManager[None]:
        """Cover the recording of a clock fact."""
        ...

    def publishing(self, messages: Sequence[Message]) -> Ended:
        """Begin the spans of messages that are handed to Kafka."""
        ...

    def received(self, headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes]) -> None:
        """Note that a message came from Kafka."""
        ...

    def judging(self, fact: AnyFact) -> AbstractContextManager[None]:
        """Cover the judging of a fact."""
        ...

    def alerting(self, alerts: Sequence[AnyFact]) -> Ended:
        """Begin the spans of alert facts that are handed to the ledger."""
        ...


class NoSpans:
    """Makes none."""

    def asked(self, _headers: Iterable[tuple[bytes, bytes]]) -> Answered:
        """Take no notice."""
        return _not_answered

    def recording(self, _facts: Sequence[AnyFact]) -> AbstractContextManager[None]:
        """Take no notice."""
        return _NOTHING

    def reaching(self, _district: str, _at: dt.datetime) -> AbstractContextManager[None]:
        """Take no notice."""
        return _NOTHING

    def publishing(self, _messages: Sequence[Message]) -> Ended:
        """Take no notice."""
        return _not_ended

    def received(self, _headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes]) -> None:
        """Take no notice."""

    def judging(self, _fact: AnyFact) -> AbstractContextManager[None]:
        """Take no notice."""
        return _NOTHING

    def alerting(self, _alerts: Sequence[AnyFact]) -> Ended:
        """Take no notice."""
        return _not_ended


def _not_ended() -> None:
    pass


def _not_answered(_method: str, _route: str, _status: int) -> None:
    pass


_NOTHING: Final = nullcontext()
NO_SPANS: Final = NoSpans()
