"""The answer to a replay, as it is handed out."""

from __future__ import annotations

import msgspec

from projections.findings import Told
from projections.replay.differences import Differences
from projections.replay.entries import Found, Knew, Line, Note, Obligation
from projections.replay.recomputation import Recomputation
from projections.replay.what_if import WhatIf


class RulebookNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A rulebook by which it was judged; `in_force_until` is null where no end is known."""

    name: str
    title: str
    document: str
    sha256: str
    in_force_from: str
    in_force_until: str | None
    replaces: Told | None


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """By what it was judged: program, house settings, published calendar, rulebooks."""

    engine: str
    policy_sha256: str
    calendar_sha256: str
    rulebooks: tuple[RulebookNamed, ...]


class NextFinding(msgspec.Struct, frozen=True, kw_only=True):
    """The first moment after the one looked at in which something new is found; the findings that are new then."""

    at: str
    findings: tuple[Found, ...]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What stood as of a moment; `case` is null for the whole district.

    `through` is the last sequence that counts, `head` the last there is, `facts` how many count. `judged_at` is the
    hour of the judgements. `differences` stands where two moments are compared, `recomputation` and `what_if` where
    they were asked for.
    """

    district: str
    case: str | None
    known_at: str | None
    true_at: str | None
    judged_at: str
    through: int
    head: int
    facts: int
    basis: Basis
    timeline: tuple[Line, ...]
    obligations: tuple[Obligation, ...]
    findings: tuple[Found, ...]
    people: tuple[Knew, ...]
    refers_to: tuple[str, ...]
    notes: tuple[Note, ...]
    differences: Differences | None = None
    next_finding: NextFinding | None = None
    recomputation: Recomputation | None = None
    what_if: WhatIf | None = None
