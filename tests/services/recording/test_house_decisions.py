"""What is impossible of roster, numbers, plans, visits, seals, calendars and settings: done, and refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from events.fact import AnyFact
from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from tests.services.recording.acts import NOW, Given, act, codes, imported


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


def unit(**data: Given) -> AnyFact:
    return act("roster.unit_established", "u-x", name="某局", kind="department", **data)


def series() -> AnyFact:
    return act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2026)


def reserved(serial: int, document: str = "document/d-1") -> AnyFact:
    return act("series.number_reserved", "s-1", serial=serial, document=document)


def voided(serial: int, reason: str = "停止印发") -> AnyFact:
    return act("series.number_voided", "s-1", serial=serial, reason=reason)


def plan(*entries: str) -> AnyFact:
    return act(
        "plan.adopted", "pl-1", kind="meetings", year=2026, unit="u-office",
        entries=[{"entry": one, "title": "全会", "unit": "u-office"} for one in entries],
    )  # fmt: skip


def plan_changed(at: str, *, added: Sequence[str] = (), removed: Sequence[str] = ()) -> AnyFact:
    entries = [{"entry": one, "title": "全会", "unit": "u-office"} for one in added]
    return act("plan.changed", "pl-1", at, removed=[*removed], added=entries, reason="调整")


def arranged() -> AnyFact:
    return act("roster.ab_arranged", "ab-1", ab_form="mutual", members=["p-li", "p-sun"], from_="2026-01-05")


def arrangement_ended(on: str, nth: int = 0) -> AnyFact:
    return act("roster.ab_arrangement_ended", "ab-1", ended_on=on, reason="分工调整", nth=nth)


def sealed(copies: int) -> tuple[AnyFact, AnyFact]:
    registered = act("seal.registered", "seal-1", kind="government", unit="u-gov")
    return registered, imported("seal.used", "seal-1", about="document/d-1", purpose_text="盖印", copies=copies)


def engine(from_sequence: int) -> AnyFact:
    return act(
        "setting.engine_adopted", "e-1", engine="0.2.0", from_sequence=from_sequence, differences=0, reason="升级"
    )


def waived(until: str) -> AnyFact:
    return imported("alert.waived", "al-1", "2026-10-09", reason="防汛期间", until=until)


def visit(*, nth: int = 0) -> AnyFact:
    return act(
        "visit.planned",
        "v-1",
        nth=nth,
        kind="research_trip",
        title="调研",
        host="u-office",
        from_="2026-10-08",
        until="2026-10-09",
    )


def assessed(*units: str) -> AnyFact:
    return act(
        "supervision.assessment_made",
        "as-1",
        kind="performance",
        from_="2026-01-01",
        until="2026-06-30",
        results=[{"unit": one, "result_text": "优"} for one in units],
    )


def notice(**data: Given) -> AnyFact:
    given = {"year": 2026, "number": "国办发明电〔2025〕7号", "days_off": ["2026-10-01"], "workdays": ["2026-10-10"]}
    return act("calendar.notice_adopted", "2026", **{**given, **data})


DONE: dict[str, Sequence[AnyFact]] = {
    "a post taken up, left and taken up again": (
        post(),
        appointed(),
        left(),
        appointed(from_="2026-09-01"),
        left(on="2026-10-01"),
    ),
    "taking up a post before it was abolished, recorded after that": (
        post(),
        act("roster.post_abolished", "post-1", "2026-09-01", reason="机构改革"),
        appointed(),
    ),
    "a unit under another, closed in favour of a third": (
        unit(parent="u-gov"),
        act("roster.unit_closed", "u-x", reason="机构改革", successor="u-land"),
    ),
    "numbers reserved with a gap": (series(), reserved(1), reserved(3), voided(1), voided(7)),
    "a plan changed, and changed again": (
        plan("1", "2"),
        plan_changed("2026-10-09", removed=["2"], added=["3"]),
        plan_changed("2026-10-10", removed=["1", "3"], added=["2"]),
    ),
    "an arrangement ended on its first day": (arranged(), arrangement_ended("2026-01-05")),
    "results of two units": (assessed("u-x", "u-y"),),
    "days off and workdays of a year": (notice(),),
    "settings that are kept": (
        act("setting.policy_adopted", "policy", sha256="ab" * 32, effective_on="2026-10-09", reason="试行"),
    ),
    "one impression of a seal": sealed(1),
    "an engine that judges from the first fact on": (engine(1),),
    "a waiver for the day on which it is given": (waived("2026-10-09"),),
    "a visit called off, planned anew and called off again": (
        visit(),
        act("visit.cancelled", "v-1", reason="天气"),
        visit(nth=1),
        act("visit.cancelled", "v-1", "2026-10-10", reason="天气"),
    ),
    "a local day off in a year whose notice nobody adopted": (
        act("calendar.local_day_declared", "2026", days=["2026-08-12"], effect="day_off", reason="台风"),
    ),
}


@pytest.mark.parametrize("facts", DONE.values(), ids=DONE)
def test_what_is_possible_is_recorded(facts: Sequence[AnyFact]) -> None:
    assert codes(*facts) == []


REFUSED: dict[str, tuple[Sequence[AnyFact], str, str]] = {
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
    "a unit as its own parent": ((unit(parent="u-x"),), "refers_to_itself", "data.parent"),
    "a unit closed in favour of itself": (
        (unit(), act("roster.unit_closed", "u-x", reason="机构改革", successor="u-x")),
        "refers_to_itself",
        "data.successor",
    ),
    "a unit closed twice": (
        (
            unit(),
            act("roster.unit_closed", "u-x", reason="机构改革", successor="u-land"),
            act("roster.unit_closed", "u-x", reason="机构改革", successor="u-water"),
        ),
        "already",
        "type",
    ),
    "a number reserved twice": ((series(), reserved(12), reserved(12, "document/d-2")), "contradicts", "data.serial"),
    "a number reserved after it was voided": (
        (series(), reserved(12), voided(12), reserved(12, "document/d-2")),
        "contradicts",
        "data.serial",
    ),
    "a number voided twice": ((series(), voided(12), voided(12, "印错")), "already", "type"),
    "a number zero": ((series(), reserved(0)), "impossible_number", "data.serial"),
    "a number zero voided": ((series(), voided(0)), "impossible_number", "data.serial"),
    "another year in a series": (
        (series(), act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2027)),
        "contradicts",
        "data.code",
    ),
    "a plan with an entry twice": ((plan("1", "1"),), "twice_in_one", "data.entries"),
    "taking out of a plan what is not in it": (
        (plan("1"), act("plan.changed", "pl-1", removed=["2"], reason="调整")),
        "never_asked",
        "data.removed",
    ),
    "adding to a plan an entry that a change added before": (
        (
            plan("1"),
            plan_changed("2026-10-09", added=["3"]),
            plan_changed("2026-10-10", added=["3"]),
        ),
        "twice_in_one",
        "data.added",
    ),
    "taking out of a plan what a change took out before": (
        (plan("1", "2"), plan_changed("2026-10-09", removed=["2"]), plan_changed("2026-10-10", removed=["2"])),
        "never_asked",
        "data.removed",
    ),
    "an arrangement ended before its first day": (
        (arranged(), arrangement_ended("2026-01-04")),
        "end_before_begin",
        "data.ended_on",
    ),
    "an arrangement ended twice": (
        (arranged(), arrangement_ended("2026-08-01"), arrangement_ended("2026-08-02")),
        "already",
        "type",
    ),
    "a series opened twice": (
        (series(), act("series.opened", "s-1", "2026-10-10", code="信府发", issuer="u-gov", year=2026)),
        "already",
        "type",
    ),
    "no impression of a seal": (sealed(0), "impossible_number", "data.copies"),
    "an engine that judges from before the first fact on": ((engine(0),), "impossible_number", "data.from_sequence"),
    "a waiver that lapsed before it was given": ((waived("2026-10-08"),), "end_before_begin", "data.until"),
    "a visit called off twice": (
        (visit(), act("visit.cancelled", "v-1", reason="天气"), act("visit.cancelled", "v-1", reason="改期")),
        "already",
        "type",
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
    "two results for one unit": ((assessed("u-x", "u-x"),), "twice_in_one", "data.results"),
    "a holiday notice of another year": ((notice(year=2025),), "contradicts", "data.year"),
    "a day both off and worked": ((notice(workdays=["2026-10-01"]),), "contradicts", "data.workdays"),
}


@pytest.mark.parametrize(("facts", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_impossible_is_refused_for_its_last_fact(facts: Sequence[AnyFact], code: str, field: str) -> None:
    assert codes(*facts) == [(len(facts) - 1, code, field)]


def test_settings_that_are_not_kept_are_not_adopted() -> None:
    adopted = act("setting.policy_adopted", "policy", sha256="ab" * 32, effective_on="2026-10-09", reason="试行")
    found = objections([adopted], {}, Known(now=NOW, keeps_policy=lambda _sha256: False))
    assert [(one.refusal.code, one.refusal.field) for one in found] == [("recording.policy_not_kept", "data.sha256")]


def test_whoever_reserves_a_number_again_is_told_for_what_it_is_reserved() -> None:
    (found,) = objections([series(), reserved(12), reserved(12, "document/d-2")], {}, Known(now=NOW))
    assert "reserved for document/d-1 on 2026-10-09" in found.refusal.en
