"""Each view over a short history, its rows compared whole: kept, corrected, recorded late, not recorded."""

from __future__ import annotations

from random import Random
from typing import Any

from events.fact import AnyFact
from projections.views.absences import ABSENCES
from projections.views.countersigns import COUNTERSIGNS
from projections.views.documents import DOCUMENTS
from projections.views.numbers import NUMBERS
from projections.views.overview import OVERVIEW
from projections.views.query import Query
from projections.views.tasks import TASKS
from projections.views.topics import TOPICS
from tests.projections.views.view_scene import ViewScene
from tests.rulebooks.kinds.histories import fact

INTERNAL: dict[str, Any] = {"classification": "internal"}


def annulled(wrong: AnyFact, number: int = 1) -> AnyFact:
    return fact("record.annulled", f"correction/c-{number}", "2026-12-01", wrong=str(wrong.id), reason="误录")


def corrected(wrong: AnyFact, right: AnyFact) -> AnyFact:
    data = {"wrong": str(wrong.id), "right": str(right.id), "reason": "误录"}
    return fact("record.corrected", "correction/c-9", "2026-12-02", **data)


def asked(case: str = "countersign/cs-1", at: str = "2026-09-28", **more: Any) -> AnyFact:  # noqa: ANN401  JSON values
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online", **more}
    return fact("countersign.requested", case, at, **{"departments": ["u-land", "u-finance"], **given})


def replied(unit: str, at: str, stance: str = "agree", case: str = "countersign/cs-1") -> AnyFact:
    return fact("countersign.replied", case, at, {"unit": unit}, department=unit, stance=stance)


def waiting(unit: str) -> dict[str, Any]:
    return {
        "countersign": "countersign/cs-1",
        "party": unit,
        "kind": "opinion",
        "about": "matter/m-1",
        "sponsor": "u-housing",
        "standing": "asked",
        "asked_at": "2026-09-28",
        **INTERNAL,
    }


def test_a_countersign_has_a_row_for_each_unit_until_it_answers(scene: ViewScene) -> None:
    assert scene.shown(COUNTERSIGNS, asked()) == {
        "countersign/cs-1|u-land": waiting("u-land"),
        "countersign/cs-1|u-finance": waiting("u-finance"),
    }
    assert scene.shown(COUNTERSIGNS, replied("u-land", "2026-09-30"))["countersign/cs-1|u-land"] == {
        **waiting("u-land"),
        "standing": "replied",
        "replied_at": "2026-09-30",
        "stance": "agree",
    }


def test_an_annulled_reply_leaves_the_unit_waiting_and_annulling_that_brings_it_back(scene: ViewScene) -> None:
    wrong = replied("u-land", "2026-09-30")
    struck = annulled(wrong)
    shown = scene.shown(COUNTERSIGNS, asked(departments=["u-land"]), wrong, struck)
    assert shown == {"countersign/cs-1|u-land": waiting("u-land")}
    shown = scene.shown(COUNTERSIGNS, annulled(struck, 2))
    assert shown["countersign/cs-1|u-land"]["standing"] == "replied"


def test_a_corrected_reply_counts_as_it_was_put_right(scene: ViewScene) -> None:
    wrong, right = replied("u-land", "2026-09-30"), replied("u-land", "2026-09-29", "object")
    shown = scene.shown(COUNTERSIGNS, asked(departments=["u-land"]), wrong, right, corrected(wrong, right))
    assert shown["countersign/cs-1|u-land"]["replied_at"] == "2026-09-29"
    assert shown["countersign/cs-1|u-land"]["stance"] == "object"


def test_material_sent_back_waits_again_once_it_is_complete_and_a_late_reply_stands_where_it_was(
    scene: ViewScene,
) -> None:
    case = "countersign/cs-1"
    returned = fact("countersign.materials_returned", case, "2026-09-29", department="u-land", missing=["附件"])
    received = fact("countersign.received", case, "2026-09-30", department="u-land", complete=True)
    closed = fact("countersign.closed", case, "2026-10-12", summary="已汇总")
    shown = scene.shown(COUNTERSIGNS, asked(departments=["u-land"]), returned, received)
    assert shown["countersign/cs-1|u-land"] == {
        **waiting("u-land"),
        "received_at": "2026-09-30",
        "returned_at": "2026-09-29",
        "complete": True,
    }
    assert scene.shown(COUNTERSIGNS, closed)["countersign/cs-1|u-land"]["standing"] == "unanswered"
    assert (
        scene.shown(COUNTERSIGNS, replied("u-land", "2026-10-10"))["countersign/cs-1|u-land"]["standing"] == "replied"
    )


