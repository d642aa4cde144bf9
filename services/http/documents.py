"""What the API hands out: the shapes of its answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal

from msgspec import Struct

from projections.views.description import Description
from services.views.asking import ViewPage


class ReceiptShown(Struct, frozen=True, kw_only=True):
    """Proof that a fact is in the ledger; `leaf` and `root` are hexadecimal."""

    id: str
    sequence: int
    recorded_at: dt.datetime
    leaf: str
    root: str


class RecordedShown(Struct, frozen=True, kw_only=True):
    """What became of a request: recorded now, or repeated with the first receipts again."""

    status: Literal["recorded", "repeated"]
    receipts: tuple[ReceiptShown, ...]


class Alive(Struct, frozen=True, kw_only=True):
    """The service answers."""

    status: Literal["alive"]


class Ready(Struct, frozen=True, kw_only=True):
    """How far the watch is behind the ledger: facts not yet judged, and the age of the oldest of them in seconds."""

    status: Literal["ready", "behind"]
    lag_facts: int
    lag_seconds: float


class PreviewShown(Struct, frozen=True, kw_only=True):
    """What would become of facts, as of a sequence number: what they would be refused for, else what they change."""

    through: int
    problems: tuple[Any, ...]
    changes: tuple[Any, ...]


class ViewsShown(Struct, frozen=True, kw_only=True):
    """Every view of a district that the caller may read: its columns, filters and orders."""

    district: str
    views: tuple[Description, ...]


DOCUMENTS: Final = (RecordedShown, Alive, Ready, PreviewShown, ViewsShown, ViewPage)
"""Each of them is described in OpenAPI."""
