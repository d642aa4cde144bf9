"""What the API hands out: the shapes of its answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Literal

from msgspec import Struct

from projections.effects import Effect
from projections.replay.answer import Replay
from projections.replay.recomputation import Recomputation
from projections.views.description import Description
from services.alerts.listing import Listed
from services.http.problems import Detail
from services.policy.explaining import Explained
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


class Serving(Struct, frozen=True, kw_only=True):
    """The service has started and takes requests."""

    status: Literal["serving"]


class Ready(Struct, frozen=True, kw_only=True):
    """How far the watch is behind the ledger: facts not yet judged, and the age of the oldest of them in seconds."""

    status: Literal["ready", "behind"]
    lag_facts: int
    lag_seconds: float


class PreviewShown(Struct, frozen=True, kw_only=True):
    """What would become of facts, as of a sequence number: what they would be refused for, else what they change.

    `at` is the moment up to which time was let pass, `unjudged` names facts that could not be judged by their place.
    """

    through: int
    problems: tuple[Detail, ...]
    changes: tuple[Effect, ...]
    at: dt.datetime | None
    unjudged: tuple[int, ...]


class ViewsShown(Struct, frozen=True, kw_only=True):
    """Every view of a district that the caller may read: its columns, filters and orders."""

    district: str
    views: tuple[Description, ...]


class RunningShown(Struct, frozen=True, kw_only=True):
    """An obligation that still runs; `facts` are the ids of the facts that it rests on."""

    rule: str
    state: str
    party: str | None
    period: str | None
    opened_at: str | None
    due_at: str | None
    provisional: bool
    facts: tuple[str, ...]


class Timeline(Struct, frozen=True, kw_only=True):
    """A case as the caller may see it: facts, alerts about it, and what still runs.

    `version` counts the facts of the case, and is what If-Match takes; it is absent where some are not for the caller.
    `next` is the sequence after which the facts go on.
    """

    district: str
    case: str
    version: int | None
    facts: tuple[dict[str, Any], ...]
    next: int | None
    alerts: tuple[Listed, ...]
    running: tuple[RunningShown, ...]


class AlertPage(Struct, frozen=True, kw_only=True):
    """Alerts, the most pressing first; `total` counts all that the filters leave."""

    alerts: tuple[Listed, ...]
    total: int
    next: str | None


class AlertLife(Struct, frozen=True, kw_only=True):
    """One alert and the facts of its life in order."""

    alert: Listed
    facts: tuple[dict[str, Any], ...]


class RulebookShown(Struct, frozen=True, kw_only=True):
    """One version of a district's work rules; `sha256` is the hash of its files as they judge."""

    rulebook: str
    district: str
    title: str
    document: str
    in_force_from: str
    in_force_until: str | None
    rules: int
    provisions: int
    sha256: str


class Rulebooks(Struct, frozen=True, kw_only=True):
    """The rulebooks in this program."""

    rulebooks: tuple[RulebookShown, ...]


class Provisions(Struct, frozen=True, kw_only=True):
    """The provisions of a district's rules, as `taizhang rules --json` lists them."""

    provisions: tuple[dict[str, Any], ...]


class ArticleWords(Struct, frozen=True, kw_only=True):
    """The paragraphs of an article; none when no text is at hand, or another than the one the rules were read from."""

    district: str
    article: str
    paragraphs: tuple[str, ...]


class SubjectShown(Struct, frozen=True):
    """A subject on which the districts can be set side by side."""

    subject: str
    zh: str
    en: str


class Subjects(Struct, frozen=True):
    """Every such subject."""

    subjects: tuple[SubjectShown, ...]


class PolicyLinted(Struct, frozen=True):
    """House settings in which nothing is wrong: their name, and the hash under which they would be adopted."""

    policy: str
    sha256: str


class AccessPage(Struct, frozen=True, kw_only=True):
    """Facts of the access ledger; `next` is the sequence after which they go on."""

    facts: tuple[dict[str, Any], ...]
    next: int | None


class CheckpointsShown(Struct, frozen=True, kw_only=True):
    """Of which sizes there are checkpoints, from small to large."""

    district: str
    sizes: tuple[int, ...]


DOCUMENTS: Final = (
    CheckpointsShown,
    RecordedShown,
    Alive,
    Serving,
    Ready,
    PreviewShown,
    Timeline,
    Replay,
    Recomputation,
    AlertPage,
    AlertLife,
    Rulebooks,
    Provisions,
    ArticleWords,
    Subjects,
    AccessPage,
    PolicyLinted,
    Explained,
    ViewsShown,
    ViewPage,
)
"""Each of them is described in OpenAPI."""