def test_a_reply_whose_request_is_not_recorded_is_shown_with_what_is_known(scene: ViewScene) -> None:
    shown = scene.shown(COUNTERSIGNS, replied("u-land", "2026-09-30"))
    assert shown["countersign/cs-1|u-land"] == {
        "countersign": "countersign/cs-1",
        "party": "u-land",
        "standing": "replied",
        "stance": "agree",
        "replied_at": "2026-09-30",
        **INTERNAL,
    }


def proposed(case: str = "matter/m-1") -> AnyFact:
    given = {"title": "改造办法", "kind": "policy", "sponsor": "u-housing", "fields": ["construction"]}
    return fact("matter.proposed", case, "2026-09-01", **given)


def agenda(at: str, *matters: str, case: str = "meeting/zw-1") -> AnyFact:
    items = [{"item": number, "matter": one, "kind": "ordinary"} for number, one in enumerate(matters, 1)]
    return fact("meeting.agenda_approved", case, at, agenda=items)


def decided(at: str, outcome: str = "adopted") -> AnyFact:
    given = {"item": 1, "matter": "matter/m-1", "decision": "1.1", "outcome": outcome}
    return fact("meeting.decision_made", "meeting/zw-1", at, **given)


def test_a_topic_follows_its_matter_through_countersign_agenda_and_decision(scene: ViewScene) -> None:
    before = {
        "matter": "matter/m-1",
        "title": "改造办法",
        "kind": "policy",
        "standing": "proposed",
        "sponsor": "u-housing",
        "fields": ("construction",),
        "proposed_at": "2026-09-01",
        "asked": 0,
        "replied": 0,
    }
    assert scene.shown(TOPICS, proposed()) == {"matter/m-1": {**before, "changed_at": "2026-09-01", **INTERNAL}}
    shown = scene.shown(
        TOPICS, asked(at="2026-09-02"), replied("u-land", "2026-09-03"), agenda("2026-09-18", "matter/m-1")
    )
    on_agenda = {**before, "asked": 2, "replied": 1, "meeting": "meeting/zw-1", "item": 1, "standing": "on_agenda"}
    assert shown == {"matter/m-1": {**on_agenda, "changed_at": "2026-09-18", **INTERNAL}}
    after = {"standing": "decided", "outcome": "adopted", "decision": "1.1", "decided_at": "2026-09-22"}
    assert scene.shown(TOPICS, decided("2026-09-22")) == {
        "matter/m-1": {**on_agenda, **after, "changed_at": "2026-09-22", **INTERNAL}
    }


def test_a_topic_taken_off_the_agenda_stands_as_before_and_an_annulled_decision_is_none(scene: ViewScene) -> None:
    wrong = decided("2026-09-22")
    shown = scene.shown(TOPICS, proposed(), agenda("2026-09-18", "matter/m-1"), wrong, annulled(wrong))
    assert (shown["matter/m-1"]["standing"], "outcome" in shown["matter/m-1"]) == ("on_agenda", False)
    shown = scene.shown(TOPICS, agenda("2026-09-20", "matter/m-2"))
    assert (shown["matter/m-1"]["standing"], "meeting" in shown["matter/m-1"]) == ("proposed", False)
    assert shown["matter/m-2"]["standing"] == "on_agenda"


def test_a_document_goes_from_draft_to_number_and_its_number_stands_in_its_series(scene: ViewScene) -> None:
    given = {
        "title": "通知",
        "kind": "notice",
        "in_name_of": "government",
        "issuers": ["u-gov"],
        "drafter": "u-housing",
    }
    drafted = fact(
        "document.drafted",
        "document/d-1",
        "2026-09-01",
        direction="down",
        fields=["construction"],
        version="1",
        **given,
    )
    signed = fact("document.signed", "document/d-1", "2026-09-05", {"person": "p-head"}, level="district_head")
    dates = {"dated": "2026-09-05", "printed_on": "2026-09-07"}
    issued = fact(
        "document.issued", "document/d-1", "2026-09-07", number="信府发〔2026〕7号", channel="platform", **dates
    )
    common = {
        "document": "document/d-1",
        "title": "通知",
        "kind": "notice",
        "way": "outgoing",
        "from_unit": "u-housing",
    }
    assert scene.shown(DOCUMENTS, drafted, issued, signed) == {
        "document/d-1": {
            **common,
            "issuers": ("u-gov",),
            "held_by": "u-housing",
            "version": "1",
            "began_at": "2026-09-01",
            "signed_by": "p-head",
            "signed_at": "2026-09-05",
            "number": "信府发〔2026〕7号",
            **dates,
            "issued_at": "2026-09-07",
            "standing": "issued",
            "changed_at": "2026-09-07",
            **INTERNAL,
        }
    }
    number = {
        "number": "信府发〔2026〕7号",
        "place": "信府发〔2026〕000000007",
        "code": "信府发",
        "year": 2026,
        "serial": 7,
    }
    assert scene.shown(NUMBERS) == {
        "document/d-1|used|信府发〔2026〕7号": {
            **number,
            "use": "used",
            "document": "document/d-1",
            "at": "2026-09-07",
            **INTERNAL,
        }
    }
    assert scene.shown(NUMBERS, annulled(issued)) == {}


