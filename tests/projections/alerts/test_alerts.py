"""The life of alerts: every step that the facts, the passing of time and people bring about, and nothing twice."""

from __future__ import annotations

from uuid import uuid4

from msgspec.structs import replace

from events.alert import AlertDueMoved, AlertEscalated, AlertRaised, AlertWithdrawn
from events.fact import AnyFact
from projections.alerts.identity import alert_id, transition_id
from tests.projections.desk import Desk, steps
from tests.rulebooks.kinds.histories import fact, leaders, partners, post, rule

REPLY = rule("""
kind: deadline
opens: countersign.requested
per: trigger.departments
when: [{path: trigger.kind, is: opinion}]
due: {within: {n: 5, unit: working_day}}
instead: [{fact: countersign.extension_agreed, where: [{path: it.department, same_as: party}], value: it.until}]
closes: [{fact: countersign.replied, where: [{path: it.department, same_as: party}]}]
on_expiry: deemed_no_objection
""")
PARTNERS = rule("""
kind: absence
on: absence.registered
of: executive
partners: {overlap: false}
""")
CASE = "countersign/cs-1"
DUE = "2026-10-10"
ASKED = fact(
    "countersign.requested",
    CASE,
    "2026-09-28",
    kind="opinion",
    about="matter/m-1",
    sponsor="u-housing",
    departments=["u-land"],
    form="online",
)
LAND = [
    fact("roster.unit_established", "unit/u-land", "2024-01-02", name="自然资源局", kind="department"),
    *post("p-land", "unit_head", "u-land"),
    *post("p-odir", "office_director", "u-office"),
]


def replied(at: str) -> AnyFact:
    return fact("countersign.replied", CASE, at, {"unit": "u-land"}, department="u-land", stance="agree")


def extended(until: str, at: str = "2026-10-12") -> AnyFact:
    return fact("countersign.extension_agreed", CASE, at, department="u-land", until=until)


def annulled(wrong: AnyFact, at: str = "2026-10-20") -> AnyFact:
    return fact("record.annulled", "correction/c-1", at, wrong=str(wrong.id), reason="误录")


def overdue() -> Desk:
    desk = Desk(REPLY)
    desk.record(ASKED)
    desk.reach(DUE)
    return desk


def test_what_is_open_or_kept_raises_nothing() -> None:
    desk = Desk(REPLY)
    assert desk.record(ASKED) == []
    assert desk.record(replied("2026-10-09")) == []
    assert desk.reach("2027-01-01") == []


def test_what_cannot_be_determined_raises_nothing() -> None:
    desk = Desk(REPLY)
    assert desk.record(replace(ASKED, origin="imported")) + desk.reach("2026-12-31") == []
    assert [judgement.state for _, judgement in desk.watch.standing()] == ["not_determinable"]


def test_a_forecast_that_came_without_a_record_of_leaving_stays_a_forecast() -> None:
    desk = Desk(PARTNERS)
    desk.record(*plans())
    assert desk.reach("2026-03-20") == []
    assert [alert.standing for alert in desk.book.alerts()] == ["forecast"]


def test_an_expired_limit_is_raised_by_the_clock_with_its_proof() -> None:
    desk = Desk(REPLY)
    desk.record(*LAND, ASKED)
    assert desk.reach("2026-10-09") == []
    assert desk.reach(DUE) == ["raised"]
    (raised,) = desk.life
    data = raised.data
    assert isinstance(data, AlertRaised)
    assert (data.rule, data.rulebook, data.rulebook_sha256, data.article) == (
        "test/1.1-rule",
        "rulebook/test-2020",
        "9f2c",
        "1.1",
    )
    assert (data.severity, data.modality, data.urgency, data.finding) == ("breach", "must", "high", "violated")
    assert (data.about, data.party, data.responsible_units) == (CASE, "u-land", ("u-land",))
    assert (str(data.opened_at), str(data.due_at), data.provisional) == ("2026-09-28", DUE, False)
    assert (data.trigger, data.facts, data.calendar) == (ASKED.id, (ASKED.id,), ("calendar/2026",))
    assert data.judged_through == len(LAND) + 3
    assert raised.occurred_at.day.isoformat() == DUE
    assert (raised.origin, raised.actor.unit) == ("watch", "u-watch")
    assert "2026-10-10 届满仍无记录" in data.say.zh
    assert "nothing was recorded by 2026-10-10" in data.say.en


