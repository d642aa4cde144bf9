"""What is impossible, kind of case by kind of case: done, and refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from events.fact import AnyFact
from events.vocabulary import FACTS
from services.recording.decide.table import DECISIONS, NEED_NONE
from tests.services.recording.acts import (
    Given,
    act,
    attended,
    away,
    codes,
    imported,
    opened,
    planned,
    replied,
    requested,
)

INSTANT = "2026-10-09T10:00:00+08:00"


def task() -> AnyFact:
    return act("instruction.issued", "t-1", kind="assignment", content="启动改造", units=["u-housing"])


def appointed(**data: Given) -> AnyFact:
    return act(
        "roster.person_appointed",
        "post-1",
        **{"person": "p-li", "held_as": "substantive", "from_": "2026-01-05", **data},
    )


def post() -> AnyFact:
    return act("roster.post_established", "post-1", "2026-01-04", title="副区长", unit="u-gov", role="deputy_head")


def left(person: str = "p-li", on: str = "2026-08-01") -> AnyFact:
    return act("roster.person_left_post", "post-1", person=person, left_on=on, leaving_reason="transferred")


def series() -> AnyFact:
    return act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2026)


def reserved(serial: int, document: str = "document/d-1") -> AnyFact:
    return act("series.number_reserved", "s-1", serial=serial, document=document)


def voided(serial: int, reason: str = "停止印发") -> AnyFact:
    return act("series.number_voided", "s-1", serial=serial, reason=reason)


def drafted(case: str = "d-1") -> AnyFact:
    return act(
        "document.drafted", case, title="通知", kind="notice", in_name_of="government", issuers=["u-gov"],
        drafter="u-housing", direction="down", fields=["construction"], version="1",
    )  # fmt: skip


def issued(number: str = "信府发〔2026〕12号") -> AnyFact:
    return act("document.issued", "d-1", number=number, dated="2026-10-08", printed_on="2026-10-09", channel="paper")


def agenda(*items: int) -> AnyFact:
    entries = [{"item": item, "matter": f"matter/m-{place}", "kind": "ordinary"} for place, item in enumerate(items)]
    return act("meeting.agenda_approved", "zw-18", agenda=entries)


def decided(matter: str = "matter/m-14", nth: int = 0) -> AnyFact:
    return act(
        "meeting.decision_made", "zw-18", "2026-10-19", nth=nth,
        item=1, matter=matter, decision="1.1", outcome="adopted",
    )  # fmt: skip


def plan(*entries: str) -> AnyFact:
    return act(
        "plan.adopted", "pl-1", kind="meetings", year=2026, unit="u-office",
        entries=[{"entry": one, "title": "全会", "unit": "u-office"} for one in entries],
    )  # fmt: skip


def visit() -> AnyFact:
    return act(
        "visit.planned",
        "v-1",
        kind="research_trip",
        title="调研",
        host="u-office",
        from_="2026-10-08",
        until="2026-10-09",
    )


def approved(about: str = "matter/m-14") -> AnyFact:
    return act("approval.given", "ap-1", kind="review", about=about, level="leader_in_charge")


def notice(**data: Given) -> AnyFact:
    given = {"year": 2026, "number": "国办发明电〔2025〕7号", "days_off": ["2026-10-01"], "workdays": ["2026-10-10"]}
    return act("calendar.notice_adopted", "2026", **{**given, **data})


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
    "a meeting from plan to close": (
        planned(),
        agenda(1, 2),
        opened(),
        decided(),
        act("meeting.closed", "zw-18", "2026-10-19", minutes_need="required"),
    ),
    "an attendance list typed in after the close": (
        planned(),
        opened(),
        act("meeting.closed", "zw-18", "2026-10-19T11:00:00+08:00", minutes_need="required"),
        attended("p-sun"),
    ),
    "a person present for one item and absent for another": (
        planned(),
        attended("p-sun", items=[1]),
        attended("p-sun", items=[2], present=False),
    ),
    "a meeting called off and planned anew": (
        planned(),
        act("meeting.cancelled", "zw-18", reason="防汛"),
        act("meeting.rescheduled", "zw-18", starts_at="2026-10-19", reason="改期"),
        opened(),
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
    "a post taken up, left and taken up again": (
        post(),
        appointed(),
        left(),
        appointed(from_="2026-09-01"),
        left(on="2026-10-01"),
    ),
    "numbers reserved with a gap": (series(), reserved(1), reserved(3), voided(1), voided(7)),
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
    "a plan changed": (
        plan("1", "2"),
        act(
            "plan.changed",
            "pl-1",
            removed=["2"],
            added=[{"entry": "3", "title": "全会", "unit": "u-office"}],
            reason="调整",
        ),
    ),
    "a local day off in a year whose notice nobody adopted": (
        act("calendar.local_day_declared", "2026", days=["2026-08-12"], effect="day_off", reason="台风"),
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
    "a second opening": ((planned(), opened(), opened(at="2026-10-19T09:30:00+08:00")), "already", "type"),
    "a decision of a meeting that was never planned": ((decided(),), "case_not_open", "subject.id"),
    "a decision of a meeting that was called off": (
        (planned(), act("meeting.cancelled", "zw-18", reason="防汛"), decided()),
        "contradicts",
        "type",
    ),
    "a meeting called off after it was held": (
        (planned(), opened(), act("meeting.cancelled", "zw-18", reason="防汛")),
        "contradicts",
        "type",
    ),
    "a close before the opening": (
        (planned(), opened(), act("meeting.closed", "zw-18", "2026-10-19T08:00:00+08:00", minutes_need="none")),
        "out_of_order",
        "occurred_at",
    ),
    "an opening after the close": (
        (planned(), act("meeting.closed", "zw-18", "2026-10-18", minutes_need="none"), opened()),
        "out_of_order",
        "occurred_at",
    ),
    "an agenda with an item twice": ((planned(), agenda(1, 2, 1)), "twice_in_one", "data.agenda"),
    "a person present and absent at one moment": (
        (planned(), attended("p-sun"), attended("p-sun", present=False)),
        "contradicts",
        "data.present",
    ),
    "a decision key for two matters": (
        (planned(), decided(), decided("matter/m-15", 1)),
        "contradicts",
        "data.decision",
    ),
    "somebody back who never left": (
        (planned(), opened(), act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun")),
        "never_asked",
        "data.person",
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
    "leaving a post that the person never held": ((post(), appointed(), left("p-sun")), "never_asked", "data.person"),
    "leaving a post twice": ((post(), appointed(), left(), left(on="2026-08-02")), "already", "type"),
    "leaving a post before taking it up": (
        (post(), appointed(), left(on="2026-01-01")),
        "end_before_begin",
        "data.left_on",
    ),
    "taking up a post that was abolished": (
        (
            post(),
            act("roster.post_abolished", "post-1", "2026-01-06", reason="机构改革"),
            appointed(from_="2026-02-01"),
        ),
        "contradicts",
        "data.from",
    ),
    "a person as his own partner": (
        (act("roster.ab_arranged", "ab-1", ab_form="mutual", members=["p-li", "p-li"], from_="2026-01-01"),),
        "twice_in_one",
        "data.members",
    ),
    "entrusting oneself": (
        (act("entrustment.given", "e-1", kind="portfolio", by="p-li", to="p-li", from_="2026-10-09"),),
        "refers_to_itself",
        "data.to",
    ),
    "a unit as its own parent": (
        (act("roster.unit_established", "u-x", name="某局", kind="department", parent="u-x"),),
        "refers_to_itself",
        "data.parent",
    ),
    "a number reserved twice": ((series(), reserved(12), reserved(12, "document/d-2")), "contradicts", "data.serial"),
    "a number reserved after it was voided": (
        (series(), reserved(12), voided(12), reserved(12, "document/d-2")),
        "contradicts",
        "data.serial",
    ),
    "a number voided twice": ((series(), voided(12), voided(12, "印错")), "already", "type"),
    "a number zero": ((series(), reserved(0)), "impossible_number", "data.serial"),
    "another year in a series": (
        (series(), act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2027)),
        "contradicts",
        "data.code",
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
    "a plan with an entry twice": ((plan("1", "1"),), "twice_in_one", "data.entries"),
    "taking out of a plan what is not in it": (
        (plan("1"), act("plan.changed", "pl-1", removed=["2"], reason="调整")),
        "never_asked",
        "data.removed",
    ),
    "a visit made after it was called off": (
        (visit(), act("visit.cancelled", "v-1", reason="天气"), act("visit.made", "v-1")),
        "contradicts",
        "type",
    ),
    "a visit called off after it was made": (
        (visit(), act("visit.made", "v-1"), act("visit.cancelled", "v-1", reason="天气")),
        "contradicts",
        "type",
    ),
    "two results for one unit": (
        (
            act(
                "supervision.assessment_made",
                "as-1",
                kind="performance",
                from_="2026-01-01",
                until="2026-06-30",
                results=[{"unit": "u-x", "result_text": "优"}, {"unit": "u-x", "result_text": "良"}],
            ),
        ),
        "twice_in_one",
        "data.results",
    ),
    "a holiday notice of another year": ((notice(year=2025),), "contradicts", "data.year"),
    "a day both off and worked": ((notice(workdays=["2026-10-01"]),), "contradicts", "data.workdays"),
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
