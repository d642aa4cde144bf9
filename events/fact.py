"""The fact: the envelope that every fact carries around its own data."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from events.moment import Moment

Origin = Literal["recorded", "imported", "watch", "clock"]
Classification = Literal["public", "internal", "work_secret", "business_secret", "state_secret"]
SourceKind = Literal["paper", "register", "system", "oral", "witness"]

IDENTITY = r"^[A-Za-z0-9\u4e00-\u9fff][\w.\-〔〕]*$"
LONGEST_TEXT = 10_000
"""Characters a text field may hold."""

PersonId = Annotated[str, Meta(pattern=IDENTITY, max_length=200, extra={"type": "person"})]
PostId = Annotated[str, Meta(pattern=IDENTITY, max_length=200, extra={"type": "post"})]
UnitId = Annotated[str, Meta(pattern=IDENTITY, max_length=200, extra={"type": "unit"})]


class FactData(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fact says beyond its envelope; one subclass for each type of the vocabulary."""


D_co = TypeVar("D_co", bound=FactData, covariant=True)


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """The case (stream) a fact belongs to."""

    kind: str
    id: Annotated[str, Meta(pattern=IDENTITY, max_length=200)]


class Actor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who did it; at least one of the three is set, and a body acts with `unit` alone."""

    person: PersonId | None | UnsetType = UNSET
    post: PostId | None | UnsetType = UNSET
    unit: UnitId | None | UnsetType = UNSET


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper or system a fact was taken from."""

    kind: SourceKind
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    sha256: str | None | UnsetType = UNSET


class Fact(Struct, Generic[D_co], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One immutable fact as the ledger holds it.

    `occurred_at` is what the rules judge by, `recorded_at` when the ledger learned it. `sequence` counts from 1 in each
    district without a gap; 0 stands for a fact that is not recorded yet.
    """

    id: UUID
    district: str
    sequence: int = 0
    type: str
    subject: Case
    occurred_at: Moment
    recorded_at: dt.datetime
    recorded_by: str | None | UnsetType = UNSET
    origin: Origin
    actor: Actor
    on_behalf_of: PersonId | None | UnsetType = UNSET
    under: str | None | UnsetType = UNSET
    source: Source | None | UnsetType = UNSET
    cause: UUID | None | UnsetType = UNSET
    correlation: str | None | UnsetType = UNSET
    classification: Classification
    data: D_co


AnyFact = Fact[FactData]


def case_key(case: Case) -> str:
    """Return a case as `kind/id`, the form in which references are written."""
    return f"{case.kind}/{case.id}"


def decode_moment(wanted: type, given: object) -> object:
    """Read the types that msgspec does not know; the `dec_hook` of every decoder here."""
    if wanted is Moment and isinstance(given, str):
        return Moment(given)
    message = f"Expected `{wanted.__name__}`, got `{type(given).__name__}`"
    raise msgspec.ValidationError(message)


def encode_moment(given: object) -> object:
    """Write the types that msgspec and orjson do not know; the `enc_hook` of every encoder here."""
    if isinstance(given, Moment):
        return given.text
    message = f"cannot write a {type(given).__name__}"
    raise TypeError(message)
