"""What is impossible of countersigns, absences, papers and tasks: done, and refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from events.fact import AnyFact
from events.vocabulary import FACTS
from services.recording.decide.table import DECISIONS, NEED_NONE
from tests.services.recording.acts import (
    act,
    away,
    codes,
    imported,
    planned,
    replied,
    requested,
)

INSTANT = "2026-10-09T10:00:00+08:00"


def task() -> AnyFact:
    return act("instruction.issued", "t-1", kind="assignment", content="启动改造", units=["u-housing"])


def drafted(case: str = "d-1") -> AnyFact:
    return act(
        "document.drafted", case, title="通知", kind="notice", in_name_of="government", issuers=["u-gov"],
        drafter="u-housing", direction="down", fields=["construction"], version="1",
    )  # fmt: skip


def issued(number: str = "信府发〔2026〕12号") -> AnyFact:
    return act("document.issued", "d-1", number=number, dated="2026-10-08", printed_on="2026-10-09", channel="paper")


def approved(about: str = "matter/m-14") -> AnyFact:
    return act("approval.given", "ap-1", kind="review", about=about, level="leader_in_charge")


DONE: dict[str, Sequence[AnyFact]] = {
    "a countersign with replies, an extension, and a reply after the close": (
        requested(),
        act("countersign.received", "cs-1", department="u-land", complete=True),
        replied("u-land"),
        act("countersign.extension_agreed", "cs-1", department="u-finance", until="2026-10-19"),
        act("countersign.closed", "cs-1", summary="无异议"),
        replied("u-finance", stance="object"),
    ),
    "a unit changes its mind on the same day": (requested(), replied(), replied(stance="object", opinion="不同意")),
    "a leader who was asked replies for the government": (
        requested(leaders=["p-li"]),
        replied("u-gov", signed_by="p-li"),
    ),
    "an imported reply to a request that nobody recorded": (
        imported("countersign.replied", "cs-9", department="u-x", stance="agree"),
    ),
    "a request asked anew of further units": (requested(), requested("cs-1", "u-water"), replied("u-water")),
    "a request withdrawn from one unit, then from the other": (
        requested(),
        act("countersign.withdrawn", "cs-1", departments=["u-land"], reason="不再涉及"),
        act("countersign.withdrawn", "cs-1", departments=["u-finance"], reason="不再涉及"),
    ),
    "an absence with departure and early return": (
        away(),
        act("absence.departed", "a-1", "2026-10-08"),
        act("absence.returned", "a-1", "2026-10-09"),
    ),
    "a departure recorded after the return": (
        away(),
        act("absence.returned", "a-1", "2026-10-09"),
        act("absence.departed", "a-1", "2026-10-08"),
    ),
    "days changed before an absence was called off, recorded after that": (
        away(),
        act("absence.cancelled", "a-1", "2026-10-02", reason="改期"),
        act("absence.changed", "a-1", "2026-10-01", from_="2026-10-09", until="2026-10-12", reason="改期"),
    ),
    "a return of which the departure was never recorded": (away(), act("absence.returned", "a-1", "2026-10-09")),
    "a leave approved by somebody who may not, a breach and no impossibility": (
        away(),
        act("absence.approved", "a-1", from_="2026-10-08", until="2026-12-12", envelope={"actor": {"person": "p-li"}}),
    ),
    "a document issued, published twice and ended": (
        drafted(),
        issued(),
        act("document.published", "d-1", channels=["portal"]),
        act("document.published", "d-1", channels=["newspaper"]),
        act("document.ended", "d-1", ended_on="2026-10-09", reason="废止"),
    ),
    "minutes withdrawn and drafted anew": (
        planned(),
        *(
            act("minutes.drafted", "jy-1", meeting="meeting/zw-18", drafter="u-office", decisions=["1.1"]),
            act("minutes.issued", "jy-1", number="〔2026〕18号"),
            act("minutes.withdrawn", "jy-1", reason="有误"),
            act("minutes.drafted", "jy-1", meeting="meeting/zw-18", drafter="u-office", decisions=["1.1", "1.2"]),
            act("minutes.issued", "jy-1", number="〔2026〕18号", to_units=["u-housing"]),
        ),
    ),
    "an instruction signed for by a unit that was assigned later": (
        task(),
        act("instruction.assigned", "t-1", lead="u-land", co_units=["u-water"]),
        act("instruction.received", "t-1", unit="u-water"),
        act("instruction.completed", "t-1", unit="u-land", summary="完成"),
        act("instruction.closed", "t-1", dropped=False),
    ),
    "two reminders on one day": (
        task(),
        act("instruction.reminded", "t-1", kind="reminder", unit="u-housing"),
        act("instruction.reminded", "t-1", kind="reminder", unit="u-housing", nth=1),
    ),
    "minutes of a meeting that only the import knows": (
        imported("minutes.drafted", "jy-2", meeting="meeting/other", drafter="u-office", decisions=["1"]),
    ),
}


@pytest.mark.parametrize("facts", DONE.values(), ids=DONE)
def test_what_is_possible_is_recorded(facts: Sequence[AnyFact]) -> None:
    assert codes(*facts) == []


REFUSED: dict[str, tuple[Sequence[AnyFact], str, str | None]] = {
    "a reply to a request that does not exist": ((replied(),), "case_not_open", "subject.id"),
    "a reply by a unit that was never asked": ((requested(), replied("u-water")), "never_asked", "data.department"),
    "a receipt by a unit that was never asked": (
        (requested(), act("countersign.received", "cs-1", department="u-water", complete=True)),
        "never_asked",
        "data.department",
    ),
    "more time for a unit that was never asked": (
        (requested(), act("countersign.extension_agreed", "cs-1", department="u-water", until="2026-10-19")),
        "never_asked",
        "data.department",
    ),
    "a request withdrawn from a unit that was never asked": (
        (requested(), act("countersign.withdrawn", "cs-1", departments=["u-water"], reason="不再涉及")),
        "never_asked",
        "data.departments",
    ),
    "a request withdrawn twice": (
        (
            requested(),
            act("countersign.withdrawn", "cs-1", reason="撤回"),
            act("countersign.withdrawn", "cs-1", reason="再撤"),
        ),
        "already",
        "type",
    ),
    "a countersign closed twice": (
        (requested(), act("countersign.closed", "cs-1", summary="一"), act("countersign.closed", "cs-1", summary="二")),
        "already",
        "type",
    ),
    "a return before the departure": (
        (away(), act("absence.departed", "a-1", "2026-10-09"), act("absence.returned", "a-1", "2026-10-08")),
        "out_of_order",
        "occurred_at",
    ),
    "a departure after the return": (
        (away(), act("absence.returned", "a-1", "2026-10-08"), act("absence.departed", "a-1", "2026-10-09")),
        "out_of_order",
        "occurred_at",
    ),
    "a second departure": (
        (away(), act("absence.departed", "a-1", "2026-10-08"), act("absence.departed", "a-1", "2026-10-09")),
        "already",
        "type",
    ),
    "an absence of another person": ((away(), away(person="p-sun")), "contradicts", "data.person"),
    "a departure from an absence called off": (
        (away(), act("absence.cancelled", "a-1", reason="改期"), act("absence.departed", "a-1", "2026-10-08")),
        "contradicts",
        "type",
    ),
    "an absence called off and registered again": (
        (away(), act("absence.cancelled", "a-1", "2026-10-01", reason="改期"), away(nth=1)),
        "contradicts",
        "type",
    ),
    "other days for an absence called off": (
        (
            away(),
            act("absence.cancelled", "a-1", "2026-10-02", reason="改期"),
            act("absence.changed", "a-1", "2026-10-03", from_="2026-10-09", until="2026-10-12", reason="改期"),
        ),
        "contradicts",
        "type",
    ),
    "an absence called off twice": (
        (away(), act("absence.cancelled", "a-1", reason="改期"), act("absence.cancelled", "a-1", reason="取消")),
        "already",
        "type",
    ),
    "an absence called off after it began": (
        (away(), act("absence.departed", "a-1", "2026-10-08"), act("absence.cancelled", "a-1", reason="改期")),
        "contradicts",
        "type",
    ),
    "an absence that ends before it begins": (
        (
            act(
                "absence.registered",
                "a-2",
                person="p-li",
                kind="personal_leave",
                reason="事假",
                from_="2026-10-09",
                until="2026-10-08",
            ),
        ),
        "end_before_begin",
        "data.until",
    ),
    "a second number for one document": ((drafted(), issued(), issued("信府发〔2026〕13号")), "already", "type"),
    "a validity that ends before it begins": (
        (drafted(), act("document.effective_date_set", "d-1", effective_on="2026-11-01", until="2026-10-31")),
        "end_before_begin",
        "data.until",
    ),
    "a document that supersedes itself": (
        (
            act(
                "document.drafted",
                "d-1",
                title="通知",
                kind="notice",
                in_name_of="government",
                issuers=["u-gov"],
                drafter="u-x",
                direction="down",
                fields=["f"],
                version="1",
                supersedes=["document/d-1"],
            ),
        ),
        "refers_to_itself",
        "data.supersedes",
    ),
    "minutes of a meeting that nobody planned": (
        (act("minutes.drafted", "jy-1", meeting="meeting/none", drafter="u-office", decisions=["1"]),),
        "unknown_case",
        "data.meeting",
    ),
    "a decision quoted of a meeting that nobody planned": (
        (
            act(
                "instruction.issued",
                "t-1",
                kind="meeting_decision",
                content="启动",
                units=["u-x"],
                about="meeting/none",
                decision="1.1",
            ),
        ),
        "unknown_case",
        "data.about",
    ),
    "minutes of two meetings": (
        (
            planned(),
            planned("zw-19"),
            act("minutes.drafted", "jy-1", meeting="meeting/zw-18", drafter="u-o", decisions=["1"]),
            act("minutes.drafted", "jy-1", meeting="meeting/zw-19", drafter="u-o", decisions=["1"]),
        ),
        "contradicts",
        "data.meeting",
    ),
    "an approval about two things": ((approved(), approved("matter/m-15")), "contradicts", "data.about"),
    "a completion by a unit that was never given the item": (
        (task(), act("instruction.completed", "t-1", unit="u-water", summary="完成")),
        "never_asked",
        "data.unit",
    ),
    "an item struck off twice": (
        (task(), act("instruction.closed", "t-1", dropped=False), act("instruction.closed", "t-1", dropped=True)),
        "already",
        "type",
    ),
    "an act of the future": ((act("concern.closed", "c-1", "2026-10-21", solved=True),), "in_future", "occurred_at"),
    "the same act of the same moment under another id": (
        (requested(), replied(at=INSTANT), replied(at=INSTANT, nth=1)),
        "duplicate",
        "id",
    ),
}


@pytest.mark.parametrize(("facts", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_impossible_is_refused_for_its_last_fact(
    facts: Sequence[AnyFact], code: str, field: str | None
) -> None:
    assert codes(*facts) == [(len(facts) - 1, code, field)]


@pytest.mark.parametrize("make", [lambda: act("concern.closed", "c-9", "2026-10-20T09:06:00+08:00", solved=True)])
def test_an_office_clock_may_be_a_few_minutes_ahead_and_no_more(make: Callable[[], AnyFact]) -> None:
    registered = act("concern.registered", "c-9", kind="letter", title="来信")
    assert codes(registered, make()) == [(1, "in_future", "occurred_at")]


def test_every_type_of_the_vocabulary_has_its_decision_or_is_listed_as_needing_none() -> None:
    assert [type_ for type_ in FACTS if (type_ in DECISIONS) == (type_ in NEED_NONE)] == []
    assert {*DECISIONS, *NEED_NONE} == {*FACTS}