def test_an_item_of_the_supervision_ledger_is_done_only_once_the_check_confirms_it(scene: ViewScene) -> None:
    case = "task/t-1"
    issued = fact("instruction.issued", case, "2026-09-01", kind="assignment", content="整改", units=["u-housing"])
    extended = fact("instruction.extension_granted", case, "2026-09-20", until="2026-10-30")
    done = fact("instruction.completed", case, "2026-10-10", unit="u-housing", summary="已完成")
    refused = fact("instruction.verified", case, "2026-10-12", confirmed=False)
    shown = scene.shown(TASKS, issued, extended, done, refused)
    assert shown == {
        case: {
            "task": case,
            "content": "整改",
            "source": "assignment",
            "standing": "sent_back",
            "lead": "u-housing",
            "units": ("u-housing",),
            "issued_at": "2026-09-01",
            "limit_at": "2026-10-30",
            "reports": 0,
            "progress": "done",
            "latest": "已完成",
            "reminders": 0,
            "checked_at": "2026-10-12",
            "changed_at": "2026-10-12",
            **INTERNAL,
        }
    }
    shown = scene.shown(TASKS, annulled(refused))
    assert (shown[case]["standing"], shown[case]["completed_at"]) == ("reported_done", "2026-10-10")


def test_an_absence_is_shown_as_approved_and_as_it_was_changed_even_when_recorded_late(scene: ViewScene) -> None:
    case, span = "absence/a-1", {"from_": "2026-10-08", "until": "2026-10-10"}
    registered = fact(
        "absence.registered", case, "2026-09-20", person="p-d1", kind="business_trip", reason="公务", **span
    )
    changed = fact("absence.changed", case, "2026-10-01", from_="2026-10-09", until="2026-10-12", reason="改期")
    approved = fact("absence.approved", case, "2026-09-25", {"person": "p-head"}, **span)
    shown = scene.shown(ABSENCES, registered, changed, approved)
    assert shown == {
        case: {
            "absence": case,
            "person": "p-d1",
            "kind": "business_trip",
            "standing": "approved",
            "reason": "公务",
            "from_at": "2026-10-09",
            "until_at": "2026-10-12",
            "approved_at": "2026-09-25",
            "approved_by": "p-head",
            **INTERNAL,
        }
    }
    cancelled = fact("absence.cancelled", case, "2026-10-02", reason="取消")
    assert scene.shown(ABSENCES, cancelled)[case]["standing"] == "cancelled"


def test_the_overview_counts_by_month_and_takes_back_what_was_struck(scene: ViewScene) -> None:
    wrong = replied("u-land", "2026-10-09")
    shown = scene.shown(OVERVIEW, proposed(), asked(), wrong)
    assert shown == {
        "opinions_asked|2026-09|internal": {"measure": "opinions_asked", "month": "2026-09", "number": 2},
        "opinions_given|2026-10|internal": {"measure": "opinions_given", "month": "2026-10", "number": 1},
        "opinions_waiting|now|internal": {"measure": "opinions_waiting", "month": "now", "number": 1},
        "topics_proposed|2026-09|internal": {"measure": "topics_proposed", "month": "2026-09", "number": 1},
    }
    shown = scene.shown(OVERVIEW, annulled(wrong))
    assert {key: row["number"] for key, row in shown.items()} == {
        "opinions_asked|2026-09|internal": 2,
        "opinions_waiting|now|internal": 2,
        "topics_proposed|2026-09|internal": 1,
    }


def test_a_number_too_long_to_be_searched_by_is_cut_and_keeps_no_other_fact_from_its_row(scene: ViewScene) -> None:
    dates = {"dated": "2026-09-05", "printed_on": "2026-09-07", "channel": "platform"}
    long = "".join(Random(1).choices([chr(one) for one in range(0x4E00, 0x9FA0)], k=9_000))
    numbers = {"document/d-1": long, "document/d-2": "信府发〔2026〕7号"}
    issued = [fact("document.issued", case, "2026-09-07", number=one, **dates) for case, one in numbers.items()]
    shown = scene.shown(DOCUMENTS, *issued)
    cut = f"{long[:240]}…"
    assert {key: row["number"] for key, row in shown.items()} == {**numbers, "document/d-1": cut}
    found = scene.ask("documents", Query(filters={"number": (cut,)}))
    assert [row["document"] for row in found.rows] == ["document/d-1"]
    entered = scene.ask("numbers", Query()).rows
    assert {row["document"]: row["number"] for row in entered} == {**numbers, "document/d-1": cut}
