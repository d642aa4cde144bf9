"""Countersigns (会签征求意见): what was asked of each unit and leader, and what each answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from events.countersign import (
    CountersignClosed,
    CountersignExtensionAgreed,
    CountersignMaterialsReturned,
    CountersignReceived,
    CountersignReplied,
    CountersignRequested,
    CountersignWithdrawn,
)
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("asked", "待回复", "waiting for a reply"),
    ("returned", "材料退补", "material sent back"),
    ("replied", "已回复", "replied"),
    ("unanswered", "办结时未回复", "not answered when the round was closed"),
    ("withdrawn", "已撤回", "withdrawn"),
)
_WAITING: Final = frozenset({"unknown", "asked", "returned"})


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    parties: dict[str, dict[str, Value]] = {}
    common: dict[str, Value] = {"countersign": case}
    for fact in facts:
        _take(fact, parties, common)
    common["classification"] = class_of(facts)
    return [Row(f"{case}|{party}", {**common, **values, "party": party}) for party, values in parties.items()]


def _take(fact: AnyFact, parties: dict[str, dict[str, Value]], common: dict[str, Value]) -> None:
    data, at = fact.data, fact.occurred_at.text
    match data:
        case CountersignRequested():
            common.update(
                kind=data.kind,
                about=data.about,
                sponsor=data.sponsor,
                asked_at=at,
                version=told(data.version),
                limit_at=told(data.reply_by),
            )
            for party in (*data.departments, *many(data.leaders)):
                _of(parties, party, standing="asked")
        case CountersignReceived():
            stands = "asked" if _of(parties, data.department)["standing"] in _WAITING else None
            _of(parties, data.department, received_at=at, complete=data.complete, standing=stands)
        case CountersignMaterialsReturned():
            _of(parties, data.department, standing="returned", returned_at=at)
        case CountersignReplied():
            _of(
                parties,
                _who(fact, parties, data.department),
                standing="replied",
                replied_at=at,
                stance=data.stance,
                opinion=told(data.opinion),
                signed_by=told(data.signed_by),
            )
        case CountersignExtensionAgreed():
            _of(parties, data.department, extended_until=data.until.text)
        case CountersignClosed():
            _end(parties, "unanswered", at, parties)
        case CountersignWithdrawn():
            _end(parties, "withdrawn", at, many(data.departments) or parties)
        case _:
            pass


def _of(parties: dict[str, dict[str, Value]], party: str, **changes: Value) -> dict[str, Value]:
    values = parties.setdefault(party, {"standing": "unknown"})
    values.update({name: value for name, value in changes.items() if value is not None})
    return values


def _who(fact: AnyFact, parties: dict[str, dict[str, Value]], department: str) -> str:
    """Return for whom a reply speaks: a leader who was asked answers in his own name."""
    person = fact.actor.person
    return person if person is not None and person is not UNSET and person in parties else department


def _end(parties: dict[str, dict[str, Value]], standing: str, at: str, wanted: Iterable[str]) -> None:
    for party in list(wanted):
        if party in parties and parties[party]["standing"] in _WAITING:
            _of(parties, party, standing=standing, ended_at=at)


COUNTERSIGNS: Final = View(
    Description(
        name="countersigns",
        zh="会签征求意见",
        en="Countersigns and opinions",
        version=1,
        columns=(
            column("countersign", "会签", "Countersign", "case"),
            column("party", "征求对象", "Asked of", "party"),
            of_list("kind", "种类", "Kind", "countersign_kind"),
            column("about", "对象", "About", "case"),
            column("sponsor", "主办单位", "Lead unit", "unit"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("asked_at", "发出时间", "Asked", "moment"),
            column("received_at", "收到时间", "Received", "moment"),
            column("complete", "材料齐备", "Material complete", "yes_no"),
            column("returned_at", "退补时间", "Material sent back", "moment"),
            column("limit_at", "所定时限", "Limit stated", "moment"),
            column("extended_until", "延至", "Extended until", "moment"),
            column("replied_at", "回复时间", "Replied", "moment"),
            of_list("stance", "态度", "Position", "stance"),
            column("opinion", "意见", "Opinion"),
            column("signed_by", "签字人", "Signed by", "person"),
            column("ended_at", "终止时间", "Ended", "moment"),
            column("version", "征求意见稿版本", "Version"),
            CLASSIFICATION,
        ),
        filters=(*is_("countersign", "about", "party", "sponsor", "standing", "stance"), *between("asked_at")),
        orders=(Order(name="asked", column="asked_at", zh="发出时间", en="latest asked first", descending=True),),
    ),
    of_case=OfCase(frozenset({"countersign"}), _rows),
)
