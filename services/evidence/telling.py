"""What the report of a package tells of its facts, gathered while they go by; no more is held than is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, Struct

from events.alert import AlertRaised
from events.fact import case_key
from events.moment import TIME_ZONE, Moment
from events.personal import ERASED_TEXT
from events.record import RecordPersonalDataErased
from events.vocabulary import enum_label, field_types, label
from services.written import moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from events.fact import AnyFact
    from events.field_types import FieldType

MOST_ROWS: Final = 2_000
"""Facts that a report prints; the others stand in facts.jsonl."""
MOST_ALERTS: Final = 500
MOST_WITHHELD: Final = 200
_TOLD_APART: Final = frozenset({"say", "facts", "rulebook_sha256", "policy_sha256", "engine"})
"""What a report tells of an alert in its own place, not in the line of the timeline."""
_SEALED: Final = "sealed:v1:"
SEALED_TEXT: Final = "（个人信息，已加密 personal, sealed）"


class Told(Struct, frozen=True, kw_only=True):
    """One fact as the report prints it; `says` are pairs of a field's name and its value."""

    sequence: int
    occurred: str
    recorded: str
    late: bool
    zh: str
    en: str
    case: str
    actors: tuple[str, ...]
    says: tuple[tuple[str, str], ...]


class ToldAlert(Struct, frozen=True, kw_only=True):
    """One alert as the report prints it; `facts` are the sequences that prove it, so far as the package holds them."""

    sequence: int
    rule: str
    article: str
    severity: str
    about: str
    zh: str
    en: str
    rulebook: str
    rulebook_sha256: str
    facts: tuple[UUID, ...]


class ToldErasure(Struct, frozen=True, kw_only=True):
    """One destruction of a person's key as the report prints it."""

    sequence: int
    person: str
    basis: str
    reason: str
    occurred: str


class Telling:
    """Gathers what the report prints."""

    def __init__(self) -> None:
        self.rows: list[Told] = []
        self.alerts: list[ToldAlert] = []
        self.erasures: list[ToldErasure] = []
        self.withheld: list[int] = []
        self.facts = self.withheld_facts = self.alerts_raised = 0
        self.sequences: dict[UUID, int] = {}

    def wants(self, type_: str) -> bool:
        """Tell whether a fact of a type has to be read for the report."""
        return (
            len(self.rows) < MOST_ROWS
            or type_ == RecordPersonalDataErased.TYPE.name
            or (type_ == AlertRaised.TYPE.name and self.alerts_raised < MOST_ALERTS)
        )

    def take(self, fact: AnyFact) -> None:
        """Take in a fact that is shown."""
        if len(self.rows) < MOST_ROWS:
            self.sequences[fact.id] = fact.sequence
            self.rows.append(told(fact))
        match fact.data:
            case AlertRaised() if len(self.alerts) < MOST_ALERTS:
                self.alerts.append(_alert(fact, fact.data))
            case RecordPersonalDataErased() as act:
                self.erasures.append(
                    ToldErasure(
                        sequence=fact.sequence,
                        person=fact.subject.id,
                        basis=act.basis,
                        reason=act.reason,
                        occurred=fact.occurred_at.text,
                    )
                )
            case _:
                pass

    def withhold(self, sequence: int) -> None:
        """Take in that a fact is there as its leaf alone."""
        self.withheld_facts += 1
        if len(self.withheld) < MOST_WITHHELD:
            self.withheld.append(sequence)

    def with_erasures(self) -> list[Told]:
        """Return the rows; where a person's key was destroyed within the package, the sealed texts say so."""
        acts = {f"person/{one.person}": one.sequence for one in self.erasures}
        return [_erased(row, acts[row.case]) if row.case in acts else row for row in self.rows]


def told(fact: AnyFact) -> Told:
    """Return a fact as the report prints it."""
    zh, en = label(fact.type)
    actor = fact.actor
    named = tuple(one for one in (actor.person, actor.post, actor.unit) if isinstance(one, str))
    recorded = fact.recorded_at.astimezone(TIME_ZONE)
    return Told(
        sequence=fact.sequence,
        occurred=fact.occurred_at.text,
        recorded=recorded.isoformat(timespec="seconds"),
        late=recorded.date() > fact.occurred_at.day,
        zh=zh,
        en=en,
        case=case_key(fact.subject),
        actors=named,
        says=tuple(_says(fact)),
    )


def _erased(row: Told, act: int) -> Told:
    said = tuple(
        (name, f"{ERASED_TEXT} 依据第 {act} 号 by fact {act}" if value == SEALED_TEXT else value)
        for name, value in row.says
    )
    return Told(**{name: getattr(row, name) for name in row.__struct_fields__ if name != "says"}, says=said)


def _says(fact: AnyFact) -> Iterator[tuple[str, str]]:
    apart = _TOLD_APART if isinstance(fact.data, AlertRaised) else frozenset()
    for name, field in field_types(fact.type).items():
        if name in apart:
            continue
        value = getattr(fact.data, "from_" if name == "from" else name, None)
        if value is not None and value is not UNSET:
            yield field.zh or name, _text(field, value)


def _text(field: FieldType, value: Any) -> str:  # noqa: ANN401  a field of any type
    if isinstance(value, tuple):
        return "、".join(_text(field, one) for one in value)
    if field.fields is not None:
        parts = (
            (one.zh or name, one, getattr(value, "from_" if name == "from" else name, None))
            for name, one in field.fields.items()
        )
        return "；".join(
            f"{zh} {_text(one, part)}" for zh, one, part in parts if part is not None and part is not UNSET
        )
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Moment):
        return moment(value.text, seconds=True).striptags()
    text = str(value)
    if field.personal and text.startswith(_SEALED):
        return SEALED_TEXT
    return enum_label(field.enum, text)[0] if field.enum else text


def _alert(fact: AnyFact, alert: AlertRaised) -> ToldAlert:
    return ToldAlert(
        sequence=fact.sequence,
        rule=alert.rule,
        article=alert.article,
        severity=enum_label("severity", alert.severity)[0],
        about=alert.about,
        zh=alert.say.zh,
        en=alert.say.en,
        rulebook=alert.rulebook,
        rulebook_sha256=alert.rulebook_sha256,
        facts=alert.facts,
    )