def test_the_ids_follow_from_the_alert_the_step_and_the_cause() -> None:
    desk = overdue()
    ((_, judgement),) = desk.watch.standing()
    alert = alert_id("xinzhou", "test/1.1-rule", judgement)
    assert desk.only_alert() == alert
    assert desk.life[0].id == transition_id(alert, "raised", 2)


def test_a_reply_after_the_due_day_resolves_the_alert() -> None:
    desk = overdue()
    late = replied("2026-10-12")
    assert desk.record(late) == ["resolved"]
    assert desk.reach("2027-01-01") == []


def test_a_late_reply_that_is_known_before_the_clock_raises_and_resolves_at_once() -> None:
    desk = Desk(REPLY)
    assert desk.record(ASKED, replied("2026-10-12")) == ["raised", "resolved"]
    assert desk.reach("2027-01-01") == []


def test_a_reply_recorded_late_but_given_in_time_withdraws_the_alert_and_says_why() -> None:
    desk = overdue()
    reply = replied("2026-10-09")
    assert desk.record(reply) == ["withdrawn"]
    data = desk.life[-1].data
    assert isinstance(data, AlertWithdrawn)
    assert data.facts[0] == reply.id
    assert data.reason == "记录现已表明按规定办理 / the record now shows that this was kept"


def test_when_the_reply_is_annulled_the_withdrawn_alert_is_reopened() -> None:
    desk = overdue()
    reply = replied("2026-10-09")
    desk.record(reply)
    assert desk.record(annulled(reply)) + desk.reach("2026-10-21") == ["reopened"]


def test_when_the_late_reply_is_annulled_the_resolved_alert_is_reopened() -> None:
    desk = overdue()
    reply = replied("2026-10-12")
    desk.record(reply)
    assert desk.record(annulled(reply)) + desk.reach("2026-10-21") == ["reopened"]


def test_when_the_request_is_annulled_the_alert_is_withdrawn() -> None:
    desk = overdue()
    assert desk.record(annulled(ASKED)) == ["withdrawn"]


def test_an_extension_that_is_over_too_moves_the_due_day() -> None:
    desk = overdue()
    desk.reach("2026-10-15")
    assert desk.record(extended("2026-10-13")) + desk.reach("2026-10-15") == ["due_moved"]
    data = desk.life[-1].data
    assert isinstance(data, AlertDueMoved)
    assert str(data.due_at) == "2026-10-13"


def test_an_extension_that_still_runs_withdraws_the_alert_until_it_ends() -> None:
    desk = overdue()
    assert desk.record(extended("2026-10-16")) == ["withdrawn"]
    assert desk.reach("2026-10-15") == []
    assert desk.reach("2026-10-16") == ["reopened"]


def test_a_waiver_silences_an_alert_until_it_lapses() -> None:
    desk = overdue()
    assert desk.record(desk.people("waived", "2026-10-12", reason="上级统一延后", until="2026-10-30")) == []
    assert desk.reach("2026-10-30") == []
    assert desk.reach("2026-10-31") == ["reopened"]


def test_what_is_kept_while_waived_is_withdrawn() -> None:
    desk = overdue()
    desk.record(desk.people("waived", "2026-10-12", reason="上级统一延后"))
    assert desk.record(replied("2026-10-09")) == ["withdrawn"]


