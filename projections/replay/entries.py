"""The lines of a replayed timeline, and the obligations and findings beside it, as they are handed out."""

from __future__ import annotations

from typing import Literal

import msgspec

from projections.findings import Told


class Who(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who acted in a fact: person, post or unit by id, and for whom."""

    person: str | None = None
    post: str | None = None
    unit: str | None = None
    on_behalf_of: str | None = None


class FactLine(msgspec.Struct, frozen=True, kw_only=True, tag="fact", tag_field="line"):
    """A fact with both its times; `late` when it was recorded on a later day than it occurred.

    `struck_by` and `strikes` are sequence numbers: the correction by which it no longer counts, and what it struck out.
    """

    at: str
    recorded_at: str
    sequence: int
    id: str
    type: str
    zh: str
    en: str
    case: str
    who: Who
    recorded_by: str | None
    origin: str
    classification: str
    late: bool
    struck_by: int | None
    strikes: int | None
    says: dict[str, str]


class ObligationLine(msgspec.Struct, frozen=True, kw_only=True, tag="obligation", tag_field="line"):
    """An obligation opened, fell due without being kept, or was closed, by facts named by sequence."""

    at: str
    step: Literal["opened", "due", "closed"]
    rule: str
    article: str
    party: str | None
    due_at: str | None
    facts: tuple[int, ...]


class FindingLine(msgspec.Struct, frozen=True, kw_only=True, tag="finding", tag_field="line"):
    """The moment from which a finding could be made."""

    at: str
    rule: str
    article: str
    outcome: str
    severity: str
    party: str | None
    facts: tuple[int, ...]


class IdleLine(msgspec.Struct, frozen=True, kw_only=True, tag="idle", tag_field="line"):
    """A stretch in which nothing happened: the working days between two facts, neither of their days counted.

    `until` is null where it lasts to the moment looked at.
    """

    at: str
    until: str | None
    working_days: int
    days: int
    provisional: bool


Line = FactLine | ObligationLine | FindingLine | IdleLine


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation: opened and closed by which facts; `closed_at` is null while it runs, or was never kept."""

    rule: str
    article: str
    modality: str
    subject: str
    party: str | None
    period: str | None
    state: str
    opened_at: str | None
    opened_by: int
    due_at: str | None
    provisional: bool
    closed_at: str | None
    closed_by: tuple[int, ...]
    facts: tuple[int, ...]
    say: Told


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that proves a finding."""

    sequence: int
    id: str


class AlertStep(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded step in the life of an alert, by the last word of its type."""

    step: str
    sequence: int
    recorded_at: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with article, explanation and proof; `alert` is the id its alert has, `steps` what is recorded of it.

    `before_force` tells, where the rulebook is only supposed, that the act came before its day in force.
    """

    rule: str
    rulebook: str
    article: str
    outcome: str
    modality: str
    severity: str
    subject: str
    party: str | None
    period: str | None
    opened_at: str | None
    due_at: str | None
    provisional: bool
    happened_at: str | None
    facts: tuple[int, ...]
    proof: tuple[Proof, ...]
    missing: tuple[str, ...]
    say: Told
    alert: str
    steps: tuple[AlertStep, ...]
    before_force: bool = False


class Knew(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who acted or knew: since when, by which fact, and how."""

    who: str
    how: Literal["acted", "on_behalf", "recorded", "told"]
    since: str
    sequence: int
    type: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be known about the answer itself; `code` is stable, `facts` are sequence numbers."""

    code: str
    zh: str
    en: str
    facts: tuple[int, ...] = ()
