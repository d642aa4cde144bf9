"""What a caller hands in and what he gets back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from events.fact import AnyFact
from events.ledger.errors import Reason
from events.ledger.port import Receipt
from services.recording.authorisation import Principal
from services.recording.refusals import Refusal


class Request(Struct, frozen=True, kw_only=True):
    """Facts of one district that are recorded all or none.

    `key` is the caller's idempotency key, `expected` the version of cases by `kind/id` that the caller has seen.
    `recorded_at` is for a history that is played: when the ledger learned it then.
    """

    facts: tuple[AnyFact, ...]
    principal: Principal
    key: str | None = None
    expected: Mapping[str, int] = {}
    recorded_at: dt.datetime | None = None


class Problem(Struct, frozen=True, kw_only=True):
    """Why a request was not recorded; `fact` is the place in the request, from 0, when it is about one fact."""

    code: str
    zh: str
    en: str
    field: str | None = None
    fact: int | None = None

    def __str__(self) -> str:
        field_zh, field_en = (f"字段 {self.field}：", f"field {self.field}: ") if self.field else ("", "")
        return f"{field_zh}{self.zh} / {field_en}{self.en} [{self.code}]"


class Answer(Struct, frozen=True, kw_only=True):
    """What became of a request: one receipt a fact when it is in the ledger, else what stands against it.

    `repeated` gives the first receipts again; `conflict` means that a case has moved on since the version stated.
    """

    status: Literal["recorded", "repeated", "refused", "conflict"]
    receipts: tuple[Receipt, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_in_the_ledger(self) -> bool:
        """Whether the facts are in the ledger, now or since before."""
        return self.status in {"recorded", "repeated"}


def problem_of(refusal: Refusal, fact: int | None = None) -> Problem:
    """Return a refusal as a problem of a request."""
    return Problem(code=refusal.code, zh=refusal.zh, en=refusal.en, field=refusal.field, fact=fact)


def problem_from(reason: Reason) -> Problem:
    """Return a reason of the ledger as a problem of a request."""
    return Problem(code=reason.code, zh=reason.zh, en=reason.en)