def test_the_ladder_tells_the_holder_then_the_leader_in_charge_then_the_head_of_the_office() -> None:
    desk = Desk(REPLY)
    divided = fact(
        "roster.work_divided",
        "division/gov",
        "2024-01-02",
        unit="u-gov",
        effective_on="2024-01-02",
        portfolios=[{"person": "p-2", "fields": ["land"], "units": ["u-land"]}],
    )
    desk.record(*leaders(3), *LAND, divided, ASKED)
    assert desk.reach("2026-10-11") == ["raised"]
    assert desk.reach("2027-01-01") == ["escalated", "escalated", "escalated"]
    told = [one.data for one in desk.life if isinstance(one.data, AlertEscalated)]
    assert [(one.step, one.to_persons) for one in told] == [(1, ("p-land",)), (2, ("p-2",)), (3, ("p-odir",))]
    days = [one.occurred_at.day.isoformat() for one in desk.life[1:]]
    assert days == ["2026-10-12", "2026-10-14", "2026-10-16"]


def test_nobody_is_told_when_the_roster_names_nobody() -> None:
    assert overdue().reach("2027-01-01") == []


def test_who_takes_note_and_promises_a_day_holds_the_ladder_until_then() -> None:
    desk = Desk(REPLY)
    desk.record(*LAND, ASKED)
    desk.reach(DUE)
    desk.record(desk.people("acknowledged", "2026-10-12", until="2026-10-20"))
    assert desk.reach("2026-10-19") == []
    assert desk.reach("2026-10-20") == ["escalated", "escalated", "escalated"]


def test_a_resolved_alert_climbs_no_further() -> None:
    desk = Desk(REPLY)
    desk.record(*LAND, ASKED)
    desk.reach("2026-10-12")
    desk.record(replied("2026-10-13"))
    assert desk.reach("2027-01-01") == []


def registered(case: str, person: str, since: str, until: str) -> AnyFact:
    given = {"kind": "annual_leave", "reason": "休假", "from": since, "until": until}
    return fact("absence.registered", f"absence/{case}", "2026-03-01", person=person, **given)


def plans() -> list[AnyFact]:
    first, second = (
        registered("a", "p-2", "2026-03-09", "2026-03-13"),
        registered("b", "p-3", "2026-03-12", "2026-03-16"),
    )
    return [*leaders(4), partners("p-2", "p-3"), first, second]


def test_plans_that_overlap_are_a_forecast_and_raised_again_once_both_are_away() -> None:
    desk = Desk(PARTNERS)
    assert desk.record(*plans()) == ["raised"]
    desk.reach("2026-03-08")
    left = [fact("absence.departed", f"absence/{case}", at) for case, at in (("a", "2026-03-09"), ("b", "2026-03-12"))]
    assert desk.record(*left) + desk.reach("2026-03-13") == ["raised"]
    found = [one.data.finding for one in desk.life if isinstance(one.data, AlertRaised)]
    assert found == ["forecast", "violated"]


def test_a_forecast_that_is_called_off_is_withdrawn() -> None:
    desk = Desk(PARTNERS)
    desk.record(*plans())
    assert desk.record(fact("absence.cancelled", "absence/b", "2026-03-05", reason="改期")) == ["withdrawn"]


def test_the_same_history_gives_the_same_alert_facts() -> None:
    history = [*LAND, ASKED, replied("2026-10-12")]
    first, second = Desk(REPLY), Desk(REPLY)
    for desk in (first, second):
        desk.record(*history[:-1])
        desk.reach("2026-10-11")
        desk.record(history[-1])
    assert first.life == second.life
    assert len({one.id for one in first.life}) == len(first.life)


def test_alert_facts_of_the_watch_itself_change_nothing() -> None:
    desk = overdue()
    made = list(desk.life)
    assert desk.record(*made) == []


def test_what_people_record_of_an_unknown_alert_changes_nothing() -> None:
    desk = overdue()
    unknown = fact("alert.acknowledged", f"alert/{uuid4()}", "2026-10-12", until="2026-10-20")
    assert desk.record(unknown, fact("alert.acknowledged", "alert/没有", "2026-10-12")) == []
    assert steps(desk.life) == ["raised"]
